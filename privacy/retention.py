"""Periods of keeping, and the moment before which data's time is up: pure rules, the moment is an argument."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import ngettext

DAYS_PER_MONTH = 365.25 / 12


class Unit(StrEnum):
    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Period:
    """A number of days or months. Stored and carried out in days: 12 months are 365 days, 24 are 730, 84 are 2557."""

    number: int
    unit: Unit

    @property
    def days(self) -> int:
        return self.number if self.unit == Unit.DAYS else round(self.number * DAYS_PER_MONTH)

    def __str__(self) -> str:
        if self.unit == Unit.DAYS:
            return ngettext("%(count)d day", "%(count)d days", self.number) % {"count": self.number}
        return ngettext("%(count)d month", "%(count)d months", self.number) % {"count": self.number}


def days(number: int) -> Period:
    return Period(number, Unit.DAYS)


def months(number: int) -> Period:
    return Period(number, Unit.MONTHS)


def period_of(number_of_days: int, *, unit: Unit) -> Period:
    """The period that a stored number of days is: in months where they are whole, else in days."""
    if unit == Unit.MONTHS:
        whole = Period(round(number_of_days / DAYS_PER_MONTH), Unit.MONTHS)
        if whole.days == number_of_days:
            return whole
    return Period(number_of_days, Unit.DAYS)


def cut_off(kept_days: int, *, at: datetime) -> datetime:
    """What began its clock before this moment has to go."""
    return at - timedelta(days=kept_days)
