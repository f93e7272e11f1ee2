"""What every page knows: whose it is, where a person may go, and where the live stream is."""

from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from config.installing import colours
from config.places import place_of, places_of
from conversations.views import presence
from tenants.accounts.models import User
from tenants.addresses import address_of


def page(request: HttpRequest) -> dict[str, Any]:
    company, agency = getattr(request, "company", None), getattr(request, "agency", None)
    return {
        "company": company,
        "agency": agency,
        "side_name": str(company or agency or "Balie"),
        "side_colour": colours.of_hue(company.hue if company else 0),
        "live_url": settings.LIVE_URL,
        "agency_door": SimpleLazyObject(lambda: _agency_door(request)),
        "places": SimpleLazyObject(lambda: places_of(request)),
        "place": SimpleLazyObject(lambda: place_of(request)),
        "stand": SimpleLazyObject(lambda: presence.stand_of(cast(User, request.user))),
        "languages": settings.LANGUAGES,
    }


def _agency_door(request: HttpRequest) -> str:
    """On a company's host: where its agency's people come in, to the page that was asked for."""
    company = request.company  # type: ignore[attr-defined]
    address, place = address_of(company.agency), request.GET.get("next", "")
    onward = f"?next={quote(place, safe='/')}" if place else ""
    return f"{address}/clients/{company.pk}/enter/{onward}" if address else ""
