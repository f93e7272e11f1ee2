"""Finds the companies a change is for. What this process remembers is checked again by the statement that writes."""

import threading
from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from conversations.services import quarantine
from conversations.services.intake.journal import Entry, Plan
from tenants.context import in_public, schema_of
from tenants.models import AccountRoute, NumberRoute

MAX_REMEMBERED = 100_000

_numbers: dict[str, tuple[UUID, UUID]] = {}  # phone_number_id: (company, app)
_accounts: dict[str, tuple[tuple[UUID, UUID], ...]] = {}  # WABA id: every (company, app)
_lock = threading.Lock()


class Routable(Protocol):
    """A change with the number and the account it speaks of."""

    @property
    def entry(self) -> Entry: ...
    @property
    def phone_number_id(self) -> str: ...
    @property
    def waba_id(self) -> str: ...


def plan(changes: Iterable[Routable], *, app_id: UUID) -> Plan:
    """Where each change goes: by its number, else by its account to each of the account's companies."""
    changes = list(changes)
    _load(changes)
    found = Plan()
    for change in changes:
        companies = _of_number(change, found, app_id) if change.phone_number_id else _of_account(change, found, app_id)
        for company_id in companies:
            found.by_schema.setdefault(schema_of(company_id), []).append(change.entry)
        if not companies:
            found.unrouted.append(change.entry)
    return found


def drive_again_if_known(entries: list[Entry], *, app_id: UUID) -> None:
    """A number that was connected while its first change went to the quarantine: take that change out again."""
    numbers = {entry.phone_number_id for entry in entries if entry.phone_number_id}
    accounts = {entry.waba_id for entry in entries if entry.waba_id and not entry.phone_number_id}
    with in_public():
        for number in NumberRoute.objects.filter(pk__in=numbers, app_id=app_id):
            quarantine.release_number(number.phone_number_id)
        for account in AccountRoute.objects.filter(waba_id__in=accounts, app_id=app_id).distinct("waba_id"):
            quarantine.release_account(account.waba_id)


def forget() -> None:
    with _lock:
        _numbers.clear()
        _accounts.clear()


def _of_number(change: Routable, found: Plan, app_id: UUID) -> list[UUID]:
    company_id, owner = _numbers.get(change.phone_number_id, (None, None))
    if company_id is None or owner != app_id:
        return []
    found.numbers.add((change.phone_number_id, company_id))
    return [company_id]


def _of_account(change: Routable, found: Plan, app_id: UUID) -> list[UUID]:
    companies = [company for company, owner in _accounts.get(change.waba_id, ()) if owner == app_id]
    found.accounts.update((change.waba_id, company) for company in companies)
    return companies


def _load(changes: list[Routable]) -> None:
    """Read the routes that are not remembered. Unknown ones are never remembered."""
    numbers = {change.phone_number_id for change in changes if change.phone_number_id} - _numbers.keys()
    accounts = {c.waba_id for c in changes if c.waba_id and not c.phone_number_id} - _accounts.keys()
    if not numbers and not accounts:
        return
    with in_public():
        read = NumberRoute.objects.filter(pk__in=numbers).values_list("phone_number_id", "company_id", "app_id")
        fresh_numbers = {number: (company, app) for number, company, app in read}
        fresh_accounts: dict[str, tuple[tuple[UUID, UUID], ...]] = {}
        rows = AccountRoute.objects.filter(waba_id__in=accounts).values_list("waba_id", "company_id", "app_id")
        for account, company, app in rows:
            fresh_accounts[account] = (*fresh_accounts.get(account, ()), (company, app))
    with _lock:
        if len(_numbers) + len(_accounts) > MAX_REMEMBERED:
            _numbers.clear()
            _accounts.clear()
        _numbers.update(fresh_numbers)
        _accounts.update(fresh_accounts)
