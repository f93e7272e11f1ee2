"""The places of the rail: where a person may go on each side, in one table."""

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.accounts.models import User
from tenants.accounts.roles import Permission


@dataclass(frozen=True)
class Place:
    """One door of the rail. ``permission`` None: open to everybody of that side."""

    path: str
    name: str | Promise
    icon: str
    permission: Permission | None = None
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        return (
            path.startswith((self.path, *self.also)) if self.path != "/" else path == "/" or path.startswith(self.also)
        )


COMPANY = (
    Place("/inbox/", _("Inbox"), "inbox", Permission.INBOX_VIEW),
    Place("/search/", _("Search"), "search", Permission.INBOX_VIEW),
    Place("/contacts/", _("Contacts"), "contact-round", Permission.CONTACT_VIEW),
    Place(
        "/knowledge/",
        _("Knowledge"),
        "book-open",
        Permission.INBOX_VIEW,
        ("/notices/", "/settings/briefing/", "/settings/replies/"),
    ),
    Place("/floor/", _("Floor"), "users", Permission.FLOOR_VIEW),
    Place("/templates/", _("Templates"), "layout-template", Permission.TEMPLATES_MANAGE),
    Place("/dashboard/", _("Dashboard"), "chart-column", Permission.DASHBOARD_VIEW),
    Place("/numbers/", _("Numbers"), "smartphone", Permission.NUMBERS_VIEW, ("/connecting/",)),
    Place("/privacy/", _("Privacy"), "shield-check", Permission.PRIVACY_VIEW, ("/audit/",)),
    Place("/billing/", _("Billing"), "receipt-text", Permission.BILLING_VIEW),
    Place("/settings/", _("Settings"), "settings", Permission.KNOWLEDGE_MANAGE, ("/people/", "/api-keys/")),
)
AGENCY = (
    Place("/desk/", _("Desk"), "inbox"),
    Place("/", _("Clients"), "building-2", also=("/clients/",)),
    Place("/floor/", _("Floor"), "layout-grid"),
    Place("/staff/", _("Staff"), "users"),
)


@lru_cache(maxsize=64)
def _leads_somewhere(path: str, urlconf: str | None) -> bool:
    try:
        resolve(path, urlconf)
    except Resolver404:
        return False
    return True


def places_of(request: HttpRequest) -> list[Place]:
    """The doors that are there and that the person's role opens."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return []
    if getattr(request, "company", None) is None:
        return [place for place in AGENCY if _leads_somewhere(place.path, getattr(request, "urlconf", None))]
    return [
        place
        for place in COMPANY
        if (place.permission is None or user.may(place.permission)) and _leads_somewhere(place.path, None)
    ]


def place_of(request: HttpRequest) -> Place | None:
    """The door that the request's page lies behind."""
    table = AGENCY if getattr(request, "company", None) is None else COMPANY
    return next((place for place in table if place.holds(request.path)), None)
