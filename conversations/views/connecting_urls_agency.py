"""Connecting on an agency's host, for one of its clients."""

from conversations.views.connecting_sides import at_agency
from conversations.views.connecting_urls import patterns

app_name = "connecting"
urlpatterns = patterns(at_agency)
