"""Which side a request is for: a company's host, an agency's host, or nobody's (a bare 404)."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from tenants.context import in_public, inside
from tenants.models import Agency, AgencyHost, ClientCompany, Domain

CACHE_SECONDS = 30.0
CACHE_SIZE = 10_000
HEALTH_PATHS = {"/healthz", "/readyz", "/metrics"}

Handler = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Side:
    """Where a host leads: exactly one of both is set."""

    agency: Agency | None = None
    company: ClientCompany | None = None


_sides: dict[str, tuple[float, Side]] = {}
_lock = threading.Lock()


def find_side(host: str) -> Side | None:
    """The side of a host name without port; known ones are remembered for half a minute, unknown ones never."""
    found = _sides.get(host)
    if found and found[0] > time.monotonic():
        return found[1]
    side = _look_up(host)
    if side is not None:
        with _lock:
            if len(_sides) >= CACHE_SIZE:
                _sides.clear()
            _sides[host] = (time.monotonic() + CACHE_SECONDS, side)
    return side


def host_of(request: HttpRequest) -> str:
    """The host name that was asked for, in small letters and without port."""
    name, colon, port = str(request.META.get("HTTP_HOST", "")).rpartition(":")
    return (name if colon and port.isdecimal() else name + colon + port).lower().rstrip(".")


def forget_sides() -> None:
    """Forget what this process remembers (a company was created, renamed or removed)."""
    with _lock:
        _sides.clear()


def _look_up(host: str) -> Side | None:
    domain = Domain.objects.select_related("tenant__agency").filter(domain=host).first()
    if domain is not None:
        return Side(company=domain.tenant)
    agency_host = AgencyHost.objects.select_related("agency").filter(host=host).first()
    return Side(agency=agency_host.agency) if agency_host else None


class HostMiddleware:
    """Enters the company's schema, or stays public for an agency, and comes back whatever happens."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with in_public():
            if request.path_info in HEALTH_PATHS:
                return self.answer(request, Side())
            side = find_side(host_of(request))
            return HttpResponseNotFound() if side is None else self.answer(request, side)

    def answer(self, request: HttpRequest, side: Side) -> HttpResponse:
        request.agency, request.company = side.agency, side.company  # type: ignore[attr-defined]
        if side.company is None:
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            return self.get_response(request)
        with inside(side.company.schema_name):
            return self.get_response(request)
