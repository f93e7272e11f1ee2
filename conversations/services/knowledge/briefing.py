"""What whoever answers must know of a company: its tone, its hours now, its notices, its links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from conversations.models import InboxSettings, Notice, NoticeRead, QuickReply
from conversations.services import inbox_settings
from conversations.services.people import outside
from conversations.services.promise.promise import Promise
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.accounts.services import house_rules
from tenants.models import ClientCompany

MOST_NOTICES = 20
MOST_REPLIES = 40
FIELDS = ("tone", "form_of_address", "links", "house_rules")


@dataclass(frozen=True, slots=True)
class Hours:
    """Whether the company is open now, and until or from when."""

    is_open: bool
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Briefing:
    """Everything at once, as the panes beside a conversation show it."""

    tone: str
    form_of_address: str
    links: Sequence[Mapping[str, str]]
    house_rules: str
    hours: Hours
    always_open: bool
    notices: Sequence[Notice]

    @property
    def unread(self) -> list[Notice]:
        return [notice for notice in self.notices if not getattr(notice, "was_read", False)]


def of(user: User, *, at: datetime | None = None, settings: InboxSettings | None = None) -> Briefing:
    """The briefing of the entered company for one of its people; three queries."""
    at = at or timezone.now()
    settings = settings or InboxSettings.load()
    return Briefing(
        tone=settings.tone,
        form_of_address=settings.form_of_address,
        links=settings.links,
        house_rules=settings.house_rules,
        hours=hours_now(settings, at=at),
        always_open=not settings.hours,
        notices=list(current_notices(user, at=at)[:MOST_NOTICES]),
    )


def of_request(request: HttpRequest, user: User) -> Briefing:
    """The same, asked once in a request however many parts of a page show it."""
    kept: tuple[Any, Briefing] | None = getattr(request, "_briefing", None)
    if kept is None or kept[0] != user.pk:
        kept = user.pk, of(user, settings=inbox_settings.of_request(request))
        request._briefing = kept  # type: ignore[attr-defined]
    return kept[1]


def hours_now(settings: InboxSettings, *, at: datetime) -> Hours:
    """Open or closed at this moment, with what comes next."""
    hours = Promise.of(settings).hours
    if hours.is_open(at):
        return Hours(True, hours.closing(at))
    return Hours(False, hours.next_opening(at))


def current_notices(user: User, *, at: datetime) -> QuerySet[Notice]:
    """Those that hold now, urgent ones first, each with ``was_read``."""
    rows = Notice.objects.filter(starts_at__lte=at).filter(Q(ends_at=None) | Q(ends_at__gt=at))
    read = NoticeRead.objects.filter(notice=OuterRef("pk"), user=user)
    rows = rows.annotate(was_read=Exists(read)).select_related("written_by")
    return rows.order_by("-urgent", "-starts_at", "-id")


def quick_replies_for(user: User) -> QuerySet[QuickReply]:
    """Shared ones and her own, those used most first."""
    return QuickReply.objects.filter(Q(owner=None) | Q(owner=user)).order_by("-used", "shortcut")[:MOST_REPLIES]


@transaction.atomic
def save(company: ClientCompany, *, given: Mapping[str, Any], by: User) -> list[str]:
    """Keep tone, form of address, links and house rules; returns the names of what changed.

    Other house rules have to be accepted anew by everybody of the agency.
    """
    settings = InboxSettings.objects.select_for_update().filter(pk=1).first() or InboxSettings()
    changed = [name for name in FIELDS if name in given and getattr(settings, name) != given[name]]
    if not changed:
        return []
    for name in changed:
        setattr(settings, name, given[name])
    settings.save()
    audit.record("settings.changed", actor=by, subject=by, fields=sorted(changed))
    if "house_rules" in changed:
        house_rules.changed(company, written=bool(settings.house_rules), by=by)
        outside.give_back()
    return changed
