"""Addresses on a company's host that agency staff use."""

from django.urls import path

from conversations.views.agency import entering

app_name = "staff"

urlpatterns = [
    path("enter/<str:token>/", entering.redeem, name="redeem"),
    path("switcher/", entering.doors, name="doors"),
]
