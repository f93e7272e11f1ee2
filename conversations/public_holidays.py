"""Public holidays of a country and region, by day. The names in the country's own language are their stable keys."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays

Names = tuple[str, ...]


@lru_cache(maxsize=256)
def of_year(country: str, region: str, year: int, language: str = "") -> Mapping[date, Names]:
    """The public holidays of one year; none for a country that the calendar does not know.

    region    a state or province as the calendar names it (``BY``); one that it does not know counts as none
    language  of the names: two letters; without, or where it has no such translation, the country's own
    """
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        return {}
    region = region if region in known[country] else ""
    found = holidays.country_holidays(country, subdiv=region or None, years=year, language=_tongue(country, language))
    return {day: tuple(_plain(name) for name in found.get_list(day)) for day in sorted(found) if day.year == year}


def regions_of(country: str) -> list[str]:
    """What the calendar tells apart within a country."""
    return list(holidays.list_supported_countries(include_aliases=False).get(country, []))


@lru_cache(maxsize=256)
def _tongue(country: str, language: str) -> str | None:
    """The calendar's code of a language, else of the country's own."""
    spoken = holidays.list_localized_countries(include_aliases=False).get(country, [])
    wanted = [code for code in spoken if language and code.split("_")[0] == language[:2]]
    entity = getattr(holidays, country)
    own: str | None = entity.default_language
    return wanted[0] if wanted else own


def _plain(name: str) -> str:
    """Without what is said about the day in brackets: a day moved is the same holiday."""
    return name.split(" (")[0].strip()
