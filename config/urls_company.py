"""Addresses on a company's host."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView

from config import health, metrics
from config.styles import styles
from tenants.accounts.access import open_to_all
from tenants.accounts.views.policy import edit_policy

urlpatterns = [
    path("", open_to_all(RedirectView.as_view(url="/inbox/")), name="home"),
    path("", include("conversations.views.agency.urls_client")),
    path("settings/sign-in/", edit_policy, name="sign-in-policy"),
    path("", include("conversations.views.admin.urls")),
    path("", include("billing.urls")),
    path("", include("privacy.urls")),
    path("", include("tenants.accounts.urls_audit")),
    path("accounts/", include("tenants.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/", include("conversations.api.urls")),
    path("", include("conversations.urls")),
    path("metrics", metrics.metrics, name="metrics"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]

if settings.DEBUG:
    urlpatterns.append(path("styles/", styles, name="styles"))
