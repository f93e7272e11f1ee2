"""Addresses on an agency's host."""

from django.urls import include, path

urlpatterns = [
    path("", include("conversations.views.agency.urls")),
    path("", include("config.urls_both")),
]
