"""Addresses on an agency's host."""

from django.urls import include, path

urlpatterns = [
    path("clients/<uuid:company_id>/connecting/", include("conversations.views.connecting_urls_agency")),
    path("desk/", include("conversations.views.desk.urls")),
    path("desk/", include("conversations.views.desk.urls_inbox")),
    path("", include("conversations.views.agency.urls")),
    path("presence/", include("conversations.views.presence_urls")),
    path("", include("config.urls_both")),
]
