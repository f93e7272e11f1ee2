"""A thread as people see it: messages, notes and events of one pair, merged in order, page by page. Reads only.

Every page costs a fixed number of queries, however long the thread is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from conversations.models import Channel, Contact, ConversationEvent, Direction, InboxSettings, Message, Note
from conversations.services.contacts import special_consent
from conversations.services.handling import mentions
from conversations.services.outbox import outbox
from conversations.services.outbox.outbox_again import token_of
from conversations.services.threads.fingerprints import fingerprint
from conversations.services.threads.thread_places import EPOCH, Key, after, before, key_of
from conversations.status import MessageStatus
from tenants.accounts.models import User

__all__ = ["Item", "Key", "News", "Page", "around", "following", "item_of", "key_of", "news", "page", "quotable"]

PAGE = 30
MAX_NEWS = 200
MAX_SEEN = 200
OVERLAP = timedelta(seconds=60)  # a row may be committed that much later than its id was made
MAX_NAMES = 300
A_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
REPEATABLE = (MessageStatus.FAILED, MessageStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Reaction:
    """``name`` is empty where only one person can have been it: the contact of the thread."""

    emoji: str
    ours: bool
    name: str


@dataclass(slots=True)
class Item:
    """One line of a thread: ``kind`` is message, note or event."""

    kind: str
    row: Any
    key: Key
    reactions: list[Reaction] = field(default_factory=list)
    quoted: Message | None = None
    repeated: bool = False  # a copy of it was sent
    may_repeat: bool = False  # a person may send a copy now
    names: dict[str, str] = field(default_factory=dict)  # of the people it speaks of, by the contact's id
    called: list[mentions.Called] = field(default_factory=list)  # whom a note may name with an @
    version: str = ""

    @property
    def group(self) -> str:
        """Bubbles with the same text stand together: one sender within one minute."""
        if self.kind != "message":
            return f"{self.kind}-{self.key.id}"
        minute = self.key.at // 60_000_000
        who = self.row.author_id or self.row.participant_id or self.row.sender_kind
        return f"{self.row.direction}-{who}-{minute}"


@dataclass(frozen=True, slots=True)
class Page:
    """``older``: where the page before ends, None at the start of the thread; ``newer``: where the next begins."""

    items: Sequence[Item]
    older: Key | None = None
    newer: Key | None = None


def page(channel: Channel, *, before: Key | None = None, limit: int = PAGE) -> Page:
    """The newest page, or the one before a key; oldest item first."""
    items, more = _earlier(channel, before, limit)
    return Page(_dressed(channel, items), items[0].key if more else None)


def following(channel: Channel, *, after: Key, limit: int = PAGE) -> Page:
    """The page that comes after a key; ``newer`` is None when it ends with the newest item."""
    items, more = _later(channel, after, limit)
    return Page(_dressed(channel, items), newer=items[-1].key if more else None)


def around(channel: Channel, *, target: Key, limit: int = PAGE) -> Page:
    """The part of a thread with the target in its middle: half a page before it, half a page after it."""
    floor = target.floor()
    older, more_older = _earlier(channel, floor, limit // 2)
    newer, more_newer = _later(channel, floor, limit - limit // 2)
    items = older + newer
    return Page(
        _dressed(channel, items),
        older=items[0].key if more_older else None,
        newer=items[-1].key if more_newer else None,
    )


def _earlier(channel: Channel, key: Key | None, limit: int) -> tuple[list[Item], bool]:
    rows = [item for source in _sources(channel) for item in _items(before(source, key)[: limit + 1])]
    rows.sort(key=lambda item: item.key)
    return rows[-limit:], len(rows) > limit


def _later(channel: Channel, key: Key, limit: int) -> tuple[list[Item], bool]:
    rows = [item for source in _sources(channel) for item in _items(after(source, key)[: limit + 1])]
    rows.sort(key=lambda item: item.key)
    return rows[:limit], len(rows) > limit


@dataclass(frozen=True, slots=True)
class News:
    """``more``: so much is new that the page had better start afresh."""

    items: Sequence[Item]
    gone: Sequence[UUID]
    more: bool


def news(channel: Channel, *, since: datetime, seen: dict[UUID, str]) -> News:
    """What a page that was complete at ``since`` lacks: new items, and those of ``seen`` that look different by now."""
    floor = _lowest_id(since - OVERLAP)
    limit = MAX_NEWS + len(seen)
    rows: list[Item] = []
    for source in _sources(channel):
        rows += _items(source.filter(Q(pk__gt=floor) | Q(pk__in=seen)).order_by("-pk")[: limit + 1])
    rows.sort(key=lambda item: item.key)
    there = {item.row.pk for item in rows}
    changed = [item for item in _dressed(channel, rows[-limit:]) if seen.get(item.row.pk) != item.version]
    return News(changed, [pk for pk in seen if pk not in there], len(rows) > limit)


def quotable(channel: Channel, pk: UUID) -> Message | None:
    """A message of this thread that an answer may quote."""
    return _messages(channel).filter(pk=pk, removed_at=None, revoked_at=None).first()


def item_of(row: Message | Note) -> Item:
    """One message or note as an item of its thread."""
    return _dressed(row.channel, _items([row]))[0]


def _sources(channel: Channel) -> list[QuerySet[Any]]:
    return [
        _messages(channel),
        _shown(_with_names(Note.objects.filter(channel=channel), "author"), channel),
        _shown(_with_names(ConversationEvent.objects.filter(channel=channel), "actor"), channel),
    ]


def _messages(channel: Channel) -> QuerySet[Message]:
    rows = Message.objects.in_thread().filter(channel=channel).select_related("media", "participant")
    return _shown(_with_names(rows, "author", "removed_by"), channel)


def _with_names(rows: QuerySet[Any], *people: str) -> QuerySet[Any]:
    """With the people of these columns, of whom a thread shows nothing but the name."""
    others = [field.name for field in User._meta.concrete_fields if field.name not in ("id", "name")]
    return rows.select_related(*people).defer(*(f"{person}__{name}" for person in people for name in others))


def _shown(rows: QuerySet[Any], channel: Channel) -> QuerySet[Any]:
    """Without what stands in conversations that are set apart, for those who are not cleared (R-S13)."""
    return rows if channel.shows_all else rows.filter(conversation__sensitive=False)


def _items(rows: Iterable[Model]) -> list[Item]:
    kinds: dict[type, str] = {Message: "message", Note: "note", ConversationEvent: "event"}
    return [Item(kinds[type(row)], row, key_of(row)) for row in rows]  # type: ignore[arg-type]


def _dressed(channel: Channel, items: list[Item]) -> list[Item]:
    """Put on every item what it shows of others: reactions, the quoted message, its place in a group."""
    messages = [item for item in items if item.kind == "message"]
    reactions = _reactions(channel, [item.row.wamid for item in messages if item.row.wamid])
    quoted = _quoted(channel, {item.row.quoted_wamid for item in messages if item.row.quoted_wamid})
    for item in messages:
        item.reactions = reactions.get(item.row.wamid, [])
        item.quoted = quoted.get(item.row.quoted_wamid)
    if channel.opens_terms:
        special_consent.open_terms(channel.contact, [*(item.row for item in messages), *quoted.values()])
    _name_people(items)
    _name_called([item for item in items if item.kind == "note"])
    _judge_repeating([item for item in messages if item.row.status in REPEATABLE])
    for item in items:
        beside: tuple[object, ...] = (*item.reactions, item.repeated, item.may_repeat, *item.names.values())
        if item.kind == "message" and (item.row.terms_open or (item.quoted and item.quoted.terms_open)):
            beside = (*beside, "open")
        item.version = fingerprint(item.row, item.quoted, *beside)
    return items


def _name_people(items: list[Item]) -> None:
    """The names of those whom events and the receipts of a group speak of, for all items at once."""
    spoken = {item.key.id: ids for item in items if item.kind != "note" and (ids := _spoken_of(item.row))}
    if not spoken:
        return
    wanted = {pk for ids in spoken.values() for pk in ids}
    names = {str(contact.pk): contact.shown_name for contact in Contact.objects.filter(pk__in=wanted)}
    if colleagues := {pk for item in items if item.kind == "event" and (pk := _closer_of(item.row))}:
        names |= {str(user.pk): user.name for user in User.objects.filter(pk__in=colleagues)}
    for item in items:
        item.names = {pk: names[pk] for pk in spoken.get(item.key.id, []) if pk in names}


def _name_called(notes: list[Item]) -> None:
    called = mentions.named_in(item.row for item in notes)
    for item in notes:
        item.called = called.get(item.row.pk, [])


def _spoken_of(row: Message | ConversationEvent) -> list[str]:
    if isinstance(row, Message):
        recipients = row.content.get("recipients") if isinstance(row.content, dict) else None
        ids = list(recipients) if isinstance(recipients, dict) else []
    else:
        listed = [row.data.get(name) for name in ("joined", "left", "asks")]
        ids = [pk for part in listed if isinstance(part, list) for pk in part] + [row.data.get("contact_id")]
        ids.append(_closer_of(row))
    return [pk for pk in ids if isinstance(pk, str) and A_UUID.fullmatch(pk)][:MAX_NAMES]


def _closer_of(row: ConversationEvent) -> str:
    """The id of the colleague who had closed what was reopened."""
    pk = row.data.get("closed_by")
    return pk if isinstance(pk, str) and A_UUID.fullmatch(pk) else ""


def _judge_repeating(items: list[Item]) -> None:
    """Tell of messages that failed or stayed unknown whether they were sent once more, or may be."""
    if not items:
        return
    tokens = {token_of(item.row): item for item in items}
    for token in Message.objects.filter(client_token__in=tokens).values_list("client_token", flat=True):
        tokens[str(token)].repeated = True
    inbox_settings = InboxSettings.load()
    for item in items:
        item.may_repeat = not item.repeated and outbox.may_send_again(item.row, inbox_settings=inbox_settings)


def _reactions(channel: Channel, wamids: list[str]) -> dict[str, list[Reaction]]:
    """The latest reaction of each person per message (we are one); an empty one took it back."""
    if not wamids:
        return {}
    found: dict[tuple[str, object], Reaction] = {}
    rows = Message.objects.filter(channel=channel, type="reaction", quoted_wamid__in=wamids, removed_at=None)
    for row in rows.select_related("author", "participant").order_by("at", "sequence"):
        ours = row.direction == Direction.OUTBOUND
        who = row.author if ours else row.participant
        name = "" if who is None else who.name if isinstance(who, User) else who.shown_name
        emoji = str(row.content.get("emoji") or "")[:16]
        found[row.quoted_wamid, "us" if ours else row.participant_id] = Reaction(emoji, ours, name)
    grouped: dict[str, list[Reaction]] = {}
    for (wamid, _who), reaction in found.items():
        if reaction.emoji:
            grouped.setdefault(wamid, []).append(reaction)
    return grouped


def _quoted(channel: Channel, wamids: set[str]) -> dict[str, Message]:
    if not wamids:
        return {}
    rows = _messages(channel).filter(phone_number_id=channel.phone_number_id, wamid__in=wamids)
    return {row.wamid: row for row in rows if row.wamid}


def _lowest_id(moment: datetime) -> UUID:
    """The smallest id (UUIDv7) that a row made at this moment can have."""
    milliseconds = max((moment - EPOCH) // timedelta(milliseconds=1), 0)
    return UUID(int=milliseconds << 80)
