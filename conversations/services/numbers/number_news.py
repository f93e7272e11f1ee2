"""The history of a number's health: what changed, from what to what, told by whom."""

from datetime import datetime
from typing import Any

from conversations.models import NumberNews, PhoneNumber

MAX_CHARS = 120


def note(
    number: PhoneNumber,
    kind: NumberNews.Kind,
    *,
    before: str = "",
    after: str,
    at: datetime,
    source: str = "webhook",
    data: dict[str, Any] | None = None,
) -> bool:
    """Keep one change; tells whether it was one. ``source``: webhook, probe, person or sender."""
    if before == after and not data:
        return False
    NumberNews.objects.create(
        phone_number=number,
        kind=kind,
        at=at,
        before=before[:MAX_CHARS],
        after=after[:MAX_CHARS],
        source=source,
        data=data or {},
    )
    return True
