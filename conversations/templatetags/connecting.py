"""What the pages of connecting say: addresses of their side, and details of steps in words."""

from typing import Any
from uuid import UUID

from django import template
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from conversations.models import PhoneNumber
from conversations.views.connecting_forms import REGIONS
from conversations.views.connecting_sides import Side

register = template.Library()


@register.simple_tag
def url_of(side: Side, name: str, *args: UUID | str) -> str:
    """An address of these pages on the side's own host."""
    return side.url(name, *args)


@register.filter
def number_url(side: Side, number: PhoneNumber) -> str:
    """Where one came from: the number's settings, or the agency's connections."""
    return side.number_url(number)


@register.filter
def region_name(code: str) -> str:
    """A storage region in words."""
    return str(dict(REGIONS).get(code, code))


@register.filter
def method_name(method: str) -> str:
    """How a number is connected, in words."""
    return str(METHODS[method]()) if method in METHODS else method


@register.filter
def facts_of(details: dict[str, Any]) -> list[tuple[str, str]]:
    """The small facts of a step as pairs of words; what has no words is not shown."""
    return [(str(NAMES[name]()), _value(name, value)) for name, value in details.items() if name in NAMES and value]


METHODS = {
    "signup": lambda: _("in Meta's window"),
    "by_hand": lambda: _("by hand"),
    "sandbox": lambda: _("sandbox"),
    "coexistence": lambda: _("stays on the phone app"),
    "reconnect": lambda: _("again"),
}
NAMES = {
    "account": lambda: _("Account"),
    "app": lambda: _("App"),
    "currency": lambda: _("Currency"),
    "expires_at": lambda: _("Valid until"),
    "left_at": lambda: _("Left at"),
    "missing": lambda: _("Missing"),
    "name": lambda: _("Name"),
    "number": lambda: _("Number"),
    "region": lambda: _("Region"),
    "said": lambda: _("WhatsApp said"),
    "scopes": lambda: _("Permissions"),
    "code": lambda: _("Code of the error"),
}


def _value(name: str, value: Any) -> str:
    if name == "expires_at" and (moment := parse_datetime(str(value))):
        return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    if name == "region":
        return region_name(str(value))
    if name == "left_at":
        return str(value).replace("_", " ").capitalize()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
