"""Addresses of one's presence, the same on both sides."""

from django.urls import path

from conversations.views import presence

app_name = "presence"

urlpatterns = [
    path("", presence.choose, name="choose"),
    path("beat/", presence.beat, name="beat"),
]
