"""What the facts beside an entry of the audit trail are called, and how their values read.

An entry keeps names of facts, codes and ids: it is sealed, and its readers speak several languages. Each app says here,
when it is loaded, how what it records reads; a test holds every call of ``audit.record`` to it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Words = Mapping[str, Text] | Callable[[str], Text]
Read = Callable[[Any], str]

FIELDS = "fields"


@dataclass(frozen=True, slots=True)
class Fact:
    """What stands before a value, and how the value reads.

    thing          the value is an id, or a list of them, of this kind of subject; pages put its name there
    names_subject  the value is what the subject was called then, and stands in its place
    """

    name: Text
    read: Read
    thing: str = ""
    names_subject: bool = False


_facts: dict[str, dict[str, Fact]] = {}
_fields: dict[str, dict[str, Text]] = {}


def register(*actions: str, **facts: Fact) -> None:
    """Say how the facts of these actions read; ``reason`` and ``ground`` are facts too, where they hold codes."""
    for action in actions:
        known = _facts.setdefault(action, {})
        if twice := known.keys() & facts.keys():
            raise ValueError(f"{action}: {sorted(twice)} is registered already")
        known.update(facts)


def register_fields(*actions: str, labels: Mapping[str, Text]) -> None:
    """Say what the names in ``fields`` of these actions are called; several apps may add theirs to one action."""
    for action in actions:
        _fields.setdefault(action, {}).update(labels)


def labels_of(*sources: type[forms.Form] | type[forms.ModelForm]) -> dict[str, Text]:  # type: ignore[type-arg]
    """What forms call their fields."""
    return {name: field.label for form in sources for name, field in form.base_fields.items() if field.label}


def of(action: str, name: str) -> Fact | None:
    """The fact of this name beside an action; None for one that nobody registered."""
    if name == FIELDS and action in _fields:
        return Fact(_("fields"), coded(_fields[action], between="; "))
    return _facts.get(action, {}).get(name)


def in_words(action: str, name: str, value: Any) -> tuple[str, str]:
    """A fact as people read it. An unknown one, of an entry older than its words, stands as it was kept."""
    fact = of(action, name)
    if fact is None:
        return name.replace("_", " "), plain(value)
    return str(fact.name), fact.read(value)


def in_order(action: str, details: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Facts as they were registered, fields first: the database keeps no order. Those without words come last."""
    order = [FIELDS, *_facts.get(action, ())]
    return sorted(details.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))


def names_in(action: str) -> set[str]:
    """The names in ``fields`` that have words beside this action."""
    return set(_fields.get(action, ()))


def plain(value: Any) -> str:
    """As somebody wrote it: names, ends of account numbers, hashes."""
    if isinstance(value, bool):
        return yes_no(value)
    return ", ".join(map(plain, value)) if isinstance(value, list) else str(value)


def yes_no(value: Any) -> str:
    return gettext("yes") if value else gettext("no")


def count(value: Any) -> str:
    """A number as the reader writes it."""
    return (
        str(formats.number_format(value, use_l10n=True, force_grouping=True))
        if isinstance(value, int)
        else plain(value)
    )


def coded(words: Words, *, nothing: Text = "", between: str = ", ") -> Read:
    """A code, or a list of them, from a table or by a function; ``nothing`` where there is none."""

    def of_code(code: str) -> str:
        return str(words(code)) if callable(words) else str(words.get(code, code.replace("_", " ")))

    def read(value: Any) -> str:
        if isinstance(value, list):
            return between.join(of_code(str(one)) for one in value) or str(nothing)
        return of_code(str(value)) if value or (not callable(words) and value in words) else str(nothing)

    return read


def day(value: Any) -> str:
    """``2026-06-30`` as the reader writes it."""
    try:
        return str(formats.date_format(date.fromisoformat(str(value)), "SHORT_DATE_FORMAT"))
    except ValueError:
        return str(value)


def month(value: Any) -> str:
    """``2026-06`` as the reader says it."""
    try:
        return str(formats.date_format(date.fromisoformat(f"{value}-01"), "YEAR_MONTH_FORMAT"))
    except ValueError:
        return str(value)


def moment(value: Any) -> str:
    """A moment of ISO 8601 in the reader's zone and writing."""
    try:
        return moment_text(datetime.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def moment_text(at: datetime) -> str:
    """Day and time to the second, in the reader's zone."""
    here = timezone.localtime(at)
    return f"{formats.date_format(here, 'SHORT_DATE_FORMAT')} {here:%H:%M:%S}"


def id_of(kind: str, name: Text) -> Fact:
    """A fact that is the id of a subject of this kind."""
    return Fact(name, short_ids, thing=kind)


def short_ids(value: Any) -> str:
    """What is left of ids whose thing has no name, or none any more."""
    return ", ".join(f"…{str(one)[-8:]}" for one in value) if isinstance(value, list) else f"…{str(value)[-8:]}"


def ids_in(value: Any) -> Iterable[str]:
    return map(str, value) if isinstance(value, list) else (str(value),)
