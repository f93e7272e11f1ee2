"""Disconnects a number: its events stop, its token is forgotten, and what waits is kept or called off, as chosen."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from conversations import hints
from conversations.integrations.services import events
from conversations.models import Conversation, Message, PhoneNumber
from conversations.services import number_states, numbers
from conversations.status import WAITING, MessageStatus
from conversations.whatsapp.credentials import BadCredentials
from conversations.whatsapp.management import GraphRefused, GraphUnreachable, graph_for
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.context import company_id_of, current_schema, in_public
from tenants.models import AccountRoute, NumberRoute

State = PhoneNumber.State
CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class Left:
    """What came of it: how many messages were called off, and whether WhatsApp was told to send nothing more."""

    called_off: int
    unsubscribed: bool


def disconnect(number: PhoneNumber, *, call_off: bool, by: User | None) -> Left:
    """Stop a number and let go of it, so that it can be connected elsewhere. Its history stays.

    The account's events are ended only when no other number of it works here. Outside any transaction.
    call_off  whether waiting messages are failed; else they are kept and leave when it is connected again
    """
    told = _unsubscribe(number) if _is_last_of_account(number) else False
    with transaction.atomic():
        row = PhoneNumber.objects.select_for_update().get(pk=number.pk)
        called_off = _call_off(row) if call_off else 0
        row.token = ""
        row.save(update_fields=["token"])
        number_states.change(row, State.STOPPED, reason=numbers.LET_GO, source=numbers.PERSON)
        _forget_routes(row)
        audit.record("number.disconnected", actor=by, subject=row, called_off=called_off, unsubscribed=told)
    return Left(called_off, told)


def waiting_in(number: PhoneNumber) -> int:
    """How many messages wait to leave."""
    return Message.objects.filter(phone_number=number, status__in=WAITING).count()


def _is_last_of_account(number: PhoneNumber) -> bool:
    others = PhoneNumber.objects.filter(waba_id=number.waba_id).exclude(pk=number.pk)
    if others.exclude(state=State.STOPPED, state_reason=numbers.LET_GO).exists():
        return False
    company_id = company_id_of(current_schema())
    with in_public():
        elsewhere = AccountRoute.objects.filter(waba_id=number.waba_id, app_id=number.meta_app_id)
        return not elsewhere.exclude(company_id=company_id).exists()


def _unsubscribe(number: PhoneNumber) -> bool:
    """A dead token cannot end anything, and need not: nothing comes with it either."""
    try:
        with graph_for(numbers.credentials_of(number)) as graph:
            graph.unsubscribe(number.waba_id)
    except (GraphRefused, GraphUnreachable, BadCredentials):
        return False
    return True


def _call_off(number: PhoneNumber) -> int:
    rows = Message.objects.filter(phone_number=number, status=MessageStatus.QUEUED).select_for_update(of=("self",))
    found = list(rows.values_list("pk", "conversation_id"))
    now = timezone.now()
    Message.objects.filter(pk__in=[pk for pk, _conversation in found]).update(
        status=MessageStatus.FAILED, failed_at=now, refusal=CALLED_OFF
    )
    touched = {conversation for _pk, conversation in found}
    Conversation.objects.filter(pk__in=touched).update(version=F("version") + 1)
    failed = {"status": "failed", "refusal": CALLED_OFF}
    events.record(
        events.Fact("message.status", pk, now, conversation_id=conversation, data=failed) for pk, conversation in found
    )
    hints.conversations_changed(touched)
    return len(found)


def _forget_routes(number: PhoneNumber) -> None:
    left = PhoneNumber.objects.filter(waba_id=number.waba_id).exclude(state=State.STOPPED, state_reason=numbers.LET_GO)
    last = not left.exists()
    company_id = company_id_of(current_schema())
    with in_public():
        NumberRoute.objects.filter(pk=number.phone_number_id, company_id=company_id).delete()
        if last:
            AccountRoute.objects.filter(waba_id=number.waba_id, company_id=company_id).delete()
