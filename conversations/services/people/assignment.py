"""Gives conversations out by themselves: to a team by skill and language, then to whoever of it is free.

The most urgent first (danger, then what breaks first, then who waits longest). Never more than somebody's capacity,
never twice, however many workers do it: one at a time in a company, and whoever is given something is locked, agency
staff one by one over all their clients. What is being changed by others is left for another look.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from conversations import hints
from conversations.desk.models import StaffPresence
from conversations.models import Conversation, ConversationEvent, InboxSettings, Team
from conversations.services import summary
from conversations.services.people import assignment_rules as rules
from conversations.services.people import duty_marks, presence
from conversations.services.people.presence import Person
from tenants import bulk
from tenants.accounts.models import Presence, User
from tenants.context import current_schema

ASSIGNED = "assigned"  # the hint to whoever was given one
BATCH = 100
LOOKS = 20  # batches of the most urgent that one round goes through
MOST_ROUTED = 500
ROUNDS = 50
SOON = timedelta(seconds=1)
DECLINED = timedelta(hours=1)  # whoever let a conversation go does not get it again by itself within
LET_GO = (ConversationEvent.Kind.RELEASED, ConversationEvent.Kind.TRANSFERRED)
LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
ROUTE = """
WITH home AS (
    SELECT c.id, fitting.id AS team_id
    FROM conversations_conversation AS c
    JOIN conversations_contact AS contact ON contact.id = c.contact_id
    LEFT JOIN conversations_intent AS intent ON intent.id = c.intent_id
    LEFT JOIN LATERAL (
        SELECT team.id, split_part(replace(lower(contact.language), '_', '-'), '-', 1) = ANY(team.languages) AS spoken
        FROM conversations_team AS team
        WHERE team.id = ANY(%(automatic)s::uuid[])
          AND team.id = ANY(CASE WHEN c.sensitive THEN %(cleared)s::uuid[] ELSE %(staffed)s::uuid[] END)
          AND (CASE WHEN coalesce(intent.skill, '') = '' THEN team.skills = '{}'
                    ELSE lower(intent.skill) = ANY(team.skills) END)
          AND (team.languages = '{}'
               OR split_part(replace(lower(contact.language), '_', '-'), '-', 1) = ANY(team.languages))
        ORDER BY spoken DESC, team.auto_assign DESC, team.created_at LIMIT 1
    ) AS fitting ON true
    WHERE c.status <> 'closed' AND c.waiting_since IS NOT NULL AND c.hold = '' AND c.assignee_id IS NULL
      AND CASE WHEN c.team_id IS NULL THEN fitting.id IS NOT NULL
               ELSE c.team_id = ANY(%(automatic)s::uuid[]) AND
                    c.team_id <> ALL(CASE WHEN c.sensitive THEN %(cleared)s::uuid[] ELSE %(staffed)s::uuid[] END) END
    ORDER BY coalesce(c.due_at, c.waiting_since), c.waiting_since, c.id LIMIT %(most)s
    FOR NO KEY UPDATE OF c SKIP LOCKED
)
UPDATE conversations_conversation AS c SET team_id = home.team_id, version = c.version + 1
FROM home WHERE c.id = home.id RETURNING c.id
"""
GIVEN = "assignee_id = news.assignee_id, assigned_at = news.assigned_at, version = old.version + 1"


@dataclass(slots=True)
class Round:
    """What one transaction did: how many it gave out, and whether something was left that others were changing."""

    given: int = 0
    again: bool = False


def assign() -> int:
    """Give out what waits in the entered company, as far as there are free hands; tells how many."""
    given = 0
    for _number in range(ROUNDS):
        done = _round()
        given += done.given
        if done.again:
            duty_marks.here(duty_marks.ASSIGN, due_at=timezone.now() + SOON)
        if done.given < BATCH:
            return given
    duty_marks.here(duty_marks.ASSIGN)
    return given


@transaction.atomic
def _round() -> Round:
    if not _alone():
        return Round(again=True)
    everywhere = InboxSettings.load().auto_assign
    teams = {team.pk: team for team in Team.objects.all()}
    automatic = [pk for pk, team in teams.items() if everywhere or team.auto_assign]
    if not (everywhere or automatic):
        return Round()
    ready = _lock_ready()
    people = presence.everybody()
    done = Round(again=_route(people, automatic))
    free = [person for person in people if person.available and not person.full]
    hands = [rules.hand_of(person, teams) for person in free if person.user.pk in ready]
    done.again |= len(hands) < len(free)
    if hands:
        _give(hands, _waiting(hands, teams=None if everywhere else automatic), done)
    return done


def _alone() -> bool:
    """Whether nobody else gives out in this company at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"assign:{current_schema()}"])
        return bool(cursor.fetchone()[0])


def _lock_ready() -> set[UUID]:
    """Keep whoever is available from leaving until she has hers: User.ids of those nobody else holds now.

    Whoever goes away meanwhile waits for this and then gives back what she was given. Somebody of the agency may be
    given work by another client at this moment; she is left to it.
    """
    people = User.objects.filter(is_active=True, presence=Presence.AVAILABLE, staff_id=None).order_by("pk")
    own = people.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True)
    inside = dict(User.objects.filter(is_active=True).exclude(staff_id=None).values_list("staff_id", "pk"))
    staff = StaffPresence.objects.filter(presence=Presence.AVAILABLE, staff__in=list(inside)).order_by("staff_id")
    locked = staff.select_for_update(no_key=True, skip_locked=True).values_list("staff_id", flat=True)
    return {*own, *(inside[staff_id] for staff_id in locked)}


def _route(people: list[Person], automatic: list[UUID]) -> bool:
    """Put what waits without a team into the one that fits, whether somebody there is free or not.

    That is a team in which somebody works, for what is sensitive somebody cleared; what stands in another leaves it.
    Tells whether more is left.
    """
    staffed = {team for person in people for team in person.teams}
    cleared = {team for person in people if person.user.cleared for team in person.teams}
    asked: dict[str, Any] = {
        "automatic": automatic,
        "staffed": list(staffed),
        "cleared": list(cleared),
        "most": MOST_ROUTED,
    }
    with connection.cursor() as cursor:
        cursor.execute(ROUTE, asked)
        routed = [row[0] for row in cursor.fetchall()]
    if routed:
        summary.refresh(routed, assigning=True)
        hints.conversations_changed(routed)
    return len(routed) == MOST_ROUTED


def _waiting(hands: list[rules.Hand], *, teams: list[UUID] | None) -> QuerySet[Conversation]:
    """Conversations that one of these could take as far as the database can tell, the most urgent first.

    teams  only those of these teams
    """
    rows = Conversation.objects.waiting().filter(hold="", assignee=None)
    theirs = {team for hand in hands for team in hand.team_skills}
    if teams is None:
        rows = rows.filter(Q(team=None) | Q(team__in=theirs))
    else:
        rows = rows.filter(team__in=theirs.intersection(teams))
    if not any(hand.cleared for hand in hands):
        rows = rows.filter(sensitive=False)
    if all(hand.languages for hand in hands):
        spoken = {language for hand in hands for language in hand.languages}
        rows = rows.filter(rules.spoken_in(spoken))
    rows = rows.exclude(intent__skill__in=rules.skills_nobody_has(hands))
    return rows.most_urgent_first().select_related("contact", "intent")


def _give(hands: list[rules.Hand], waiting: QuerySet[Conversation], done: Round) -> None:
    """Match by urgency, going further down where nobody can take what is on top; write what is still free."""
    now = timezone.now()
    chosen: dict[UUID, Conversation] = {}
    for start in range(0, BATCH * LOOKS, BATCH):
        found = list(waiting[start : start + BATCH])
        declined = _declined([row.pk for row in found])
        for row in found:
            hand = rules.best(hands, row, but=declined.get(row.pk, set())) if len(chosen) < BATCH else None
            if hand is not None:
                hand.take(at=now + timedelta(microseconds=len(chosen)))
                row.assignee, row.assigned_at = hand.user, now
                chosen[row.pk] = row
        if len(found) < BATCH or len(chosen) == BATCH or all(hand.room == 0 for hand in hands):
            break
    free = _still_free(chosen) if chosen else set()
    given = [row for row in chosen.values() if row.pk in free]
    if given:
        _write(given, at=now)
    done.given, done.again = len(given), done.again or len(given) < len(chosen)


def _still_free(chosen: dict[UUID, Conversation]) -> set[UUID]:
    """Locked; what others are changing or have changed is left for another look."""
    rows = Conversation.objects.waiting().filter(pk__in=chosen, hold="", assignee=None).order_by("pk")
    locked = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    same = ("team_id", "intent_id", "sensitive")
    return {row.pk for row in locked if all(getattr(row, name) == getattr(chosen[row.pk], name) for name in same)}


def _declined(ids: list[UUID]) -> dict[UUID, set[UUID]]:
    """Who gave which of these back lately, or had it taken from her for others."""
    lately = timezone.now() - DECLINED
    events = ConversationEvent.objects.filter(conversation__in=ids, kind__in=LET_GO, at__gt=lately)
    found: dict[UUID, set[UUID]] = {}
    for conversation_id, actor_id, holder in events.values_list("conversation_id", "actor_id", "data__taken_from"):
        found.setdefault(conversation_id, set()).update(UUID(str(one)) for one in (actor_id, holder) if one)
    return found


def _write(given: list[Conversation], *, at: datetime) -> None:
    rows = [{"id": row.pk, "assignee_id": row.assignee_id, "assigned_at": at} for row in given]
    bulk.update(Conversation, rows, changes=GIVEN)
    kind = ConversationEvent.Kind.ASSIGNED
    ConversationEvent.objects.bulk_create(
        ConversationEvent(channel_id=row.channel_id, conversation=row, kind=kind, at=at, data={"to": row.assignee.name})
        for row in given
        if row.assignee
    )
    holders: dict[UUID, list[UUID]] = {}
    for row in given:
        if row.assignee_id:
            holders.setdefault(row.assignee_id, []).append(row.pk)
    User.objects.filter(pk__in=holders).update(given_at=at)
    changed = [row.pk for row in given]
    summary.refresh(changed, assigning=True)
    hints.conversations_changed(changed)
    for holder, ids in holders.items():
        hints.tell(ASSIGNED, [holder], ids)
