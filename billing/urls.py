"""Addresses of billing on a company's host."""

from django.urls import path

from billing.views import estimates, usage

app_name = "billing"

urlpatterns = [
    path("billing/", usage.month, name="month"),
    path("billing/estimate/", estimates.estimate, name="estimate"),
    path("billing/template-prices/", estimates.template_price, name="template_price"),
    path("billing/<int:year>/<int:number>/", usage.month, name="earlier-month"),
    path("billing/<int:year>/<int:number>/export/", usage.export, name="export"),
]
