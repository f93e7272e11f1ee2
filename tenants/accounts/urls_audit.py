"""Addresses of the audit trail on a company's host."""

from django.urls import path

from tenants.accounts.views import audit

app_name = "audit"

urlpatterns = [
    path("audit/", audit.trail, name="trail"),
    path("audit/export/", audit.export, name="export"),
    path("audit/check/", audit.check, name="check"),
]
