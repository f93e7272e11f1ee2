"""Reads the audit trail for people: filtered, newest first, paged by its own numbers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from tenants.accounts import audit, audit_words
from tenants.accounts.models import ApiKey, AuditEntry, User

PAGE = 50
EXPORT_PAGE = 1_000
MAX_CHOICES = 500
QUIET = timedelta(minutes=15)  # looking again within this time is the same look
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show. ``person`` is an id of a user or key, or ``system``; days are the reader's and inclusive."""

    person: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return any((self.person, self.action, self.since, self.until))


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with its words. ``about`` is the name of the person it was about, where it was one."""

    entry: AuditEntry
    about: str = ""

    @property
    def words(self) -> str:
        return audit_words.of_action(self.entry.action)

    @property
    def subject(self) -> str:
        return audit_words.of_subject(self.entry.subject_kind) if self.entry.subject_kind else ""

    @property
    def short_id(self) -> str:
        return self.entry.subject_id[-8:]

    @property
    def facts(self) -> list[tuple[str, str]]:
        known = self.entry.details.items()
        return [(audit_words.of_fact(name), audit_words.of_value(value)) for name, value in known]


def page(shown: Filter, *, before: int | None = None, size: int = PAGE) -> tuple[list[Line], int | None]:
    """So many entries and the number to go on from, None at the end."""
    entries = _matching(shown)
    if before is not None:
        entries = entries.filter(sequence__lt=before)
    found = list(entries.order_by("-sequence")[: size + 1])
    names = _names(found)
    lines = [Line(entry, names.get(entry.subject_id, "")) for entry in found[:size]]
    return lines, found[size - 1].sequence if len(found) > size else None


HEADER = (
    "number", "at", "who", "kind_of_who", "on_behalf_of", "action", "what", "subject", "subject_id", "about", "ground",
    "reason", "details", "address", "hash",
)  # fmt: skip


def table(shown: Filter, *, before: int | None = None) -> tuple[list[list[object]], int | None]:
    """The same entries as rows of a file, and the number to go on from, None at the end."""
    lines, following = page(shown, before=before, size=EXPORT_PAGE)
    return [_row(line) for line in lines], following


def _row(line: Line) -> list[object]:
    entry = line.entry
    return [
        entry.sequence,
        timezone.localtime(entry.at).isoformat(timespec="milliseconds"),
        entry.actor_name,
        entry.actor_kind,
        entry.on_behalf_of,
        entry.action,
        line.words,
        entry.subject_kind,
        entry.subject_id,
        line.about,
        entry.ground,
        entry.reason,
        json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else "",
        entry.ip,
        entry.hash,
    ]


def people() -> list[tuple[str, str]]:
    """Whom one may filter by: everybody with an account here, keys, and the system itself."""
    users = User.objects.order_by("name").values_list("pk", "name")[:MAX_CHOICES]
    keys = ApiKey.objects.order_by("name").values_list("pk", "name")[:MAX_CHOICES]
    return [(str(pk), name) for pk, name in [*users, *keys]] + [(SYSTEM, "Balie")]


def note_viewing(user: User, *, request: Any) -> None:
    """Looking at the trail is itself recorded, once per short while."""
    now = timezone.now()
    lately = AuditEntry.objects.filter(actor_id=user.pk, action="audit.viewed", at__gt=now - QUIET)
    if not lately.exists():
        audit.record("audit.viewed", actor=user, request=request)


def _matching(shown: Filter) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.all()
    if shown.person == SYSTEM:
        entries = entries.filter(actor_id=None)
    elif shown.person:
        entries = entries.filter(actor_id=UUID(shown.person))
    if shown.action:
        entries = entries.filter(action=shown.action)
    if shown.since:
        entries = entries.filter(at__gte=_midnight(shown.since))
    if shown.until:
        entries = entries.filter(at__lt=_midnight(shown.until + timedelta(days=1)))
    return entries


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _names(entries: Sequence[AuditEntry]) -> dict[str, str]:
    """Names of the people that a page of entries is about, in one query."""
    about = {entry.subject_id for entry in entries if entry.subject_kind == "user"}
    return {str(pk): name for pk, name in User.objects.filter(pk__in=about).values_list("pk", "name")} if about else {}
