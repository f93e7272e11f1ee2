"""What the desk shows of a page of entries: names and last lines, fetched from each company at once, kept nowhere.

Costs four queries for every company on the page, however many rows it has there: two for its hours and intents; one
more where rows carry labels. A company that cannot answer now is named instead.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from conversations.desk.models import DeskEntry
from conversations.looks import promises
from conversations.looks.promises import ShownPromise
from conversations.models import Conversation, Label
from conversations.services import reaching
from conversations.services.handling import labels
from conversations.services.promise.promise import Promise
from tenants.accounts.models import User
from tenants.accounts.services import conditions
from tenants.models import ClientCompany

SHOWN = ("contact", "assignee", "intent", "last_message__media", "last_message__author", "last_message__participant")


Seen = tuple[Conversation, bool, ShownPromise | None, list[Label]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the desk."""

    entry: DeskEntry
    company: ClientCompany
    conversation: Conversation
    mine: bool
    promise: ShownPromise | None
    labels: list[Label]


@dataclass(frozen=True, slots=True)
class Shown:
    """The lines of a page, and the companies of some that could not be asked for theirs."""

    rows: list[Row]
    away: list[ClientCompany]


def dressed(staff_id: UUID, found: Iterable[DeskEntry], *, companies: Mapping[UUID, ClientCompany]) -> Shown:
    """Rows for those of the entries that the person may see at their company, in the same order.

    companies  those that she may enter now, checked in this request (``of_staff``)
    """
    asked: dict[UUID, list[DeskEntry]] = {}
    listed = [entry for entry in found if entry.company_id in companies]
    for entry in listed:
        asked.setdefault(entry.company_id, []).append(entry)
    seen: dict[UUID, Seen] = {}
    away = []
    for company_id, rows in asked.items():
        there = reaching.ask(company_id, partial(_here, staff_id, [entry.pk for entry in rows]))
        away += [companies[company_id]] if there is None else []
        seen |= there or {}
    shown = [Row(entry, companies[entry.company_id], *seen[entry.pk]) for entry in listed if entry.pk in seen]
    return Shown(shown, away)


def of_staff(staff_id: UUID) -> dict[UUID, ClientCompany]:
    """The companies that a person may enter now, by id."""
    return {grant.company_id: grant.company for grant in conditions.usable(staff_id)}


def _here(staff_id: UUID, ids: list[UUID]) -> dict[UUID, Seen] | None:
    """Those of these conversations of the entered company that she may see there; None when she is not known there,
    as in a schema that is gone.
    """
    user = User.objects.filter(staff_id=staff_id, is_active=True).first()
    if user is None:
        return None
    rows = list(Conversation.objects.visible_to(user).open().filter(pk__in=ids).select_related(*SHOWN))
    promise = Promise.current() if any(row.waiting_since and row.due_at for row in rows) else None
    known = labels.by_id(pk for row in rows for pk in row.labels)
    return {
        row.pk: (
            row,
            row.assignee_id == user.pk,
            _promise(row, promise),
            [known[pk] for pk in row.labels if pk in known],
        )
        for row in rows
    }


def _promise(row: Conversation, promise: Promise | None) -> ShownPromise | None:
    if promise is None or row.waiting_since is None or row.due_at is None:
        return None
    return promises.shown(row, promise)
