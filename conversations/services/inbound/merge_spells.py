"""Two live conversations of one person on one number become one, and two again when the merge is undone.

The one with the newer message stays. Whoever waits in the other goes on waiting in it, whoever answers the other keeps
it, and nothing that was set apart, dangerous, asked or begun is lost.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from conversations import hints
from conversations.integrations.services.events import Fact, record
from conversations.models import Channel, ClientQuestion, Conversation, ConversationFollower, Draft
from conversations.services import summary
from conversations.services.inbound.merge_record import moment
from conversations.services.promise import promise

MERGED = "merged"  # the close_reason of the one that gave way
MOST_LABELS = 20
MOMENTS = ("assigned_at", "waiting_since", "danger_at", "hold_since", "hold_until")
IDS = ("assignee_id", "team_id", "intent_id")
PLAIN = ("unread_count", "sensitive", "hold")
FIELDS = (*MOMENTS, *IDS, *PLAIN, "labels")
FOLLOWS = (Draft, ConversationFollower, ClientQuestion)
Joined = dict[str, Any]


def join(own: Channel, theirs: Channel) -> Joined | None:
    """Close the older of two live conversations in favour of the other; what was changed, None without two."""
    live = Conversation.objects.open().filter(channel__in=(own, theirs)).order_by("pk")
    spells = sorted(live.select_for_update(of=("self",)), key=lambda spell: (spell.last_message_at, spell.pk))
    if len(spells) < 2:
        return None
    closing, staying = spells
    told: Joined = {
        "closed": str(closing.pk),
        "stayed": str(staying.pk),
        "closed_before": _values(closing),
        "stayed_before": _values(staying),
    }
    _take_over(closing, staying)
    _close(closing, at=staying.last_message_at)
    _write(staying, "woke_at")
    told["stayed_after"] = _values(staying)
    told["moved"] = {model.__name__: _move(model, closing, staying) for model in FOLLOWS}
    record([Fact("conversation.closed", closing.pk, timezone.now(), conversation_id=closing.pk)])
    _tell([closing.pk, staying.pk])
    return told


def part(told: Joined) -> None:
    """Open the one that gave way again as it was, and take from the other what it got and nobody changed since.

    Not where its pair has another live conversation by now, or where somebody closed it for a reason of his own.
    """
    rows = Conversation.objects.select_for_update(of=("self",)).order_by("pk")
    spells = {str(row.pk): row for row in rows.filter(pk__in=[told["closed"], told["stayed"]])}
    closed, stayed = spells.get(told["closed"]), spells.get(told["stayed"])
    if closed is None or closed.close_reason != MERGED or _live(closed):
        return
    for name, value in _restored(told["closed_before"]).items():
        setattr(closed, name, value)
    closed.status, closed.closed_at, closed.close_reason = Conversation.Status.OPEN, None, ""
    _write(closed, "status", "closed_at", "close_reason")
    if stayed is not None:
        before, after = _restored(told["stayed_before"]), _restored(told["stayed_after"])
        for name in FIELDS:
            if getattr(stayed, name) == after[name]:
                setattr(stayed, name, before[name])
        stayed.woke_at = None if stayed.hold else stayed.woke_at
        _write(stayed, "woke_at")
    for model in FOLLOWS:
        ids = told["moved"].get(model.__name__, [])
        model._default_manager.filter(pk__in=ids, conversation=told["stayed"]).update(conversation=closed)
    _tell([row.pk for row in spells.values()])


def _take_over(closing: Conversation, staying: Conversation) -> None:
    """What the one that stays gets from the other."""
    someone_waits = closing.waiting_since or staying.waiting_since
    if staying.assignee_id is None:
        staying.assignee_id, staying.assigned_at = closing.assignee_id, closing.assigned_at
    staying.team_id = staying.team_id or closing.team_id
    staying.intent_id = staying.intent_id or closing.intent_id
    staying.waiting_since = _first(closing.waiting_since, staying.waiting_since)
    staying.danger_at = _first(closing.danger_at, staying.danger_at)
    staying.unread_count += closing.unread_count
    staying.sensitive = staying.sensitive or closing.sensitive
    staying.labels = list(dict.fromkeys([*staying.labels, *closing.labels]))[:MOST_LABELS]
    if someone_waits:
        staying.hold, staying.hold_since, staying.hold_until = Conversation.Hold.NONE, None, None
    elif not staying.hold:
        staying.hold, staying.hold_since, staying.hold_until = closing.hold, closing.hold_since, closing.hold_until
    staying.woke_at = None if staying.hold else _first(closing.woke_at, staying.woke_at)


def _close(closing: Conversation, *, at: datetime) -> None:
    closing.status, closing.closed_at, closing.close_reason = Conversation.Status.CLOSED, at, MERGED
    closing.waiting_since, closing.danger_at, closing.unread_count = None, None, 0
    closing.hold, closing.hold_since, closing.hold_until = Conversation.Hold.NONE, None, None
    closing.woke_at = None
    _write(closing, "status", "closed_at", "close_reason", "woke_at")


def _move(model: Any, closing: Conversation, staying: Conversation) -> list[str]:
    """What belongs to the one that closes goes to the other, where nobody has the same there already."""
    rows = model._default_manager.filter(conversation=closing)
    if model is ClientQuestion:
        rows = rows.filter(answered_at=None, withdrawn_at=None)
    else:
        there = set(model._default_manager.filter(conversation=staying).values_list("user_id", *_mode(model)))
        rows = [row for row in rows if (row.user_id, *(getattr(row, name) for name in _mode(model))) not in there]
    ids = [row.pk for row in rows]
    model._default_manager.filter(pk__in=ids).update(conversation=staying)
    return [str(pk) for pk in ids]


def _mode(model: Any) -> tuple[str, ...]:
    return ("mode",) if model is Draft else ()


def _live(closed: Conversation) -> bool:
    return Conversation.objects.open().filter(channel=closed.channel_id).exists()


def _write(spell: Conversation, *also: str) -> None:
    spell.save(update_fields=[*also, *(name.removesuffix("_id") for name in FIELDS)])


def _tell(ids: list[UUID]) -> None:
    Conversation.objects.filter(pk__in=ids).update(version=F("version") + 1)
    promise.renew(ids)
    summary.refresh(ids)
    hints.conversations_changed(ids)


def _first(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((at for at in (one, other) if at), default=None)


def _values(spell: Conversation) -> dict[str, Any]:
    """Everything of a conversation that joining may change, as JSON has it."""
    moments = {name: at.isoformat() if (at := getattr(spell, name)) else None for name in MOMENTS}
    ids = {name: str(pk) if (pk := getattr(spell, name)) else None for name in IDS}
    plain = {name: getattr(spell, name) for name in PLAIN}
    return moments | ids | plain | {"labels": [str(pk) for pk in spell.labels]}


def _restored(values: dict[str, Any]) -> dict[str, Any]:
    """The same as columns have it."""
    found: dict[str, Any] = {name: moment(values[name]) for name in MOMENTS}
    found |= {name: UUID(values[name]) if values[name] else None for name in IDS}
    return found | {name: values[name] for name in PLAIN} | {"labels": [UUID(pk) for pk in values["labels"]]}
