"""What billing keeps of a message when its time is up: a count for the day, and nothing that leads to a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from billing.models import UsageRecord
from tenants.expiry import Keeper

COUNTED = "counted:"
STRIP = """
UPDATE billing_usagerecord
SET wamid = %s || id, recipient = '', message_id = '00000000-0000-0000-0000-000000000000', raw = '{}', conflict = false,
    delivered_at = date_trunc('day', delivered_at, %s) + interval '12 hours'
WHERE id = ANY(%s)
"""


class Usage(Keeper):
    """Usage records become bare counts: category, market, number and day. One never delivered leaves altogether."""

    name = "usage"

    def __init__(self, *, time_zone: str) -> None:
        self.time_zone = time_zone

    def due(self, cut_off: datetime) -> QuerySet[UsageRecord]:
        # Ids are ordered by time: of what was never delivered the message's tells the age.
        never = Q(delivered_at=None, message_id__lt=_first_id_after(cut_off))
        return UsageRecord.objects.filter(Q(delivered_at__lt=cut_off) | never).exclude(wamid__startswith=COUNTED)

    def let_go(self, keys: Sequence[Any], *, cut_off: datetime) -> int:
        rows = self.due(cut_off).filter(pk__in=keys)
        unsent, _by_model = rows.filter(delivered_at=None).delete()
        ids = list(rows.values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(STRIP, [COUNTED, self.time_zone, ids])
        return unsent + len(ids)


def _first_id_after(moment: datetime) -> str:
    """The smallest time-ordered id of that millisecond."""
    stamp = f"{int(moment.timestamp() * 1000):012x}"
    return f"{stamp[:8]}-{stamp[8:]}-7000-8000-000000000000"
