"""What the agency's desk says of a row."""

from django import template

from conversations.desk import entries
from conversations.desk.models import DeskEntry

register = template.Library()


@register.filter
def desk_key(entry: DeskEntry) -> str:
    return entries.sort_key(entry)
