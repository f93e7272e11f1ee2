"""Looks whether people are still there: gives back what the gone hold, watches the cover, says when to look again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from conversations.models import Conversation, InboxSettings, Team
from conversations.presence_rules import SILENT
from conversations.services.people import cover, duty_marks, outside, presence, returns, teams
from conversations.services.people.presence import Person
from tenants.accounts.models import Presence

AT_LEAST = timedelta(seconds=30)
AT_MOST = timedelta(hours=1)


@transaction.atomic
def look() -> None:
    """In the entered company. The next look stands in the work index while anybody is on duty or anybody waits."""
    now, limit = timezone.now(), timedelta(minutes=InboxSettings.load().silent_minutes)
    people = presence.everybody(at=now)
    stands = {person.user.pk: person.stand for person in people}
    outside.give_back()
    returns.of_the_uncleared(person.user.pk for person in people if person.user.cleared)
    returns.of_the_gone(stands, at=now, limit=limit)
    returns.of_the_woken(stands, at=now, limit=limit)
    teams.drop_lapsed()
    _ask_for_giving_out()
    covered = cover.of(people, at=now)
    turns = [cover.watch(covered, at=now), _next(people, limit=limit, now=now), outside.look_again_at(at=now)]
    turns.append(covered.changes_at if covered.watched else None)
    if ahead := [turn for turn in turns if turn]:
        duty_marks.by(max(min(ahead), now + AT_LEAST))


def _ask_for_giving_out() -> None:
    """What only time changes is seen here: who gave something back an hour ago, a clearance that begins today."""
    if Conversation.objects.waiting().filter(hold="", assignee=None).exists() and (
        InboxSettings.load().auto_assign or Team.objects.filter(auto_assign=True).exists()
    ):
        duty_marks.here(duty_marks.ASSIGN)


def _next(people: list[Person], *, limit: timedelta, now: datetime) -> datetime | None:
    """When the first of those on duty would count as silent, or her conversations would come back."""
    turns = []
    for person in people:
        seen = person.stand.seen_at
        if seen is None:
            continue
        on_duty = person.stand.chosen != Presence.AWAY
        turns += [seen + SILENT] if on_duty else []
        turns += [seen + limit] if limit and person.here.open else []
    ahead = [turn for turn in turns if turn > now]
    if ahead:
        return min(min(ahead), now + AT_MOST)
    return now + AT_MOST if Conversation.objects.open().exists() else None
