"""Addresses on a company's host."""

from django.urls import include, path

from config import health

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("api/", include("conversations.api.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
