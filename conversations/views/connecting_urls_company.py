"""Connecting on a company's host."""

from conversations.views.connecting_sides import at_company
from conversations.views.connecting_urls import patterns

app_name = "connecting"
urlpatterns = patterns(at_company)
