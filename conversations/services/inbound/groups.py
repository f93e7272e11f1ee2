"""Messages in groups: the group has a thread of its own, each message names the member who wrote it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from conversations.models import Contact
from conversations.services.inbound.items import Item, Outcome
from conversations.services.inbound.messages import NOT_MESSAGES, Batch, New
from conversations.services.inbound.people import People, Person
from conversations.services.inbound.threads import Pair
from conversations.whatsapp import payloads
from tenants import bulk
from tenants.ids import uuid7

Written = payloads.InboundMessage | payloads.Echo
MAX_GROUP_CHARS = 160
KNOWN = "SELECT group_id, id FROM conversations_contact WHERE group_id = ANY(%s::text[])"
SPOKE = "last_message_at = greatest(old.last_message_at, news.last_message_at)"


def is_in_group(item: Item) -> bool:
    """Whether the event is a message that stands in the thread of a group."""
    event = item.event
    return isinstance(event, Written) and event.group_id is not None and event.type not in NOT_MESSAGES


def apply(items: Sequence[Item], outcome: Outcome) -> int:
    """Apply these messages up to the first one that shows two contacts to be one; tells how many.

    Raises  TwoFound when that is the first
    """
    return _GroupBatch(items, outcome).run()


@dataclass(frozen=True, slots=True)
class Group:
    """A group while a batch is applied: a contact of its own, apart from its members."""

    id: UUID
    fresh: bool = False


def meet(group_ids: Iterable[str]) -> dict[str, Group]:
    """The groups with these ids of the platform, made when nobody knows them."""
    wanted = {group_id[:MAX_GROUP_CHARS]: group_id for group_id in group_ids}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [list(wanted)])
        found = {group_id: Group(pk) for group_id, pk in cursor.fetchall()}
    fresh = {short: Group(uuid7(), fresh=True) for short in wanted if short not in found}
    rows = [{"id": group.id, "kind": Contact.Kind.GROUP, "group_id": short} for short, group in fresh.items()]
    bulk.insert(Contact, rows)
    return {whole: (found | fresh)[short] for short, whole in wanted.items()}


class _GroupBatch(Batch):
    """As for plain messages, but people are met as members, and the threads are those of the groups."""

    def __init__(self, items: Sequence[Item], outcome: Outcome) -> None:
        super().__init__(items, outcome)
        self._groups = meet({group_id for item in items if (group_id := getattr(item.event, "group_id", None))})

    def _writer(self, item: Item, people: People) -> Person:
        if isinstance(item.event, payloads.Echo):  # ours: nobody of the group wrote it
            return Person(self._group_of(item))
        return super()._writer(item, people)

    def _owner_id(self, one: New) -> UUID:
        return self._group_of(one.item)

    def _add_row(self, one: New, pair: Pair, conversation_id: UUID) -> None:
        super()._add_row(one, pair, conversation_id)
        inbound = isinstance(one.event, payloads.InboundMessage)
        self.messages[-1]["participant_id"] = one.person.id if inbound else None
        if inbound:
            self.outcome.facts[-1].data["participant_id"] = str(one.person.id)

    def _write(self, new: list[New]) -> None:
        super()._write(new)
        newest: dict[UUID, datetime] = {}
        for one in new:
            group = self._owner_id(one)
            newest[group] = max(newest.get(group, one.item.at), one.item.at)
        bulk.update(Contact, [{"id": pk, "last_message_at": at} for pk, at in newest.items()], changes=SPOKE)

    def _group_of(self, item: Item) -> UUID:
        assert isinstance(item.event, Written) and item.event.group_id  # noqa: S101  is_in_group lets nothing else pass
        return self._groups[item.event.group_id].id
