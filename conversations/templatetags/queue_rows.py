"""What the rows of the queue say beside name and last line: promise, hold, labels."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.models import Conversation, Label
from conversations.services import labels, queue

register = template.Library()

LAST_QUARTER = 25  # percent of the time that is left
HOLD_ICONS = {"snoozed": "alarm-clock", "customer": "hourglass", "client": "building-2"}


@dataclass(frozen=True, slots=True)
class ShownPromise:
    """A promise as a ring: percent left, running, last-quarter or broken, and the same in words."""

    left: int
    state: str
    words: str


@register.filter
def promise_of(row: Conversation) -> ShownPromise | None:
    """What is left of the promise to somebody who waits."""
    if row.waiting_since is None or row.due_at is None or row.status == Conversation.Status.CLOSED:
        return None
    now = timezone.now()
    if row.due_at <= now:
        return ShownPromise(0, "broken", _("Promise broken %(time)s ago") % {"time": _span(now - row.due_at)})
    whole = max((row.due_at - row.waiting_since).total_seconds(), 1)
    left = min(100, round(100 * (row.due_at - now).total_seconds() / whole))
    state = "last-quarter" if left <= LAST_QUARTER else "running"
    return ShownPromise(left, state, _("Promised within %(time)s") % {"time": _span(row.due_at - now)})


def _span(time: timedelta) -> str:
    """Minutes up to two hours, hours up to two days, then days."""
    minutes = max(1, round(time.total_seconds() / 60))
    if minutes < 120:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}


@register.filter
def hold_icon(hold: str) -> str:
    return HOLD_ICONS.get(hold, "clock")


@register.filter
def labels_of(row: Conversation, known: Mapping[UUID, Label] | None) -> list[Label]:
    """The labels a row carries, in the order in which they were put on."""
    return [known[pk] for pk in row.labels if pk in known] if known else []


@register.simple_tag
def labels_on(row: Conversation) -> list[Label]:
    """The labels of one conversation; a query when there are some."""
    return labels_of(row, labels.by_id(row.labels))


@register.filter
def is_in(value: Any, many: Container[Any]) -> bool:
    return value in many


@register.filter
def sorted_as(asked: queue.Asked, sort: queue.Sort) -> queue.Asked:
    return asked.sorted_by(sort)


@register.filter
def value_of(filters: queue.Filters, name: str) -> str:
    """What a filter is set to."""
    value: str = getattr(filters, name, "")
    return value
