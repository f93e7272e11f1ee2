"""Addresses that both sides have: accounts, and what load balancers and Prometheus ask."""

from django.conf import settings
from django.urls import include, path

from config import health, metrics
from config.installing import views as installing
from config.styles import styles

urlpatterns = [
    path("accounts/", include("tenants.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.worker, name="worker"),
    path("offline/", installing.offline, name="offline"),
    path("metrics", metrics.metrics, name="metrics"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]

if settings.DEBUG:
    urlpatterns.append(path("styles/", styles, name="styles"))
