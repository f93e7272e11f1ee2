"""What the rows of the queue say beside name and last line: hold, labels."""

from collections.abc import Container, Mapping
from typing import Any
from uuid import UUID

from django import template

from conversations.models import Conversation, Label
from conversations.services import queue
from conversations.services.handling import labels

register = template.Library()

HOLD_ICONS = {"snoozed": "alarm-clock", "customer": "hourglass", "client": "building-2"}


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
