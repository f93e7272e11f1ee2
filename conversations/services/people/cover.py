"""Cover: whether somebody is there while the company says that it is open, and somebody cleared where that is needed.

Watched in companies where people use the switch of their presence. A short absence is none of it; what lasts is an
alarm, told once and ended by itself when somebody is there again or the hours are over.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from conversations.models import Alarm, Conversation
from conversations.services.alarms import alarms
from conversations.services.people.presence import Person
from conversations.services.promise.promise import Promise

NO_COVER, NO_CLEARED_COVER = "no_cover", "no_cleared_cover"
KINDS = (NO_COVER, NO_CLEARED_COVER)
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Cover:
    """How the entered company is staffed now.

    watched  somebody here uses the switch, so that its silence says something
    waiting  people who wait for an answer; ``sensitive`` those whom only somebody cleared may see
    since    since when it is open and nobody is available, null while somebody is
    cleared_since  since when nobody cleared is
    changes_at     when it opens or closes next
    """

    watched: bool
    open: bool
    available: int
    cleared: int
    waiting: int
    sensitive: int
    since: datetime | None
    cleared_since: datetime | None
    changes_at: datetime | None
    anybody_cleared: bool = True

    @property
    def missing(self) -> bool:
        return self.watched and self.open and not self.available

    @property
    def cleared_missing(self) -> bool:
        """Also where nobody is cleared at all: then no switch and no hour will bring somebody."""
        looks = (self.watched and self.open) or not self.anybody_cleared
        return looks and bool(self.sensitive) and not self.cleared


def of(people: Iterable[Person], *, at: datetime | None = None) -> Cover:
    """Four queries beside those that found the people."""
    at, people = at or timezone.now(), list(people)
    hours = Promise.current().hours
    opened = next((start for start, end in hours.spans_of(hours.local_day(at)) if start <= at < end), None)
    cleared = [person for person in people if person.user.cleared]
    waiting = Conversation.objects.waiting().filter(hold="")
    return Cover(
        watched=any(person.stand.since for person in people),
        open=opened is not None,
        available=sum(person.available for person in people),
        cleared=sum(person.available for person in cleared),
        waiting=waiting.count(),
        sensitive=waiting.filter(sensitive=True).count(),
        since=_since(people, at, opened),
        cleared_since=_since(cleared, at, opened),
        changes_at=hours.closing(at) if opened else hours.next_opening(at),
        anybody_cleared=bool(cleared),
    )


def watch(cover: Cover, *, at: datetime) -> datetime | None:
    """Raise what is missing, end what is not; when to look again because patience ends then."""
    looks = [
        _watch(NO_COVER, missing=cover.missing, since=cover.since, waiting=cover.waiting, at=at),
        _watch(
            NO_CLEARED_COVER, missing=cover.cleared_missing, since=cover.cleared_since, waiting=cover.sensitive, at=at
        ),
    ]
    return min((look for look in looks if look), default=None)


def _watch(kind: str, *, missing: bool, since: datetime | None, waiting: int, at: datetime) -> datetime | None:
    if not missing:
        alarms.end_alarm(kind)
        return None
    if since is not None and at < since + PATIENCE:
        return since + PATIENCE
    if not Alarm.objects.filter(kind=kind, phone_number=None, closed_at=None).exists():
        severity = Alarm.Severity.CRITICAL if waiting else Alarm.Severity.WARNING
        alarms.raise_alarm(kind, severity=severity, data={"waiting": waiting})
    return None


def _since(people: list[Person], at: datetime, opened: datetime | None) -> datetime | None:
    if any(person.available for person in people):
        return None
    ends = [opened, *(person.stand.stopped_at(at=at) for person in people)]
    return max((ended for ended in ends if ended), default=None)
