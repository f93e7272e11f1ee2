"""What a refusal of the platform changes beyond its own message: numbers that stop, windows, people, templates.

The same whether it came as the answer to a send or, later, as a ``failed`` status. Rare, so each has its own queries.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from conversations import hints
from conversations.models import Contact, Message, MessageTemplate, NumberNews, PhoneNumber
from conversations.services import summary, windows
from conversations.services.alarms import alarms
from conversations.services.contacts import consent
from conversations.services.message_templates import template_news
from conversations.services.numbers import number_news, number_states
from conversations.whatsapp.error_rules import STOPPING, Actor, Effect, ErrorRule
from tenants import work
from tenants.context import current_schema

logger = logging.getLogger(__name__)

TOKEN_DEAD = "token_dead"  # noqa: S105  a reason, not a token
MARKETING_SLOWED = "marketing_slowed"  # the kind of an alarm
SOURCE = "sender"
DEAD_TOKEN_CODES = (0, 190)
State = PhoneNumber.State
MAX_SHAPE_CHARS = 600


@dataclass(frozen=True, slots=True)
class Refused:
    """One refusal: its rule and code, whose message it was, when the platform said so."""

    rule: ErrorRule
    code: int
    message_id: UUID
    at: datetime


def draw(
    rule: ErrorRule, *, code: int, message_id: UUID, at: datetime | None = None, token_cipher: str | None = None
) -> None:
    """Carry out what the rule says, in the entered company and the caller's transaction.

    at            when the platform refused; news older than what a number's state rests on change nothing there
    token_cipher  the token that was used, as it is stored: one that was replaced meanwhile stops nothing
    """
    refused = Refused(rule, code, message_id, at or timezone.now())
    if rule.effect in STOPPING:
        _stop(refused, token_cipher)
    elif rule.effect in EFFECTS:
        EFFECTS[rule.effect](refused)
    if rule.actor is Actor.DEVELOPER:
        _log_shape(refused)


def _stop(refused: Refused, token_cipher: str | None) -> None:
    """Stop the number, or all numbers of the account; the queue is kept."""
    own = PhoneNumber.objects.defer("token", "pin").get(messages=refused.message_id)
    dead = refused.code in DEAD_TOKEN_CODES
    numbers = PhoneNumber.objects.filter(state=State.LIVE).exclude(state_since__gt=refused.at)
    if refused.rule.effect is Effect.ACCOUNT_STOPS:
        numbers = numbers.filter(waba_id=own.waba_id)
    else:
        numbers = numbers.filter(pk=own.pk)
    if dead and token_cipher is not None:
        numbers = numbers.extra(where=["token = %s"], params=[token_cipher])
    state = State.STOPPED if refused.rule.effect is Effect.NUMBER_GONE else State.PAUSED
    reason, now = TOKEN_DEAD if dead else f"error_{refused.code}", timezone.now()
    stopped = list(numbers.select_for_update().order_by("pk"))
    PhoneNumber.objects.filter(pk__in=[number.pk for number in stopped]).update(
        state=state, state_reason=reason, state_since=now
    )
    for number in stopped:
        before, after = number_states.word_of(number.state, number.state_reason), number_states.word_of(state, reason)
        number_news.note(number, NumberNews.Kind.STATE, before=before, after=after, at=now, source=SOURCE)
        number_states.settle(number)
    if stopped:
        logger.warning("sending stopped for %d numbers of %s: %d", len(stopped), current_schema(), refused.code)
        summary.refresh()
    for number in stopped:
        hints.number_changed(number.pk)


def _slow_marketing(refused: Refused) -> None:
    """Marketing of this number waits; whatever else it sends goes on."""
    until = refused.at + (refused.rule.wait or timedelta())
    number = PhoneNumber.objects.defer("token", "pin").get(messages=refused.message_id)
    if until <= timezone.now():
        return
    PhoneNumber.objects.filter(pk=number.pk).update(
        marketing_not_before=Greatest(F("marketing_not_before"), Value(until, DateTimeField()))
    )
    alarms.raise_alarm(MARKETING_SLOWED, number=number, data={"until": until.isoformat()})
    hints.number_changed(number.pk)


def _close_window(refused: Refused) -> None:
    """The platform counts the window otherwise than we do."""
    message = Message.objects.select_related("channel").get(pk=refused.message_id)
    windows.close(message.channel, sent_at=message.sending_at or message.at)


def _contact_of(refused: Refused) -> Contact:
    return Contact.objects.get(channels__messages=refused.message_id)


def _suppress_marketing(refused: Refused) -> None:
    """The person stopped marketing at WhatsApp: that is a withdrawal."""
    contact = _contact_of(refused)
    if contact.opted_out_at is None:
        number = PhoneNumber.objects.get(messages=refused.message_id)
        consent.withdraw(contact, source=f"platform_{refused.code}", number=number)


def _note_blocked(refused: Refused) -> None:
    Contact.objects.filter(channels__messages=refused.message_id, blocked_at=None).update(blocked_at=timezone.now())


def _templates_of(refused: Refused) -> "list[MessageTemplate]":
    message = Message.objects.select_related("phone_number").get(pk=refused.message_id)
    named: dict[str, Any] = message.content.get("template") or {}
    found = MessageTemplate.objects.filter(
        waba_id=message.phone_number.waba_id, name=named.get("name"), language=named.get("language")
    )
    return list(found.exclude(synced_at__gt=refused.at))


def _template_unusable(refused: Refused) -> None:
    """Nobody picks it, and nothing queued with it leaves, before the platform says that it is approved."""
    for template in _templates_of(refused):
        status = {132015: "PAUSED", 132016: "DISABLED"}.get(refused.code, "REJECTED")
        if template.status != status:
            reason = f"error_{refused.code}"
            template_news.noted(template, status=status, at=timezone.now(), reason=reason, source="send")


def _template_stale(refused: Refused) -> None:
    """What we know of it is old: the account's templates are read again."""
    for template in _templates_of(refused):
        template.synced_at = None
        template.save(update_fields=["synced_at"])
        work.mark(work.Kind.HOUSEKEEPING, key=f"templates:{template.waba_id}")


def _log_shape(refused: Refused) -> None:
    """What the message was made of, without what it said: enough to find the mistake."""
    message = Message.objects.only("type", "content").get(pk=refused.message_id)
    shape = str(_shape(message.content))[:MAX_SHAPE_CHARS]
    logger.error("WhatsApp could not read a %s (%d): %s", message.type, refused.code, shape)


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_shape(part) for part in value[:5]]
    return type(value).__name__


EFFECTS: dict[Effect, Callable[[Refused], None]] = {
    Effect.MARKETING_SLOWS: _slow_marketing,
    Effect.WINDOW_CLOSED: _close_window,
    Effect.CONTACT_SUPPRESSED_MARKETING: _suppress_marketing,
    Effect.CONTACT_BLOCKED: _note_blocked,
    Effect.TEMPLATE_UNUSABLE: _template_unusable,
    Effect.TEMPLATE_RESYNC: _template_stale,
}
