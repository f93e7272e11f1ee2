"""Countries by their two letters: their names in the reader's language, and all of them to choose from."""

import unicodedata

from babel import Locale, UnknownLocaleError
from django.utils import translation
from phonenumbers import SUPPORTED_REGIONS


def name_of(code: str) -> str:
    """The country's name as the reader calls it; an unknown code as it is written."""
    return str(_names().get(code, code))


def choices() -> list[tuple[str, str]]:
    """Code and name of every country, by name."""
    names = _names()
    return sorted(
        ((code, str(names.get(code, code))) for code in SUPPORTED_REGIONS), key=lambda one: _sorted_as(one[1])
    )


def choices_or_none() -> list[tuple[str, str]]:
    """The same with an empty one first."""
    return [("", "–"), *choices()]


def _names() -> dict[str, str]:
    try:
        return dict(Locale.parse(translation.get_language() or "en", sep="-").territories)
    except (UnknownLocaleError, ValueError):
        return {}


def _sorted_as(name: str) -> str:
    """Österreich stands at O, Åland at A."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
