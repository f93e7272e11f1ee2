"""The end of a shift: everything that somebody holds goes to others at once, each with a note, and nothing is lost.

Where it was to go to somebody who may not have it (any more), it goes to the queue: nothing stays behind with a person
who has left for the day. Customers keep their place in the order, and what is on hold stays on hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from conversations import hints
from conversations.errors import TextInvalid
from conversations.models import Conversation, ConversationEvent, Team
from conversations.presence_rules import AWAY
from conversations.services import summary
from conversations.services.handling import noting, team_news, transfers
from conversations.services.handling.conversations import MAX_NOTE_CHARS
from conversations.services.people import presence, returns
from tenants import bulk
from tenants.accounts.models import Presence, User
from tenants.errors import DomainError

MOST = 200
MOVED = (
    "assignee_id = news.assignee_id, assigned_at = news.assigned_at, team_id = news.team_id, version = old.version + 1"
)
QUEUE, TEAM, PERSON = "queue", "team", "person"


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation of the list: ``to`` is ``queue``, ``team:<id>`` or ``person:<id>``."""

    conversation_id: UUID
    to: str = QUEUE
    note: str = ""


class NoteRefused(DomainError):
    """A note of the list says what no note may say; nothing of the list was carried out."""

    code = "note_refused"
    http_status = 422

    def __init__(self, row: Conversation, refusal: DomainError) -> None:
        super().__init__(str(row.pk))
        self.user_message = f"{row.contact.shown_name}: {refusal.user_message}"


@dataclass(slots=True)
class Outcome:
    """What became of it.

    moved     conversations handed over; ``queued`` those of them that went to the queue instead
    gone      not hers any more, so left alone; their notes are kept all the same
    returned  what she still held where somebody waits and the list did not show
    """

    moved: int = 0
    queued: list[Conversation] = field(default_factory=list)
    gone: int = 0
    returned: int = 0

    def add(self, other: "Outcome") -> None:
        """Count what became of it elsewhere, too."""
        self.moved, self.gone = self.moved + other.moved, self.gone + other.gone
        self.returned += other.returned
        self.queued += other.queued


def of(user: User) -> QuerySet[Conversation]:
    """Her open conversations, who waits longest first, then what rests."""
    rows = Conversation.objects.visible_to(user).open().filter(assignee=user)
    rows = rows.select_related("contact", "team", "last_message", "last_message__media", "last_message__author")
    return rows.order_by("waiting_since", "-last_message_at")[:MOST]


@transaction.atomic
def hand_over(user: User, lines: Iterable[Line], *, leave: bool = True) -> Outcome:
    """Hand over what the lines name, give back what is left where somebody waits, and go away.

    Lines name what she may see; whatever else she holds goes back with the rest.
    leave   False: she stays for now, as somebody of the agency who hands over at other clients, too
    Raises  NoteRefused
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # before conversations, as the switch does
    given = {line.conversation_id: line for line in lines}
    rows = Conversation.objects.visible_to(user).filter(pk__in=given).select_related("contact").order_by("pk")
    locked = list(rows.select_for_update(of=("self",), no_key=True))
    mine = [row for row in locked if row.assignee_id == user.pk and row.status != Conversation.Status.CLOSED]
    outcome = Outcome(moved=len(mine), gone=len(locked) - len(mine))
    for row in locked:
        _write_note(row, author=user, body=given[row.pk].note)
    targets = _targets(line.to for line in given.values())
    kinds = {row.sensitive: row for row in mine}
    answering = {sensitive: transfers.teams_for(row) for sensitive, row in kinds.items()}
    if mine:
        _move(mine, {row.pk: _fitting(row, given[row.pk].to, targets, answering, outcome) for row in mine}, by=user)
    outcome.returned = returns.of_person(user, why=AWAY)
    if leave:
        presence.choose(user, presence=Presence.AWAY)
    return outcome


Targets = Mapping[str, User | Team]


def _targets(asked: Iterable[str]) -> Targets:
    """Persons and teams that are named, as they are now."""
    ids: dict[str, set[UUID]] = {TEAM: set(), PERSON: set()}
    for one in asked:
        kind, _colon, pk = one.partition(":")
        if kind in ids and (found := _uuid(pk)):
            ids[kind].add(found)
    people = User.objects.filter(pk__in=ids[PERSON], is_active=True)
    teams = Team.objects.filter(pk__in=ids[TEAM])
    return {f"{PERSON}:{user.pk}": user for user in people} | {f"{TEAM}:{team.pk}": team for team in teams}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _fitting(
    row: Conversation, to: str, targets: Targets, answering: Mapping[bool, Sequence[Team]], outcome: Outcome
) -> User | Team | None:
    """Whom it goes to; nobody where the person or the whole team chosen may not have it.

    answering  the teams in which somebody may answer what is sensitive, and what is not
    """
    target = targets.get(to)
    if isinstance(target, Team) and target not in answering[row.sensitive]:
        target = None
    if isinstance(target, User) and not transfers.may_get(row, user=target):
        target = None
    if target is None and to != QUEUE:
        outcome.queued.append(row)
    return target


def _write_note(row: Conversation, *, author: User, body: str) -> None:
    """A note longer than one holds becomes several."""
    body = body.strip()
    try:
        for start in range(0, len(body), MAX_NOTE_CHARS):
            noting.write(row, author=author, body=body[start : start + MAX_NOTE_CHARS])
    except TextInvalid as refusal:
        raise NoteRefused(row, refusal) from refusal


def _move(rows: list[Conversation], targets: Mapping[UUID, User | Team | None], *, by: User) -> None:
    now, kind = timezone.now(), ConversationEvent.Kind.HANDED_OVER
    changes, events, told = [], [], dict[UUID, list[UUID]]()
    for row in rows:
        target = targets[row.pk]
        person = target if isinstance(target, User) else None
        team_id = target.pk if isinstance(target, Team) else row.team_id
        changes.append(
            {
                "id": row.pk,
                "assignee_id": person.pk if person else None,
                "assigned_at": now if person else None,
                "team_id": team_id,
            }
        )
        data = {"to": target.name if target else ""}
        events.append(
            ConversationEvent(channel_id=row.channel_id, conversation=row, kind=kind, at=now, actor_id=by.pk, data=data)
        )
        if person:
            told.setdefault(person.pk, []).append(row.pk)
    bulk.update(Conversation, changes, changes=MOVED)
    ConversationEvent.objects.bulk_create(events)
    ids = [row.pk for row in rows]
    summary.refresh(ids)
    hints.conversations_changed(ids)
    for person_id, given in told.items():
        hints.tell(transfers.ASSIGNED, [person_id], given)
    for team in {target for target in targets.values() if isinstance(target, Team)}:
        team_news.tell(team, [row for row in rows if targets[row.pk] == team], by=by)
