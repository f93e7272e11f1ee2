"""Gives conversations out by themselves: to a team by skill and language, then to whoever of it is free.

The most urgent first (danger, then what breaks first, then who waits longest). Never more than somebody's capacity,
never twice, however many workers do it: one at a time in a company, and agency staff, who may be given something by
several clients at this moment, are locked one by one. What is being changed by others is left for another look.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from conversations import hints
from conversations.desk.models import StaffPresence
from conversations.models import Conversation, ConversationEvent, InboxSettings, Team
from conversations.services import assignment_rules as rules
from conversations.services import duty_marks, presence, summary
from tenants import bulk
from tenants.accounts.models import Presence, User
from tenants.context import current_schema

ASSIGNED = "assigned"  # the hint to whoever was given one
BATCH = 100
ROUNDS = 50
SOON = timedelta(seconds=1)
DECLINED = timedelta(hours=1)  # whoever gave a conversation back does not get it again by itself within
LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
ROUTE = """
WITH homeless AS (
    SELECT c.id, split_part(replace(lower(contact.language), '_', '-'), '-', 1) AS language,
           lower(coalesce(intent.skill, '')) AS skill
    FROM conversations_conversation AS c
    JOIN conversations_contact AS contact ON contact.id = c.contact_id
    LEFT JOIN conversations_intent AS intent ON intent.id = c.intent_id
    WHERE c.status <> 'closed' AND c.waiting_since IS NOT NULL AND c.hold = ''
      AND c.assignee_id IS NULL AND c.team_id IS NULL
    FOR NO KEY UPDATE OF c SKIP LOCKED
)
UPDATE conversations_conversation AS c SET team_id = home.team_id, version = c.version + 1
FROM (
    SELECT homeless.id, fitting.id AS team_id FROM homeless CROSS JOIN LATERAL (
        SELECT team.id FROM conversations_team AS team
        WHERE (%(all)s OR team.auto_assign)
          AND (CASE WHEN homeless.skill = '' THEN team.skills = '{}' ELSE homeless.skill = ANY(team.skills) END)
          AND (team.languages = '{}' OR homeless.language = ANY(team.languages))
        ORDER BY homeless.language = ANY(team.languages) DESC, team.auto_assign DESC, team.created_at LIMIT 1
    ) AS fitting
) AS home
WHERE c.id = home.id RETURNING c.id
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
    _route(everywhere)
    hands, busy = _free_hands(teams)
    done = Round(again=busy)
    if hands:
        _give(hands, _waiting(hands, teams=None if everywhere else automatic), done)
    return done


def _alone() -> bool:
    """Whether nobody else gives out in this company at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"assign:{current_schema()}"])
        return bool(cursor.fetchone()[0])


def _route(everywhere: bool) -> None:
    """Put what waits without a team into the one that fits, whether somebody there is free or not."""
    with connection.cursor() as cursor:
        cursor.execute(ROUTE, {"all": everywhere})
        routed = [row[0] for row in cursor.fetchall()]
    if routed:
        summary.refresh(routed, assigning=True)
        hints.conversations_changed(routed)


def _free_hands(teams: dict[UUID, Team]) -> tuple[list[rules.Hand], bool]:
    """Who is available and has room, agency staff locked; and whether another client is giving some of them work."""
    ready = StaffPresence.objects.filter(presence=Presence.AVAILABLE, staff__in=_staff_here())
    locked = set(ready.select_for_update(no_key=True, skip_locked=True).values_list("staff_id", flat=True))
    hands, busy = [], False
    for person in presence.everybody():
        if not person.available or person.full:
            continue
        if person.user.staff_id and person.user.staff_id not in locked:
            busy = True
            continue
        hands.append(rules.hand_of(person, teams))
    return hands, busy


def _staff_here() -> list[UUID]:
    rows = User.objects.filter(is_active=True).exclude(staff_id=None).values_list("staff_id", flat=True)
    return [staff_id for staff_id in rows if staff_id]


def _waiting(hands: list[rules.Hand], *, teams: list[UUID] | None) -> QuerySet[Conversation]:
    """Conversations that one of these could take as far as the database can tell, the most urgent first.

    teams  only those of these teams
    """
    rows = Conversation.objects.waiting().filter(hold="", assignee=None)
    if teams is not None:
        rows = rows.filter(team__in=teams)
    if not any(hand.cleared for hand in hands):
        rows = rows.filter(sensitive=False)
    if all(hand.languages for hand in hands):
        spoken = {language for hand in hands for language in hand.languages}
        rows = rows.filter(rules.spoken_in(spoken))
    rows = rows.exclude(intent__skill__in=rules.skills_nobody_has(hands))
    return rows.order_by(F("danger_at").asc(nulls_last=True), F("due_at").asc(nulls_last=True), "waiting_since", "id")


def _give(hands: list[rules.Hand], waiting: QuerySet[Conversation], done: Round) -> None:
    listed = waiting.select_related("contact", "intent").select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = list(listed[:BATCH])
    if len(found) < BATCH and len(found) < waiting.count():
        done.again = True
    declined = _declined([row.pk for row in found])
    now, given = timezone.now(), []
    for number, row in enumerate(found):
        hand = rules.best(hands, row, but=declined.get(row.pk, set()))
        if hand is not None:
            hand.take(at=now + timedelta(microseconds=number))
            row.assignee, row.assigned_at = hand.user, now
            given.append(row)
    if given:
        _write(given, at=now)
    done.given = len(given)


def _declined(ids: list[UUID]) -> dict[UUID, set[UUID]]:
    """Who gave which of these back lately."""
    lately = timezone.now() - DECLINED
    events = ConversationEvent.objects.filter(
        conversation__in=ids, kind=ConversationEvent.Kind.RELEASED, at__gt=lately, actor__isnull=False
    )
    found: dict[UUID, set[UUID]] = {}
    for conversation_id, actor_id in events.values_list("conversation_id", "actor_id"):
        found.setdefault(conversation_id, set()).add(actor_id)
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
