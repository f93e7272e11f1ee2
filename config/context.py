"""What every page knows: whose it is, and where the live stream is."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "company": getattr(request, "company", None),
        "agency": getattr(request, "agency", None),
        "live_url": settings.LIVE_URL,
    }
