"""What the agency's desk says of a row."""

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.desk import entries
from conversations.desk.models import DeskEntry

register = template.Library()
QUARTER = 25


@register.filter
def desk_key(entry: DeskEntry) -> str:
    return entries.sort_key(entry)


@register.filter
def desk_promise(entry: DeskEntry) -> dict[str, object] | None:
    """How much of the promised time is left, in percent, and in which state that is; None when nobody waits."""
    if entry.waiting_since is None or entry.due_at is None or entry.hold:
        return None
    whole = (entry.due_at - entry.waiting_since).total_seconds()
    left = (entry.due_at - timezone.now()).total_seconds()
    percent = max(0, min(100, round(100 * left / whole))) if whole > 0 else 0
    minutes = int(left // 60)
    if left <= 0:
        return {"left": 0, "state": "broken", "words": _("The promised time is over")}
    state = "last-quarter" if percent <= QUARTER else "running"
    return {"left": percent, "state": state, "words": _("%(count)d min left") % {"count": minutes}}
