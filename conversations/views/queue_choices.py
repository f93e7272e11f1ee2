"""The words and choices of the queue's views, sorts and filters."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from babel import Locale, UnknownLocaleError
from django.utils import formats, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.address_times import day_of
from conversations.language_codes import offered
from conversations.models import Contact, Intent, Label, PhoneNumber, SavedView, Team
from conversations.services import queue
from conversations.services.queue.filters import ME, NOBODY
from tenants.accounts.models import User

MOST = 100

VIEWS: dict[queue.View, tuple[str, str | Promise]] = {
    queue.View.WAITING: ("clock", gettext_lazy("Waiting")),
    queue.View.MINE: ("user-round", gettext_lazy("Mine")),
    queue.View.UNASSIGNED: ("inbox", gettext_lazy("Nobody's yet")),
    queue.View.TEAM: ("users", gettext_lazy("My teams")),
    queue.View.MENTIONS: ("at-sign", gettext_lazy("Mentions")),
    queue.View.FOLLOWING: ("eye", gettext_lazy("Following")),
    queue.View.SNOOZED: ("alarm-clock", gettext_lazy("Snoozed")),
    queue.View.CUSTOMER: ("hourglass", gettext_lazy("Waiting for the customer")),
    queue.View.CLIENT: ("building-2", gettext_lazy("Waiting for the client")),
    queue.View.OPEN: ("messages-square", gettext_lazy("All open")),
    queue.View.CLOSED: ("archive", gettext_lazy("Closed")),
}
SORTS: dict[queue.Sort, str | Promise] = {
    queue.Sort.BREAKS: gettext_lazy("What breaks first"),
    queue.Sort.WAIT: gettext_lazy("Longest wait"),
    queue.Sort.NEWEST: gettext_lazy("Newest message"),
    queue.Sort.OLDEST: gettext_lazy("Oldest message"),
}
EMPTY: dict[queue.View, tuple[str, str | Promise, str | Promise]] = {
    queue.View.WAITING: (
        "circle-check",
        gettext_lazy("Nobody is waiting"),
        gettext_lazy("New messages appear here by themselves, the most urgent first."),
    ),
    queue.View.MINE: (
        "hand",
        gettext_lazy("Nothing is yours yet"),
        gettext_lazy("Take over a conversation that waits, and it stands here until it is closed."),
    ),
    queue.View.UNASSIGNED: (
        "circle-check",
        gettext_lazy("Everything has somebody"),
        gettext_lazy("Conversations that nobody holds stand here."),
    ),
    queue.View.TEAM: (
        "users",
        gettext_lazy("Nothing for your teams"),
        gettext_lazy("What is given to a team you are in stands here, whoever holds it."),
    ),
    queue.View.MENTIONS: (
        "at-sign",
        gettext_lazy("Nobody has mentioned you"),
        gettext_lazy("When a colleague writes @ and your name in a note, it stands here."),
    ),
    queue.View.FOLLOWING: (
        "eye",
        gettext_lazy("You follow nothing"),
        gettext_lazy("Press W in a conversation that a colleague answers to hear what becomes of it."),
    ),
    queue.View.SNOOZED: (
        "alarm-clock",
        gettext_lazy("Nothing is snoozed"),
        gettext_lazy("Press S in a conversation to have it back at a time you choose."),
    ),
    queue.View.CUSTOMER: (
        "hourglass",
        gettext_lazy("No customer keeps us waiting"),
        gettext_lazy("Conversations in which the customer has to answer first stand here."),
    ),
    queue.View.CLIENT: (
        "building-2",
        gettext_lazy("No question is open"),
        gettext_lazy("Conversations in which somebody at the company has to answer first stand here."),
    ),
    queue.View.OPEN: (
        "inbox",
        gettext_lazy("No open conversations"),
        gettext_lazy("They begin when somebody writes to your number."),
    ),
    queue.View.CLOSED: (
        "archive",
        gettext_lazy("Nothing closed yet"),
        gettext_lazy("Conversations that are done stand here."),
    ),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that narrows, in words; ``query`` is the address without it."""

    name: str
    words: str
    query: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One field of the filters. ``kind`` is select, tick or day."""

    name: str
    words: str | Promise
    options: Sequence[tuple[str, str]] = ()
    kind: str = "select"


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One view beside the queue. ``key`` names its count; ``mine`` says whether the reader may rename and delete it."""

    key: str
    picture: str
    name: str
    query: str
    count: str
    current: bool
    saved: SavedView | None = None
    mine: bool = False


QUIET = frozenset({queue.View.SNOOZED, queue.View.CUSTOMER, queue.View.CLIENT, queue.View.OPEN, queue.View.CLOSED})


def links_of(asked: queue.Asked, *, counts: queue.Counts) -> tuple[list[ViewLink], list[ViewLink]]:
    """The product's views: what there is to do, and what rests."""
    shown = counts.shown
    links = [
        ViewLink(
            str(view),
            picture,
            str(name),
            queue.Asked(view).query,
            shown.get(str(view), ""),
            asked.view == view and not asked.filters,
        )
        for view, (picture, name) in VIEWS.items()
    ]
    return [link for link in links if link.key not in QUIET], [link for link in links if link.key in QUIET]


def saved_links(
    asked: queue.Asked, *, counts: queue.Counts, saved: Sequence[SavedView], may_share: bool
) -> list[ViewLink]:
    """The views somebody kept."""
    shown = counts.shown
    return [
        ViewLink(
            str(one.pk),
            "bookmark" if one.owner_id else "users",
            one.name,
            one.query,
            shown.get(str(one.pk), ""),
            one.query == asked.query,
            saved=one,
            mine=bool(one.owner_id) or may_share,
        )
        for one in saved
    ]


def view_name(view: queue.View) -> str:
    return str(VIEWS[view][1])


def filter_chips(asked: queue.Asked) -> list[Chip]:
    """What the queue is narrowed to, in words; one small query per filter that names a row."""
    return [
        Chip(name, _words(name, getattr(asked.filters, name)), asked.without(name).query)
        for name in asked.filters.set_names
    ]


def choices_of(*, user: User) -> list[Choice]:
    """Everything the queue can be narrowed to, bounded."""
    people = User.objects.filter(is_active=True).order_by("name").values_list("pk", "name")[:MOST]
    named = [(ME, _("Me")), (NOBODY, _("Nobody")), *((str(pk), name) for pk, name in people if pk != user.pk)]
    spoken = Contact.objects.exclude(language="").values_list("language", flat=True).distinct()[:MOST]
    found = [
        Choice("assignee", _("Held by"), named),
        Choice("team", _("Team"), _rows(Team.objects.order_by("name"))),
        Choice("label", _("Label"), _rows(Label.objects.filter(retired_at=None).order_by("name"))),
        Choice("intent", _("Intent"), _rows(Intent.objects.filter(retired_at=None).order_by("position", "name"))),
        Choice("language", _("Language"), _languages(spoken)),
        Choice("number", _("Number"), _numbers()),
        Choice("promise", _("Promise"), [("broken", _("Broken")), ("soon", _("Breaks soon"))]),
        Choice("unread", _("Unread only"), kind="tick"),
        Choice("since", _("Last message from"), kind="day"),
        Choice("until", _("Last message until"), kind="day"),
    ]
    if user.cleared:
        found.insert(-2, Choice("sensitive", _("Sensitive only"), kind="tick"))
    return [one for one in found if one.options or one.kind != "select"]


def language_name(code: str) -> str:
    """A language in the reader's own, as far as it is known."""
    try:
        name = Locale.parse(code, sep="-" if "-" in code else "_").get_display_name(translation.get_language() or "en")
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:] if name else code


def _languages(codes: Iterable[str]) -> list[tuple[str, str]]:
    return sorted(((code, language_name(code)) for code in offered(codes)), key=lambda one: one[1])


def _rows(rows: Any) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:MOST]]


def _numbers() -> list[tuple[str, str]]:
    rows = PhoneNumber.objects.order_by("display_number").values_list("pk", "display_number")[:MOST]
    return [(str(pk), shown) for pk, shown in rows] if len(rows) > 1 else []


def _name_in(model: Any, column: str = "name") -> Callable[[str], str]:
    def found(value: str) -> str:
        name = model.objects.filter(pk=UUID(value)).values_list(column, flat=True).first()
        return str(name or _("Somebody who left") if model is User else name or _("Gone"))

    return found


def _held(value: str) -> str:
    """As the views call it: no language can put "Me" or "Nobody" into a sentence as it stands."""
    return {ME: _("Mine"), NOBODY: _("Nobody's yet")}.get(value) or _("Held by %(value)s") % {
        "value": _name_in(User)(value)
    }


def _day(value: str) -> str:
    day = day_of(value)
    return formats.date_format(day, "MONTH_DAY_FORMAT") if day else value


WORDS: dict[str, tuple[str | Promise, Callable[[str], str]]] = {
    "assignee": ("%(value)s", _held),
    "team": (gettext_lazy("Team %(value)s"), _name_in(Team)),
    "label": ("%(value)s", _name_in(Label)),
    "intent": ("%(value)s", _name_in(Intent)),
    "language": ("%(value)s", language_name),
    "number": ("%(value)s", _name_in(PhoneNumber, "display_number")),
    "unread": (gettext_lazy("Unread"), str),
    "sensitive": (gettext_lazy("Sensitive"), str),
    "promise": (
        gettext_lazy("Promise %(value)s"),
        lambda value: _("broken") if value == "broken" else _("breaks soon"),
    ),
    "since": (gettext_lazy("From %(value)s"), _day),
    "until": (gettext_lazy("Until %(value)s"), _day),
}


def _words(name: str, value: str) -> str:
    words, shown = WORDS[name]
    return str(words) % {"value": shown(value)} if "%" in str(words) else str(words)
