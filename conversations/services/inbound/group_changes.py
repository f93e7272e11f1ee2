"""What happens to groups beside messages: lines in their threads, their name, who is in them."""

from typing import Any
from uuid import UUID

from conversations.integrations.services.events import Fact
from conversations.models import Contact, ConversationEvent
from conversations.services.contacts.group_members import ENDED, MEMBERS
from conversations.services.inbound import groups
from conversations.services.inbound.items import Item, Outcome
from conversations.services.inbound.meeting import meet
from conversations.services.inbound.people import Seen
from conversations.services.inbound.threads import Threads
from conversations.whatsapp import payloads

KIND = ConversationEvent.Kind.GROUP_CHANGED
SUBJECT_AT = "_subject_at"
MAX_MEMBERS = 300
MAX_NAME_CHARS = 200
ENDS = {"delete": "deleted", "suspend": "suspended"}
BEGINS = frozenset({"create", "suspend_cleared"})


def note(item: Item, outcome: Outcome) -> None:
    """Note one change of a group, once; what it says of name and members holds from its own time on."""
    event = item.event
    assert isinstance(event, payloads.GroupChange)  # noqa: S101  the handler's own type
    number_id = item.our_number.pk
    if event.change == "create" and event.errors:  # the group was never made
        return
    group = groups.meet([event.group_id])[event.group_id]
    people = {field: _meet(listed, item) for field, listed in _listed(event).items() if listed}
    data = _data(event, people)
    threads = Threads([group.id])
    pair = threads.pair(group.id, number_id)
    told = ConversationEvent.objects.filter(channel_id=pair.id, kind=KIND, at=item.at)
    if any(line.data == data for line in told):
        return
    spell = threads.last(pair, at=item.at)
    threads.write_before_messages(outcome)
    ConversationEvent.objects.create(channel_id=pair.id, conversation_id=spell.id, kind=KIND, at=item.at, data=data)
    threads.write_after_messages(outcome)
    if not event.errors:
        _describe(group.id, item, event, people)
    fact = {"change": event.change, "contact_id": str(group.id), "phone_number_id": item.our_number.phone_number_id}
    outcome.facts.append(Fact("group.changed", group.id, item.at, conversation_id=spell.id, data=fact))


def _listed(event: payloads.GroupChange) -> dict[str, tuple[tuple[str | None, str | None], ...]]:
    return {"joined": event.joined, "left": event.left, "asks": event.asks}


def _meet(listed: tuple[tuple[str | None, str | None], ...], item: Item) -> list[UUID]:
    return [meet(Seen(phone, bsuid, item.at, wrote=False)).id for phone, bsuid in listed[:MAX_MEMBERS]]


def _data(event: payloads.GroupChange, people: dict[str, list[UUID]]) -> dict[str, Any]:
    data: dict[str, Any] = {"change": event.change}
    data |= {field: [str(pk) for pk in ids] for field, ids in people.items()}
    for name, value in (("subject", event.subject), ("description", event.description), ("by", event.by)):
        if value is not None:
            data[name] = value
    if event.errors:
        data["error_code"] = event.errors[0].code
    return data


def _describe(group_id: UUID, item: Item, event: payloads.GroupChange, people: dict[str, list[UUID]]) -> None:
    """Name, members and whether it can still be written to."""
    group = Contact.objects.select_for_update().get(pk=group_id)
    known: dict[str, Any] = dict(group.metadata)
    if event.subject is not None and item.at.isoformat() >= known.get(SUBJECT_AT, ""):
        group.name, known[SUBJECT_AT] = event.subject[:MAX_NAME_CHARS], item.at.isoformat()
    members = set(known.get(MEMBERS, [])) | {str(pk) for pk in people.get("joined", [])}
    members -= {str(pk) for pk in people.get("left", [])}
    if members or MEMBERS in known:
        known[MEMBERS] = sorted(members)[:MAX_MEMBERS]
    if event.change in ENDS:
        known[ENDED] = ENDS[event.change]
    elif event.change in BEGINS and known.get(ENDED) != ENDS["delete"]:
        known.pop(ENDED, None)
    group.metadata = known
    group.save(update_fields=["name", "metadata"])
