"""What a browser asks for before it puts a host on the home screen."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from config.assets.icons import ICONS
from config.installing import colours
from tenants.accounts.access import open_to_all

SHORT = 12  # letters that stand below an icon
OFFLINE_SHEETS = ("css/tokens.css", "css/hues.css", "css/base.css", "css/layout.css", "css/pages/entrance.css")
OFFLINE_PARTS = ("css/components/buttons.css", "css/components/surfaces.css")


@require_GET
@never_cache
@open_to_all
def manifest(request: HttpRequest) -> JsonResponse:
    """The host as an app: its own name and colour, so that two companies are two apps."""
    company, agency = getattr(request, "company", None), getattr(request, "agency", None)
    name = str(company or agency or "Balie")
    start = "/inbox/" if company else "/desk/"
    return JsonResponse(
        {
            "id": "/",
            "name": name,
            "short_name": name if len(name) <= SHORT else name[: SHORT - 1].rstrip() + "…",
            "description": _("Customer service on WhatsApp"),
            "lang": get_language(),
            "start_url": start,
            "scope": "/",
            "display": "standalone",
            "theme_color": colours.of_hue(company.hue if company else 0),
            "background_color": colours.PAPER,
            "icons": [_icon(icon.name, icon.pixels, icon.purpose) for icon in ICONS if icon.purpose],
        },
        content_type="application/manifest+json",
    )


@require_GET
@never_cache
@open_to_all
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; at the root, since its address is its reach."""
    kept = [static(name) for name in (*OFFLINE_SHEETS, *OFFLINE_PARTS)]
    return render(request, "installing/worker.js", {"kept": kept}, content_type="text/javascript")


@require_GET
@never_cache
@open_to_all
def offline(request: HttpRequest) -> HttpResponse:
    """The only page that a browser keeps: it says that there is no connection, and holds nothing of anybody."""
    return render(request, "installing/offline.html", {"sheets": (*OFFLINE_SHEETS, *OFFLINE_PARTS)})


def _icon(name: str, pixels: int, purpose: str) -> dict[str, Any]:
    return {"src": static(f"build/{name}"), "sizes": f"{pixels}x{pixels}", "type": "image/png", "purpose": purpose}
