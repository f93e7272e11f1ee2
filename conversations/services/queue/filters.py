"""What an address asks of the queue: a view, filters, a sort. Odd values are left out and named."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from conversations import address_times
from conversations.language_codes import finds, normal
from conversations.models import Contact, Conversation, PromiseRecord
from conversations.services.queue.sorting import Sort
from conversations.services.queue.views import View
from tenants.accounts.models import User

MAX_SEARCH_CHARS = 80
MAX_WORDS = 8
MAX_MATCHES = 500  # contacts that a name looks into
SOON = timedelta(minutes=15)
ME, NOBODY = "me", "nobody"
PROMISES = ("broken", "soon")
YES = "1"
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[_-][A-Za-z]{2})?")


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a view; empty means everything. Ids are texts as they stand in the address.

    assignee        "me", "nobody" or User.id
    promise         "broken", or "soon" for those that break within a quarter of an hour
    since, until    days on which the last message came, both included, in the reader's zone
    name            words of the contact's name
    """

    assignee: str = ""
    team: str = ""
    label: str = ""
    intent: str = ""
    language: str = ""
    number: str = ""
    unread: str = ""
    sensitive: str = ""
    promise: str = ""
    since: str = ""
    until: str = ""
    q: str = ""

    def __bool__(self) -> bool:
        return bool(self.pairs)

    @property
    def set_names(self) -> list[str]:
        """The names of the filters that narrow, without the words of a name."""
        return [one.name for one in fields(self) if getattr(self, one.name) and one.name != "q"]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The filters that say something, as an address writes them."""
        return [(one.name, getattr(self, one.name)) for one in fields(self) if getattr(self, one.name)]

    def without(self, name: str) -> "Filters":
        return replace(self, **{name: ""})

    def narrow(self, rows: QuerySet[Conversation], *, user: User) -> QuerySet[Conversation]:
        """Only the rows that pass every filter."""
        for name in self.set_names:
            rows = rows.filter(CONDITIONS[name](getattr(self, name), user))
        return rows.filter(contact__in=_named(self.q)) if self.q else rows


@dataclass(frozen=True, slots=True)
class Asked:
    """One address of the queue. ``odd`` names the parts that said nothing that can be understood."""

    view: View = View.WAITING
    sort: Sort = Sort.BREAKS
    filters: Filters = field(default_factory=Filters)
    odd: tuple[str, ...] = ()

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Asked":
        """What the address asks for, as far as it can be understood."""
        odd: list[str] = []
        view = _choice(View, given.get("view", ""), View.WAITING, "view", odd)
        sort = _choice(Sort, given.get("sort", ""), Sort.BREAKS, "sort", odd)
        values: dict[str, str] = {}
        for name, reads in READERS.items():
            text = str(given.get(name, "")).replace("\x00", "").strip()[:MAX_SEARCH_CHARS]
            if text and reads(text):
                values[name] = normal(text) if name == "language" else text
            elif text:
                odd.append(name)
        return cls(view, sort, Filters(**values), tuple(odd))

    @property
    def query(self) -> str:
        """The same as an address writes it, without what goes without saying."""
        pairs = [("view", "" if self.view == View.WAITING else str(self.view))]
        pairs += [("sort", "" if self.sort == Sort.BREAKS else str(self.sort))]
        return urlencode([(name, value) for name, value in [*pairs, *self.filters.pairs] if value])

    def without(self, name: str) -> "Asked":
        return replace(self, filters=self.filters.without(name))

    def sorted_by(self, sort: Sort) -> "Asked":
        return replace(self, sort=sort)


def _choice(kind: Any, text: str, usual: Any, name: str, odd: list[str]) -> Any:
    try:
        return kind(text) if text else usual
    except ValueError:
        odd.append(name)
        return usual


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _is_day(text: str) -> bool:
    return address_times.day_of(text) is not None


READERS: dict[str, Callable[[str], bool]] = {
    "assignee": lambda text: text in (ME, NOBODY) or _is_id(text),
    "team": _is_id,
    "label": _is_id,
    "intent": _is_id,
    "language": lambda text: LANGUAGE.fullmatch(text) is not None,
    "number": _is_id,
    "unread": lambda text: text == YES,
    "sensitive": lambda text: text == YES,
    "promise": lambda text: text in PROMISES,
    "since": _is_day,
    "until": _is_day,
    "q": lambda text: True,
}


def _assignee(value: str, user: User) -> Q:
    if value == NOBODY:
        return Q(assignee=None)
    return Q(assignee=user.pk if value == ME else value)


def _promise(value: str, user: User) -> Q:
    now = timezone.now()
    waits = Q(waiting_since__isnull=False)
    if value == "soon":
        return waits & Q(due_at__gt=now, due_at__lte=now + SOON)
    broken = PromiseRecord.objects.filter(conversation=OuterRef("pk"), broken_at__isnull=False)
    return Q(waits, due_at__lte=now) | Q(Exists(broken))


def _midnight(day: str) -> datetime:
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), time.min))


CONDITIONS: dict[str, Callable[[str, User], Q]] = {
    "assignee": _assignee,
    "team": lambda value, user: Q(team=value),
    "label": lambda value, user: Q(labels__contains=[UUID(value)]) & ~Q(labels=[]),
    "intent": lambda value, user: Q(intent=value),
    "language": lambda value, user: finds("contact__language", value),
    "number": lambda value, user: Q(phone_number=value),
    "unread": lambda value, user: Q(unread_count__gt=0),
    "sensitive": lambda value, user: Q(sensitive=True),
    "promise": _promise,
    "since": lambda value, user: Q(last_message_at__gte=_midnight(value)),
    "until": lambda value, user: Q(last_message_at__lt=_midnight(value) + timedelta(days=1)),
}


def _named(search: str) -> list[UUID]:
    matches = Contact.objects.all()
    for word in search.split()[:MAX_WORDS]:
        matches = matches.filter(
            Q(name__icontains=word) | Q(given_name__icontains=word) | Q(username__icontains=word.removeprefix("@"))
        )
    return list(matches.order_by(F("last_message_at").desc(nulls_last=True)).values_list("pk", flat=True)[:MAX_MATCHES])
