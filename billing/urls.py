"""Addresses of billing on a company's host."""

from django.urls import path

from billing.views import usage

app_name = "billing"

urlpatterns = [
    path("billing/", usage.month, name="month"),
    path("billing/<int:year>/<int:number>/", usage.month, name="earlier-month"),
    path("billing/<int:year>/<int:number>/export/", usage.export, name="export"),
]
