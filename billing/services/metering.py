"""Counts what costs money, from the facts that conversations writes; pulled with a cursor, safe to run twice."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.models import MeteringCursor, UsageRecord
from billing.pricing import BILLABLE_STATUSES, Price, flag_of, read_price
from conversations.integrations.models import Event
from conversations.integrations.services import events

BATCH = 1000
KEEP = [
    "delivered_at",
    "first_status",
    "category",
    "pricing_type",
    "pricing_model",
    "billable",
    "raw",
    "flagged",
    "price_status",
]


@dataclass(frozen=True, slots=True)
class StatusFact:
    """What one status of one recipient says that billing needs."""

    message_id: Any
    wamid: str
    recipient: str
    status: str
    at: datetime
    phone_number_id: str
    market: str
    price: Price
    raw: dict[str, Any]


def meter() -> int:
    """Read facts until none are left; how many were read."""
    total = 0
    while True:
        count = _batch()
        total += count
        if count < BATCH:
            return total


@transaction.atomic
def _batch() -> int:
    cursor, _ = MeteringCursor.objects.select_for_update().get_or_create(pk=1)
    rows = events.after(cursor.event_id, limit=BATCH, kinds=["message.status"])
    if not rows:
        return 0
    facts = [fact for row in rows if (fact := _fact(row))]
    _apply(facts)
    cursor.event_id = rows[-1].pk
    cursor.save(update_fields=["event_id", "moved_at"])
    return len(rows)


def _fact(row: Event) -> StatusFact | None:
    data = row.data
    price = read_price(data.get("pricing"))
    if not data.get("wamid") or not (price.known or data.get("status") in BILLABLE_STATUSES):
        return None
    return StatusFact(
        message_id=row.object_id,
        wamid=data["wamid"],
        recipient=str(data.get("recipient") or ""),
        status=str(data["status"]),
        at=row.at,
        phone_number_id=str(data.get("phone_number_id") or ""),
        market=str(data.get("market") or "")[:2],
        price=price,
        raw=data.get("pricing") or {},
    )


def _apply(facts: list[StatusFact]) -> None:
    wamids = {fact.wamid for fact in facts}
    known = {(r.wamid, r.recipient): r for r in UsageRecord.objects.filter(wamid__in=wamids)}
    old = set(known)
    for fact in facts:
        key = (fact.wamid, fact.recipient)
        record = known.get(key)
        if record is None:
            record = known[key] = _new(fact)
        _learn(record, fact)
    UsageRecord.objects.bulk_create([r for key, r in known.items() if key not in old])
    UsageRecord.objects.bulk_update([known[key] for key in old], [*KEEP, "conflict"])


def _new(fact: StatusFact) -> UsageRecord:
    return UsageRecord(
        phone_number_id=fact.phone_number_id,
        message_id=fact.message_id,
        wamid=fact.wamid,
        recipient=fact.recipient,
        first_status=fact.status,
        market=fact.market,
    )


def _learn(record: UsageRecord, fact: StatusFact) -> None:
    """The price of the delivery wins over one that was announced; two of one worth that differ are a conflict."""
    if fact.price.known:
        _learn_price(record, fact)
    if fact.status in BILLABLE_STATUSES and (record.delivered_at is None or fact.at < record.delivered_at):
        record.delivered_at, record.first_status = fact.at, fact.status
    price = Price(record.category, record.pricing_type, record.pricing_model, record.billable)
    record.flagged = flag_of(price) if record.delivered_at else ""


def _learn_price(record: UsageRecord, fact: StatusFact) -> None:
    priced = bool(record.category or record.pricing_type)
    charges, charged = fact.status in BILLABLE_STATUSES, record.price_status in BILLABLE_STATUSES
    if not priced or (charges and not charged):
        record.category, record.pricing_type = fact.price.category, fact.price.type
        record.pricing_model, record.billable, record.raw = fact.price.model, fact.price.billable, fact.raw
        record.price_status, record.conflict = fact.status, False
    elif charges == charged and (fact.price.category, fact.price.type) != (record.category, record.pricing_type):
        record.conflict = True
