"""Loads what Meta charges from CSV files and looks it up."""

import csv
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import transaction

from billing.catalogue.models import Market, RateCard

DATA = Path(__file__).resolve().parent.parent / "data"
SAME_PRICE_AS_UTILITY = ("authentication", "service")  # one list price since 1 October 2026


class BadRateCard(ValueError):
    """A line of the file cannot be read; the message names the line."""


@transaction.atomic
def load_rates(path: Path) -> int:
    """Add the rows of a rate card; rows already there stay. All of the file or nothing.

    columns  currency, market, category, amount, effective_from (ISO date), source. ``authentication`` and ``service``
             take the utility price of the same market and day unless the file has rows of their own.
    Raises   BadRateCard
    """
    rows = [_rate(number, line) for number, line in _lines(path)]
    named = {(r.currency, r.market, r.category, r.effective_from) for r in rows}
    copies = [
        _copy(row, category)
        for row in rows
        if row.category == "utility"
        for category in SAME_PRICE_AS_UTILITY
        if (row.currency, row.market, category, row.effective_from) not in named
    ]
    return len(RateCard.objects.bulk_create([*rows, *copies], ignore_conflicts=True))


@transaction.atomic
def load_markets(path: Path) -> int:
    """Add which market each country belongs to (columns country, market, effective_from)."""
    rows = [
        Market(
            country=line["country"], market=line["market"], effective_from=date.fromisoformat(line["effective_from"])
        )
        for _, line in _lines(path)
    ]
    return len(Market.objects.bulk_create(rows, ignore_conflicts=True))


def _lines(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from enumerate(csv.DictReader(file), start=2)


def _rate(number: int, line: dict[str, str]) -> RateCard:
    try:
        return RateCard(
            currency=line["currency"].strip().upper(),
            market=line["market"].strip(),
            category=line["category"].strip(),
            amount=Decimal(line["amount"]),
            effective_from=date.fromisoformat(line["effective_from"]),
            source=line["source"].strip(),
        )
    except (KeyError, ValueError, InvalidOperation, AttributeError) as error:
        raise BadRateCard(f"line {number}: {error}") from error


def _copy(row: RateCard, category: str) -> RateCard:
    return RateCard(
        currency=row.currency,
        market=row.market,
        category=category,
        amount=row.amount,
        effective_from=row.effective_from,
        source=row.source,
    )
