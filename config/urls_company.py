"""Addresses on a company's host."""

from django.urls import include, path
from django.views.generic import RedirectView

from tenants.accounts.access import open_to_all
from tenants.accounts.views.policy import edit_policy

urlpatterns = [
    path("", open_to_all(RedirectView.as_view(url="/inbox/")), name="home"),
    path("", include("conversations.urls")),
    path("", include("conversations.views.template_pages.urls")),
    path("", include("conversations.views.briefing.urls")),
    path("", include("conversations.views.agency.urls_client")),
    path("settings/sign-in/", edit_policy, name="sign-in-policy"),
    path("settings/", include("conversations.views.settings.urls")),
    path("", include("conversations.views.admin.urls")),
    path("", include("conversations.views.public.urls")),
    path("", include("conversations.views.floor_urls")),
    path("presence/", include("conversations.views.presence_urls")),
    path("connecting/", include("conversations.views.connecting_urls_company")),
    path("numbers/", include("conversations.views.numbers.urls")),
    path("", include("billing.urls")),
    path("", include("privacy.urls")),
    path("", include("tenants.accounts.urls_audit")),
    path("api/", include("conversations.api.urls")),
    path("", include("config.urls_both")),
]
