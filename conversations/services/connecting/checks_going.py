"""The last steps: something came in, the agreement is in force, a test message went both ways, the phone hands over.

They read our own rows, so a page may look at them whenever it is shown.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from conversations.models import Connecting, Message, NumberSync, PhoneNumber, WebhookCall
from conversations.services.connecting.attempt import Attempt, Result, done, stuck
from conversations.services.numbers import number_loop
from conversations.status import MessageStatus
from conversations.whatsapp import management_signup
from conversations.whatsapp.management import GraphRefused, GraphUnreachable

HANDOVER_TIME = timedelta(hours=24)
ARRIVED = (MessageStatus.DELIVERED, MessageStatus.READ, MessageStatus.PLAYED)


def webhooks(attempt: Attempt) -> Result:
    """Webhooks of this number arrive here; where none did, whether the way from the platform's record leads here."""
    if seen := came_in(attempt.connecting):
        return done(at=seen.isoformat())
    number = attempt.number
    tested = number_loop.test(number, attempt.app, told=attempt.phone) if number else None
    return stuck((tested or {}).get("problem") or "webhooks_unseen")


def agreement(attempt: Attempt) -> Result:
    """The number is live: a real one under a signed agreement, a sandbox number without."""
    return live(attempt.number)


def test_message(attempt: Attempt) -> Result:
    """A message to a phone of ours was answered and arrived."""
    return tested(attempt.connecting)


def handover(attempt: Attempt) -> Result:
    """What the phone hands over: decided by a person with a legal ground, then asked for once."""
    for sync in NumberSync.objects.filter(phone_number=attempt.connecting.number_id, request_id="", error_code=None):
        _ask(attempt, sync)
    return handed_over(attempt.connecting)


def came_in(connecting: Connecting) -> datetime | None:
    """When the first webhook of the number came since the connecting began."""
    if not connecting.phone_number_id:
        return None
    since = WebhookCall.objects.filter(
        phone_number_id=connecting.phone_number_id, received_at__gte=connecting.started_at
    ).exclude(field=number_loop.FIELD)
    return since.order_by("received_at").values_list("received_at", flat=True).first()


def live(number: PhoneNumber | None) -> Result:
    """Whether the number works, from its row alone."""
    if number is None or number.state_reason == "connecting":
        return stuck("not_saved")
    if number.state == PhoneNumber.State.LIVE:
        return done(sandbox=number.sandbox)
    if number.state == PhoneNumber.State.SETUP:
        return stuck("agreement_missing")
    return stuck("number_stopped", reason=number.state_reason)


def tested(connecting: Connecting) -> Result:
    """How far the test message has come."""
    told = connecting.steps.get("test_message", {})
    message = Message.objects.filter(pk=connecting.data.get("test")).first() if connecting.data.get("test") else None
    if message is None:
        return stuck(told.get("problem") or "test_unsent")
    if message.status in ARRIVED:
        return done(at=(message.delivered_at or message.read_at or message.at).isoformat())
    if message.status == MessageStatus.FAILED:
        return stuck("test_failed", conversation=str(message.conversation_id))
    return stuck("test_leaving", conversation=str(message.conversation_id))


def handed_over(connecting: Connecting) -> Result:
    """What came of the hand-over so far."""
    syncs = list(NumberSync.objects.filter(phone_number=connecting.number_id)) if connecting.number_id else []
    if connecting.data.get("handover") == "none":
        return done(taken=[])
    if not syncs:
        return stuck("handover_late" if is_late(connecting) else "handover_choose")
    if refused := next((sync for sync in syncs if sync.error_code), None):
        return stuck(REFUSALS.get(refused.error_code or 0, "handover_refused"))
    if all(sync.state == NumberSync.State.DONE for sync in syncs):
        return done(taken=_counts(syncs))
    return stuck("handover_running", taken=_counts(syncs))


REFUSALS = {2593107: "handover_asked", 2593108: "handover_late", 2593109: "handover_refused"}


def ends_at(connecting: Connecting) -> datetime:
    """Until when the phone hands anything over."""
    begun = parse_datetime(str(connecting.data.get("onboarded_at") or "")) or connecting.started_at
    return begun + HANDOVER_TIME


def is_late(connecting: Connecting) -> bool:
    return timezone.now() >= ends_at(connecting)


def _counts(syncs: Iterable[NumberSync]) -> list[dict[str, Any]]:
    return [{"kind": sync.kind, "progress": sync.progress, "taken_in": sync.taken_in} for sync in syncs]


def _ask(attempt: Attempt, sync: NumberSync) -> None:
    """Ask once. After an answer that was lost, that it was asked before is what we hoped for."""
    tried = f"asked_{sync.kind}"
    lost_before = bool(attempt.data.get(tried))
    attempt.keep(data={tried: timezone.now().isoformat()})
    changes: dict[str, Any]
    try:
        request_id = management_signup.ask_sync(attempt.graph, attempt.connecting.phone_number_id, kind=sync.kind)
        changes = {"request_id": request_id or "asked"}  # the first parts may have come before the answer
    except GraphUnreachable:
        raise
    except GraphRefused as refused:
        if refused.code == 2593107 and lost_before:
            changes = {"request_id": "asked"}
        elif refused.code in REFUSALS:
            changes = {"error_code": refused.code, "state": NumberSync.State.REFUSED}
        else:
            attempt.keep(data={tried: ""})
            raise
    NumberSync.objects.filter(pk=sync.pk).update(**changes)
