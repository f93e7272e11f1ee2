"""What a batch of inbound changes means for promises: new waits get their time, answers from the phone end theirs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from conversations.services.promise import promise_records
from conversations.services.promise.promise import Promise, look, settle
from conversations.services.promise.promise_records import Ended

RETURNED = "became.id, was.waiting_since, was.due_at, became.waiting_since, became.due_at, became.intent_id"


def moved(rows: Sequence[tuple[Any, ...]], *, promise: Promise, answered: Mapping[UUID, datetime | None]) -> None:
    """Follow the conversations that a batch moved, as ``RETURNED`` tells of them.

    answered  when somebody answered from the phone in this batch
    """
    now, waits, wrong, ended = timezone.now(), [], [], []
    for pk, was_since, was_due, since, due_at, intent in rows:
        if was_since and was_due and (since is None or since > was_since):
            at = answered.get(pk) or now
            ended.append(Ended(pk, was_since, was_due, intent, answered_at=max(at, was_since)))
        if since is not None and since != was_since:
            waits.append((pk, since, due_at, intent))
            if promise.due(since, intent=intent) != due_at:
                wrong.append(waits[-1])
    promise_records.write(ended, at=now)
    if wrong:
        settle(wrong, promise=promise)
    if waits:
        look(waits, promise=promise)
