"""Blocks people at the platform and lifts it again; ``Contact.blocked_at`` says the same as the platform does.

The platform blocks at one number. Whoever writes to another number of the company afterwards is not blocked there and
can be; lifting it lifts it at every number they wrote to.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations import hints
from conversations.integrations.services import events
from conversations.models import Channel, Contact, Conversation, PhoneNumber
from conversations.services.guard import guard_writing
from conversations.services.numbers import number_talks
from conversations.whatsapp.payloads.clean import record, rows, text, whole
from tenants.accounts import audit
from tenants.accounts.models import ApiKey, User
from tenants.errors import DomainError

RECENT = timedelta(hours=24)
ON_THE_WAY = timedelta(minutes=1)  # what was written before the block may arrive after it
REACHABLE = (PhoneNumber.State.LIVE, PhoneNumber.State.PAUSED)
NOT_RECENT = 131047
LIST_FULL = 139101


class NotRecent(DomainError):
    code = "not_recent"
    user_message = _("WhatsApp lets a number block only people who wrote to it within the last 24 hours.")


class ListFull(DomainError):
    code = "block_list_full"
    user_message = _("The block list holds 64,000 people and is full. Lift some blocks first.")


class NotBlockable(DomainError):
    code = "not_blockable"
    user_message: str | Promise = _("WhatsApp did not do it for this person.")

    def __init__(self, details: str = "") -> None:
        super().__init__(details)
        if details:
            self.user_message = _("WhatsApp did not do it for this person: %(details)s") % {"details": details}


def block(
    contact: Contact, *, number: PhoneNumber, by: User | ApiKey, reason: str = "", request: HttpRequest | None = None
) -> None:
    """What this person writes no longer arrives, and nothing can be sent to them. Twice is once.

    Raises  NotRecent, ListFull, NotBlockable, PlatformAway, PlatformRefused, TokenUnusable
    """
    channel = Channel.objects.filter(contact=contact, phone_number=number).first()
    if is_blocked_in(contact, channel=channel):
        return
    last = channel.last_inbound_at if channel else None
    if last is None or last < timezone.now() - RECENT:
        raise NotRecent
    with number_talks.talking(number) as graph:
        _check(graph.block(number.phone_number_id, [_named(contact)]))
    _keep(contact, number=number, blocked=True, by=by, reason=reason, request=request)


def unblock(contact: Contact, *, number: PhoneNumber, by: User | ApiKey, request: HttpRequest | None = None) -> None:
    """The person may write again. Raises NotBlockable, PlatformAway, PlatformRefused, TokenUnusable"""
    if contact.blocked_at is None:
        return
    for each in [number, *_others(contact, but=number)]:
        with number_talks.talking(each) as graph:
            _check(graph.unblock(each.phone_number_id, [_named(contact)]))
    _keep(contact, number=number, blocked=False, by=by, reason="", request=request)


def is_blocked_in(contact: Contact, *, channel: Channel | None) -> bool:
    """Whether what this person writes to the number of this pair does not arrive."""
    if contact.blocked_at is None or channel is None:
        return contact.blocked_at is not None
    last = channel.last_inbound_at
    return last is None or last <= contact.blocked_at + ON_THE_WAY


def is_blocked(contact: Contact, *, at: PhoneNumber) -> bool:
    """The same for a number."""
    return is_blocked_in(contact, channel=Channel.objects.filter(contact=contact, phone_number=at).first())


def blocked_at(number: PhoneNumber) -> QuerySet[Contact]:
    """Everybody who is blocked at a number, the latest first."""
    unheard = Q(channels__last_inbound_at=None) | Q(channels__last_inbound_at__lte=F("blocked_at") + ON_THE_WAY)
    return Contact.objects.filter(unheard, blocked_at__isnull=False, channels__phone_number=number).order_by(
        "-blocked_at"
    )


def _others(contact: Contact, *, but: PhoneNumber) -> list[PhoneNumber]:
    """The other numbers this person wrote to that can be spoken for."""
    wrote = Channel.objects.filter(contact=contact, last_inbound_at__isnull=False).values("phone_number")
    numbers = PhoneNumber.objects.filter(pk__in=wrote, state__in=REACHABLE).exclude(pk=but.pk)
    return list(numbers.order_by("display_number"))


def number_of(contact: Contact) -> PhoneNumber | None:
    """The number this person wrote to last."""
    channel = (
        Channel.objects.filter(contact=contact, last_inbound_at__isnull=False)
        .select_related("phone_number")
        .order_by("-last_inbound_at")
        .first()
    )
    return channel.phone_number if channel else None


def _named(contact: Contact) -> dict[str, str]:
    if contact.wa_id:
        return {"user": f"+{contact.wa_id}"}
    if contact.bsuid:
        return {"user_id": contact.bsuid}
    raise NotBlockable


def _check(answer: dict[str, Any]) -> None:
    """Each user has an answer of its own. Raises NotRecent, ListFull, NotBlockable"""
    for failed in map(record, rows(answer.get("failed_users"))):
        error = record(next(iter(rows(failed.get("errors"))), None))
        code = whole(error.get("code"))
        if code == NOT_RECENT:
            raise NotRecent
        if code == LIST_FULL:
            raise ListFull
        details = text(record(error.get("error_data")).get("details")) or text(error.get("message")) or ""
        raise NotBlockable(details[:200])


@transaction.atomic
def _keep(
    contact: Contact,
    *,
    number: PhoneNumber,
    blocked: bool,
    by: User | ApiKey,
    reason: str,
    request: HttpRequest | None,
) -> None:
    now, reason = timezone.now(), guard_writing.reason(reason)
    Contact.objects.filter(pk=contact.pk).update(blocked_at=now if blocked else None)
    action = "contact.blocked" if blocked else "contact.unblocked"
    audit.record(action, actor=by, subject=contact, request=request, reason=reason, number=number.display_number)
    events.record([events.Fact(action, contact.pk, now, data={"phone_number_id": number.phone_number_id})])
    hints.conversations_changed(Conversation.objects.filter(contact=contact).values_list("pk", flat=True)[:50])
