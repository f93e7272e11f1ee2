"""Disconnects a number: its events stop, its token is forgotten, and what waits is kept or called off, as chosen.

For good it is switched off at the platform too. A number that stays on the phone app never is: the phone decides there.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations import hints
from conversations.integrations.services import events
from conversations.models import Conversation, Message, PhoneNumber
from conversations.services.numbers import number_facts, number_states, number_talks, numbers
from conversations.status import WAITING, MessageStatus
from conversations.whatsapp import management_signup
from conversations.whatsapp.credentials import BadCredentials
from conversations.whatsapp.management import GraphRefused, GraphUnreachable, graph_for
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.context import company_id_of, current_schema, in_public
from tenants.errors import DomainError
from tenants.models import AccountRoute, NumberRoute

State = PhoneNumber.State
CALLED_OFF = "called_off"
OFF = "DISCONNECTED"  # the platform's word
NOT_REGISTERED = 133010


@dataclass(frozen=True, slots=True)
class Left:
    """What came of it: messages called off, whether WhatsApp sends nothing more, whether the number is off there."""

    called_off: int
    unsubscribed: bool
    switched_off: bool = False


class PhoneDecides(DomainError):
    code = "phone_decides"
    user_message = _(
        "This number is also used in the WhatsApp Business app, so it is not switched off from here. Whoever holds the "
        "phone ends the connection there: Settings, Account, Business Platform."
    )


def disconnect(number: PhoneNumber, *, call_off: bool, switch_off: bool = False, by: User | None) -> Left:
    """Stop a number and let go of it, so that it can be connected elsewhere. Its history stays.

    The account's events are ended only when no other number of it works here. Outside any transaction.
    call_off    whether waiting messages are failed; else they are kept and leave when it is connected again
    switch_off  whether the number is deregistered at the platform too; when that fails nothing is changed
    Raises  PhoneDecides, PlatformAway, PlatformRefused, TokenUnusable, only where ``switch_off``
    """
    if switch_off:
        _deregister(number)
    told = _unsubscribe(number) if _is_last_of_account(number) else False
    with transaction.atomic():
        row = PhoneNumber.objects.select_for_update().get(pk=number.pk)
        called_off = _call_off(row) if call_off else 0
        row.token = ""
        row.save(update_fields=["token"])
        number_states.change(row, State.STOPPED, reason=numbers.LET_GO, source=numbers.PERSON)
        _forget_routes(row)
        if switch_off:
            number_facts.keep(row, {"platform_status": OFF}, at=timezone.now(), source=numbers.PERSON)
        audit.record(
            "number.disconnected",
            actor=by,
            subject=row,
            called_off=called_off,
            unsubscribed=told,
            switched_off=switch_off,
        )
    return Left(called_off, told, switch_off)


def waiting_in(number: PhoneNumber) -> int:
    """How many messages wait to leave."""
    return Message.objects.filter(phone_number=number, status__in=WAITING).count()


def _deregister(number: PhoneNumber) -> None:
    """Switch the number off; one that is off already is done. The platform is asked first whether a phone uses it."""
    with number_talks.talking(number) as graph:
        told = graph.phone_number(number.phone_number_id)
        if number.on_phone_app or told.get("is_on_biz_app") is True:
            raise PhoneDecides
        try:
            management_signup.deregister(graph, number.phone_number_id)
        except GraphRefused as refused:
            if refused.code != NOT_REGISTERED:
                raise


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
    Message.objects.filter(pk__in=[pk for pk, _talk in found]).update(
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
