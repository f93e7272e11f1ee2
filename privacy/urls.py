"""Addresses of privacy on a company's host."""

from django.urls import path

from privacy.views import agreements, overview, retention

app_name = "privacy"

urlpatterns = [
    path("privacy/", overview.overview, name="overview"),
    path("privacy/runs/", overview.runs, name="runs"),
    path("privacy/agreements/new/", agreements.record, name="record-agreement"),
    path("privacy/agreements/end/", agreements.end, name="end-agreement"),
    path("privacy/agreements/<uuid:agreement_id>/file/", agreements.download, name="agreement-file"),
    path("privacy/retention/<slug:kind>/", retention.edit, name="retention"),
    path("privacy/retention/<slug:kind>/reset/", retention.reset, name="reset-retention"),
]
