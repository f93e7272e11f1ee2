"""Words about people: presence, languages, pauses."""

from collections.abc import Iterable
from uuid import UUID

from django import template
from django.http import QueryDict

from conversations import people_words
from tenants.accounts.models import Presence

register = template.Library()

register.filter("pause_reason", people_words.pause_reason)
register.filter("language_name", people_words.language_name)
register.filter("floor_words", people_words.floor_words)
register.filter("floor_state", people_words.floor_state)
register.filter("language_names", people_words.language_names)


@register.filter
def sorted_words(words: Iterable[str]) -> list[str]:
    return sorted(words)


@register.filter
def pauses(_nothing: str) -> list[tuple[str, str]]:
    """The reasons to pause that are offered."""
    return [(value, str(name)) for value, name in people_words.PAUSES.items()]


@register.filter
def presences(_nothing: str) -> list[tuple[str, str]]:
    """What one may be, with its word."""
    return [(str(one.value), str(one.label)) for one in Presence]


@register.filter
def presence_name(presence: str) -> str:
    return str(Presence(presence).label) if presence in Presence.values else presence


@register.filter
def field_to(pk: UUID) -> str:
    """The name of the field that says where a conversation goes at the end of a shift."""
    return f"{pk}-to"


@register.filter
def target(pk: UUID, kind: str) -> str:
    """What the form sends for a person or a team that it goes to."""
    return f"{kind}:{pk}"


@register.filter
def field_note(pk: UUID) -> str:
    """The name of the field with the note that goes along."""
    return f"{pk}-note"


@register.filter
def typed(posted: QueryDict, field: str) -> str:
    """What somebody typed or chose on the page that comes again."""
    return posted.get(field, "")


@register.filter
def id_to(pk: UUID) -> str:
    return f"to-{pk}"
