"""The page that shows every component in every state. It exists in development only (DEBUG)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tenants.accounts.access import open_to_all
from tenants.models.company import HUES

PARTS = ("hues", "controls", "fields", "labels", "surfaces", "table", "empty", "queue", "thread", "composer")
STATES = ("queued", "sending", "unknown", "accepted", "sent", "failed", "delivered", "read", "played")


@open_to_all
@require_GET
def styles(request: HttpRequest) -> HttpResponse:
    context = {"hues": range(1, HUES + 1), "states": STATES, "themes": ("light", "dark"), "parts": PARTS}
    return render(request, "styles/index.html", context)
