"""What became of a message to a group, member by member; the message itself moves as far as its last member."""

from typing import Any

from conversations.models import Direction, Message
from conversations.services.contacts.group_members import MEMBERS
from conversations.services.inbound import statuses
from conversations.services.inbound.items import Item, Outcome
from conversations.services.inbound.known import NEWS_TIMES, Known
from conversations.services.inbound.meeting import meet
from conversations.services.inbound.people import Seen
from conversations.status import FROM_PLATFORM, TIME_FIELDS, MessageStatus, higher
from conversations.whatsapp import payloads
from conversations.whatsapp.payloads.clean import bsuid, wa_id

RECIPIENTS = "recipients"
SAVED = ["content", "status", "wamid", "error_code", "error_details", *NEWS_TIMES]
BY_MEMBER = (MessageStatus.DELIVERED, MessageStatus.READ, MessageStatus.PLAYED)


def note(item: Item, outcome: Outcome) -> None:
    """Apply one status. One whose message is not known yet waits for it in the journal."""
    status = item.event
    assert isinstance(status, payloads.StatusUpdate)  # noqa: S101  the handler's own type
    found = Known.of([item]).find(item.our_number.pk, status)
    if found is None:
        outcome.wait(item, status.wamid)
        return
    rank = FROM_PLATFORM.get(status.status)
    if rank is None or found.direction != Direction.OUTBOUND:
        return
    message = Message.objects.select_for_update(of=("self",)).select_related("channel__contact").get(pk=found.id)
    member = _member(item, status)
    known = getattr(message, TIME_FIELDS[rank]) if member is None else _note_member(message, member, item, status)
    if member is None or rank != MessageStatus.FAILED:  # one member it did not reach fails nobody else
        _raise(message, rank if member is None else _reached(message, rank), item, status)
    message.save(update_fields=SAVED)
    if known is None:
        outcome.facts.append(statuses.fact(item, status, found))
        outcome.conversations.add(message.conversation_id)


def _member(item: Item, status: payloads.StatusUpdate) -> str | None:
    """The contact whom the status speaks of; None when it speaks of the whole group."""
    participant = status.participant or ""
    phone, person = wa_id(participant), bsuid(participant) or status.recipient_bsuid
    if phone is None and person is None:
        return None
    return str(meet(Seen(phone, person, item.at, wrote=False)).id)


def _note_member(message: Message, member: str, item: Item, status: payloads.StatusUpdate) -> str | None:
    """Keep the earliest time of each status of each member; tells the one that was known."""
    everyone: dict[str, dict[str, str]] = dict(message.content.get(RECIPIENTS) or {})
    times = dict(everyone.get(member, {}))
    known = times.get(status.status)
    times[status.status] = min(known or item.at.isoformat(), item.at.isoformat())
    message.content = {**message.content, RECIPIENTS: {**everyone, member: times}}
    return known


def _raise(message: Message, rank: MessageStatus, item: Item, status: payloads.StatusUpdate) -> None:
    name = TIME_FIELDS[rank]
    known = getattr(message, name)
    setattr(message, name, min(known, item.at) if known else item.at)
    message.status = higher(message.status, rank)
    message.wamid = message.wamid or status.wamid
    if status.errors:
        error = status.errors[0]
        message.error_code = error.code
        message.error_details = (error.details or error.message or error.title)[: statuses.MAX_DETAIL_CHARS]


def _reached(message: Message, rank: MessageStatus) -> MessageStatus:
    """Delivered or read means: by everybody who is known to be in the group."""
    if rank not in BY_MEMBER:
        return rank
    everyone: dict[str, dict[str, Any]] = message.content.get(RECIPIENTS) or {}
    members = set(message.channel.contact.metadata.get(MEMBERS, [])) | set(everyone)
    reached = [_highest(everyone.get(member, {})) for member in members] or [rank]
    lowest = min(reached)
    return lowest if lowest in BY_MEMBER else MessageStatus.SENT


def _highest(times: dict[str, Any]) -> MessageStatus:
    return max((FROM_PLATFORM[name] for name in times if name in FROM_PLATFORM), default=MessageStatus.QUEUED)
