"""Reads the audit trail for people: filtered, newest first, paged by its own numbers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.accounts import audit, audit_facts, audit_lines, audit_things, audit_words
from tenants.accounts.audit_lines import Line
from tenants.accounts.models import ApiKey, AuditEntry, User

PAGE = 50
EXPORT_PAGE = 1_000
MAX_CHOICES = 500
QUIET = timedelta(minutes=15)  # looking again within this time is the same look
SYSTEM = "system"
REFUSED = "session.refused"  # by whom is not known


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show. ``person`` is an id of a user or key, or ``system``; days are the reader's and inclusive.

    kind     of what entries are about, as ``AuditEntry.subject_kind`` has it
    subject  one thing of it: ``kind:id``
    """

    person: str = ""
    action: str = ""
    kind: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return any((self.person, self.action, self.kind, self.subject, self.since, self.until))


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the trail is read. Names of contacts stand on pages, not in files, where they would outlive erasure."""

    user: User
    takes_away: bool = False

    def lines_of(self, entries: Sequence[AuditEntry]) -> list[Line]:
        """Entries with the names of what they are about, in one query for each kind of thing."""
        keys = [key for entry in entries for key in audit_lines.keys_of(entry)]
        things = audit_things.find(keys, reader=self.user, with_contacts=not self.takes_away)
        return [Line(entry, things) for entry in entries]


def page(
    shown: Filter, *, reader: Reader, before: int | None = None, size: int = PAGE
) -> tuple[list[Line], int | None]:
    """So many entries and the number to go on from, None at the end."""
    entries = _matching(shown)
    if before is not None:
        entries = entries.filter(sequence__lt=before)
    found = list(entries.order_by("-sequence")[: size + 1])
    return reader.lines_of(found[:size]), found[size - 1].sequence if len(found) > size else None


def header() -> list[str]:
    """The columns of a file: first in the reader's words, then as the trail keeps it."""
    words = (
        *(_("No."), _("When"), _("Who"), _("On behalf of"), _("What"), _("About"), _("Name"), _("Reason"), _("Facts")),
        _("IP address"),
    )
    return [*map(str, words), *EXACT]


EXACT = ("at", "kind_of_who", "action", "subject", "subject_id", "ground", "reason", "details", "hash")


def table(shown: Filter, *, reader: Reader, before: int | None = None) -> tuple[list[list[object]], int | None]:
    """The same entries as rows of a file, and the number to go on from, None at the end."""
    lines, following = page(shown, reader=reader, before=before, size=EXPORT_PAGE)
    return [[*_in_words(line), *_exact(line.entry)] for line in lines], following


def _in_words(line: Line) -> list[object]:
    entry = line.entry
    return [
        entry.sequence,
        audit_facts.moment_text(entry.at),
        _("Not signed in") if entry.action == REFUSED else entry.actor_name,
        entry.on_behalf_of,
        line.words,
        line.subject,
        line.thing.name,
        line.reason,
        " · ".join(f"{fact.name}: {fact.text}" for fact in line.facts),
        entry.ip,
    ]


def _exact(entry: AuditEntry) -> list[object]:
    return [
        timezone.localtime(entry.at).isoformat(timespec="milliseconds"),
        entry.actor_kind,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.ground,
        entry.reason,
        json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else "",
        entry.hash,
    ]


def called(shown: Filter, *, reader: Reader) -> str:
    """The one thing that a filter leaves, in words; empty where it leaves more."""
    if not shown.subject:
        return ""
    kind, _colon, pk = shown.subject.partition(":")
    thing = audit_things.find([(kind, pk)], reader=reader.user, with_contacts=True).get((kind, pk))
    return f"{audit_words.of_subject(kind)} {thing.name if thing else audit_facts.short_ids(pk)}"


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
    if shown.kind:
        entries = entries.filter(subject_kind=shown.kind)
    if shown.subject:
        kind, _colon, pk = shown.subject.partition(":")
        entries = entries.filter(subject_kind=kind, subject_id=pk)
    if shown.since:
        entries = entries.filter(at__gte=_midnight(shown.since))
    if shown.until:
        entries = entries.filter(at__lt=_midnight(shown.until + timedelta(days=1)))
    return entries


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
