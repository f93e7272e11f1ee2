"""Applies a batch of journal rows in one transaction: parse, apply in order, tell others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from django.db import connection

from conversations import hints
from conversations.integrations.services import events
from conversations.models import PhoneNumber
from conversations.services import summary
from conversations.services.inbound import (
    accounts,
    address_book,
    calls,
    consents,
    edits,
    group_changes,
    group_statuses,
    groups,
    history,
    history_files,
    identities,
    merging,
    messages,
)
from conversations.services.inbound.items import EVENTS_PER_CALL, Item, Outcome, moment_of
from conversations.services.inbound.people import TwoFound
from conversations.services.threads import written
from conversations.whatsapp import payloads
from tenants import work

if TYPE_CHECKING:
    from conversations.services.inbound.draining import Call

Handler = Callable[[Item, Outcome], None]

# What has no handler (forms, errors without a message, the unknown) is kept by the journal.
HANDLERS: dict[type[Any], Handler] = {
    payloads.InboundMessage: edits.change,
    payloads.Echo: edits.change,
    payloads.IdentityChange: identities.change,
    payloads.PreferenceChange: consents.prefer,
    payloads.CallEvent: calls.note,
    payloads.HistoryChunk: history.take_in,
    payloads.GroupChange: group_changes.note,
    payloads.StatusUpdate: group_statuses.note,  # all others are plain
    payloads.AccountEvent: accounts.note,
    payloads.TemplateEvent: accounts.note_template,
}

# What comes in numbers is applied together, few statements for all of it.
RUNS: tuple[tuple[Callable[[Item], bool], Callable[[list[Item], Outcome], int]], ...] = (
    (messages.is_plain, messages.apply),
    (groups.is_in_group, groups.apply),
    (history_files.is_file, history_files.fill),
    (address_book.is_entry, address_book.take_in),
)

WAKE_WAITING = (
    "UPDATE conversations_webhookcall SET applied_at = NULL, error = '' WHERE error <> '' AND error = ANY(%s::text[])"
)


def apply(calls: Sequence[Call]) -> Outcome:
    """Apply these changes in the caller's transaction; the outcome tells which of them wait for others."""
    outcome = Outcome()
    items = _items(calls)
    while items:
        items = items[_apply_first(items, outcome) :]
    _tell(outcome)
    return outcome


def _items(calls: Sequence[Call]) -> list[Item]:
    numbers = {number.phone_number_id: number for number in PhoneNumber.objects.defer("token", "pin")}
    items: list[Item] = []
    for call in calls:
        parsed = call.parsed()
        number = numbers.get(call.phone_number_id)
        for position, event in enumerate(parsed.events[:EVENTS_PER_CALL]):
            at = moment_of(event, received_at=call.received_at)
            items.append(Item(call, position, event, number, parsed.standby, at))
    return items


def _apply_first(items: list[Item], outcome: Outcome) -> int:
    """Apply the events at the front that go together; tells how many."""
    for belongs, apply_some in RUNS:
        if run := list(takewhile(belongs, items)):
            return _apply_run(apply_some, run, outcome)
    return _apply_special(items[0], outcome)


def _apply_run(apply_some: Callable[[list[Item], Outcome], int], run: list[Item], outcome: Outcome) -> int:
    try:
        return apply_some(run, outcome)
    except TwoFound as found:
        merging.merge(found.keep, found.other, at=run[0].at)
        return 0


def _apply_special(item: Item, outcome: Outcome) -> int:
    handler = HANDLERS.get(type(item.event))
    if handler is not None:
        handler(item, outcome)
    return 1


def _tell(outcome: Outcome) -> None:
    """Facts and marks in this transaction, hints after it."""
    events.record(outcome.facts)
    if outcome.arrived:
        with connection.cursor() as cursor:
            cursor.execute(WAKE_WAITING, [list(outcome.arrived)])
    if outcome.files:
        work.mark(work.Kind.MEDIA)
    if any(fact.kind == "message.status" for fact in outcome.facts):
        work.mark(work.Kind.METERING)  # whoever bills pulls them
    for number_id in outcome.senders:
        work.mark(work.Kind.OUTBOUND, key=str(number_id))
    for waba_id in outcome.accounts:
        work.mark(work.Kind.HOUSEKEEPING, key=f"templates:{waba_id}")
    if outcome.conversations or outcome.numbers:
        summary.refresh(outcome.conversations)
    hints.conversations_changed(outcome.conversations)
    written.tell({fact.conversation_id for fact in outcome.facts if fact.kind == "message.received"})
    for number_id in outcome.numbers:
        hints.number_changed(number_id)
