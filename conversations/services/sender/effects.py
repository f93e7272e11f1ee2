"""What an outcome changes beyond its own message: numbers that stop, people who are not written to, templates.

These are rare, so they use the ORM, in a thread of their own with a connection that is closed afterwards.
"""

import asyncio
import logging
from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, connection, transaction
from django.utils import timezone

from conversations import hints
from conversations.models import Contact, Message, MessageTemplate, PhoneNumber
from conversations.services import consent, summary
from conversations.services.sender.lease import Lease
from conversations.whatsapp.error_rules import Effect, ErrorRule
from conversations.whatsapp.outcomes import Outcome, Permanent, Throttled, TokenDead
from tenants.context import inside

logger = logging.getLogger(__name__)

TOKEN_DEAD = "token_dead"  # noqa: S105  a reason, not a token
State = PhoneNumber.State


async def apply(lease: Lease, outcome: Outcome, *, message_id: UUID) -> None:
    """Carry out what the rule of this outcome says."""
    if not isinstance(outcome, Permanent | Throttled | TokenDead):
        return
    rule, code = outcome.rule, int(outcome.code or outcome.rule.code or 0)
    if stops_number(outcome):
        await _apart(lease, lambda: _stop(lease, rule, code))
    elif rule.effect in MESSAGE_EFFECTS:
        await _apart(lease, lambda: MESSAGE_EFFECTS[rule.effect](message_id, code))


def stops_number(outcome: Outcome) -> bool:
    """Whether nothing more can leave from this number until somebody acts."""
    if isinstance(outcome, TokenDead):
        return True
    if not isinstance(outcome, Permanent):
        return False
    stopping = (Effect.NUMBER_STOPS, Effect.NUMBER_GONE, Effect.ACCOUNT_STOPS, Effect.HOLD_QUEUE)
    return outcome.rule.effect in stopping


async def _apart(lease: Lease, work: Callable[[], None]) -> None:
    def run() -> None:
        try:
            with inside(lease.schema_name), transaction.atomic():
                work()
        except (Error, ObjectDoesNotExist):  # the outcome itself is written down all the same
            logger.exception("an effect could not be carried out for %s", lease.schema_name)
        finally:
            connection.close()

    await asyncio.to_thread(run)


def _stop(lease: Lease, rule: ErrorRule, code: int) -> None:
    """Stop the number, or all numbers of the account; the queue is kept.

    A token that was replaced while the old one was still in use stops nothing.
    """
    dead = code in (0, 190)
    reason = TOKEN_DEAD if dead else f"error_{code}"
    state = State.STOPPED if rule.effect is Effect.NUMBER_GONE else State.PAUSED
    numbers = PhoneNumber.objects.filter(state=State.LIVE)
    if rule.effect is Effect.ACCOUNT_STOPS:
        numbers = numbers.filter(waba_id=lease.waba_id)
    else:
        numbers = numbers.filter(pk=lease.number_id)
    if dead:
        numbers = numbers.extra(where=["token = %s"], params=[lease.token_cipher])
    stopped = list(numbers.values_list("pk", flat=True))
    PhoneNumber.objects.filter(pk__in=stopped).update(state=state, state_reason=reason, state_since=timezone.now())
    if stopped:
        logger.warning("sending stopped for %d numbers of %s: %s", len(stopped), lease.schema_name, reason)
        summary.refresh()
    for number_id in stopped:
        hints.number_changed(number_id)


def _contact_of(message_id: UUID) -> Contact:
    return Contact.objects.get(channels__messages=message_id)


def _suppress_marketing(message_id: UUID, code: int) -> None:
    """The person stopped marketing at WhatsApp: that is a withdrawal."""
    number = PhoneNumber.objects.get(messages=message_id)
    consent.withdraw(_contact_of(message_id), source=f"platform_{code}", number=number)


def _note_blocked(message_id: UUID, code: int) -> None:
    Contact.objects.filter(channels__messages=message_id, blocked_at=None).update(blocked_at=timezone.now())


def _template_of(message_id: UUID) -> "list[MessageTemplate]":
    message = Message.objects.select_related("phone_number").get(pk=message_id)
    named = message.content.get("template", {})
    return list(
        MessageTemplate.objects.filter(
            waba_id=message.phone_number.waba_id, name=named.get("name"), language=named.get("language")
        )
    )


def _template_unusable(message_id: UUID, code: int) -> None:
    """Nobody picks it again before the platform says that it is approved."""
    for template in _template_of(message_id):
        template.status = {132015: "PAUSED", 132016: "DISABLED"}.get(code, "REJECTED")
        template.save(update_fields=["status"])


def _template_stale(message_id: UUID, code: int) -> None:
    """What we know of it is old: the next look at the account's templates reads it again."""
    for template in _template_of(message_id):
        template.synced_at = None
        template.save(update_fields=["synced_at"])


MESSAGE_EFFECTS: dict[Effect, Callable[[UUID, int], None]] = {
    Effect.CONTACT_SUPPRESSED_MARKETING: _suppress_marketing,
    Effect.CONTACT_BLOCKED: _note_blocked,
    Effect.TEMPLATE_UNUSABLE: _template_unusable,
    Effect.TEMPLATE_RESYNC: _template_stale,
}
