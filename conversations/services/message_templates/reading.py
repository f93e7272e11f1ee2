"""The board of templates: by name with their languages, searched, narrowed, a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from conversations.models import MessageTemplate, TemplateNews

PAGE = 25
SHOWN_NEWS = 60
TROUBLED = ("REJECTED", "PAUSED", "DISABLED", "FLAGGED", "LIMIT_EXCEEDED", "LOCKED")
GROUPS: dict[str, Q] = {
    "approved": Q(status="APPROVED"),
    "review": Q(status__in=["PENDING", "IN_APPEAL"]) | ~Q(asked=""),
    "trouble": Q(status__in=TROUBLED) | ~Q(refusal={}),
    "draft": Q(status=MessageTemplate.DRAFT),
    "gone": Q(status__in=["ARCHIVED", "DELETED", "PENDING_DELETION"]),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; empty means all, but what is gone is only shown when asked for."""

    search: str = ""
    group: str = ""
    category: str = ""
    language: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """One name in one account with its languages."""

    waba_id: str
    name: str
    templates: list[MessageTemplate]

    @property
    def category(self) -> str:
        return self.templates[0].category

    @property
    def last_used_at(self) -> datetime | None:
        used = [one.last_used_at for one in self.templates if one.last_used_at]
        return max(used) if used else None


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Named]
    after: str  # the key behind which the next page begins; empty on the last


def board(wanted: Wanted, *, after: str = "") -> Page:
    """A page of names, in their order; ``after`` is the key that the page before gave."""
    keys = matching(wanted).order_by("name", "waba_id").values_list("name", "waba_id").distinct()
    name, _bar, waba_id = after.partition("|")
    if name:
        keys = keys.filter(Q(name__gt=name) | Q(name=name, waba_id__gt=waba_id))
    found = list(keys[: PAGE + 1])
    shown = found[:PAGE]
    rows = _rows(shown)
    more = f"{shown[-1][0]}|{shown[-1][1]}" if len(found) > PAGE else ""
    return Page([Named(account, name, rows[(name, account)]) for name, account in shown], more)


def matching(wanted: Wanted) -> QuerySet[MessageTemplate]:
    """The templates that somebody looks for."""
    rows = MessageTemplate.objects.all()
    if wanted.group in GROUPS:
        rows = rows.filter(GROUPS[wanted.group])
    elif not wanted.search:
        rows = rows.exclude(GROUPS["gone"])
    if wanted.search:
        words = wanted.search.replace(" ", "_")
        rows = rows.filter(Q(name__icontains=words) | Q(components__icontains=wanted.search))
    exact = {"category": wanted.category, "language": wanted.language, "waba_id": wanted.account}
    return rows.filter(**{name: value for name, value in exact.items() if value})


def _rows(keys: list[tuple[str, str]]) -> dict[tuple[str, str], list[MessageTemplate]]:
    found: dict[tuple[str, str], list[MessageTemplate]] = {key: [] for key in keys}
    rows = MessageTemplate.objects.filter(name__in=[name for name, _account in keys]).order_by("language")
    for row in rows:
        if (row.name, row.waba_id) in found:
            found[(row.name, row.waba_id)].append(row)
    return found


def needing_a_person(*, limit: int = 5) -> list[MessageTemplate]:
    """What somebody has to look at: refused, paused, about to change its category."""
    troubled = Q(status__in=["REJECTED", "PAUSED", "FLAGGED"]) | ~Q(refusal={}) | ~Q(correct_category="")
    rows = MessageTemplate.objects.filter(troubled).exclude(GROUPS["gone"])
    return list(rows.order_by("-status_at", "name")[:limit])


def languages_in_use() -> list[str]:
    return list(MessageTemplate.objects.order_by("language").values_list("language", flat=True).distinct()[:80])


def versions_of(template: MessageTemplate) -> list[MessageTemplate]:
    """The same name in every language, those that are gone too."""
    rows = MessageTemplate.objects.filter(waba_id=template.waba_id, name=template.name)
    return list(rows.order_by("language"))


def history_of(template: MessageTemplate) -> list[TemplateNews]:
    """What happened to it, newest first."""
    return list(template.news.order_by("-at", "-id")[:SHOWN_NEWS])
