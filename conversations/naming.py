"""Finds names, domains and phone numbers of other companies in a text. Values in, values out; no queries."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

LEGAL_FORMS = {
    *("bv", "nv", "vof", "cv", "bvba", "srl", "sprl", "sa", "sarl", "sas"),
    *("gmbh", "mbh", "ag", "ug", "kg", "ohg", "ek", "ev", "se", "ltd", "llc", "inc", "plc", "stichting"),
}
OF_MANY = {
    *("facebook.com", "m.facebook.com", "instagram.com", "linkedin.com", "x.com", "tiktok.com", "youtube.com"),
    *("wa.me", "whatsapp.com", "google.com", "maps.google.com", "goo.gl", "linktr.ee", "sites.google.com"),
}
LEAST_NAME_CHARS = 3
LEAST_DIGITS = 8
NUMBER = re.compile(r"\+?\d[\d\s().\-/]{6,24}\d")
MAX_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Known:
    """A company as it could be told from a text."""

    name: str
    domains: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def named_in(text: str, *, others: Sequence[Known], own: Known) -> list[str]:
    """The names of those of ``others`` that the text names, whole words only, whatever the case and the accents.

    own  the company that speaks; its own name, domains and numbers are never somebody else's
    """
    text = text[:MAX_CHARS]
    said = folded(text)
    for mine in _words_of(own):
        said = _whole(mine).sub(" ", said)
    digits = [_digits(found[0].replace("(0)", "")) for found in NUMBER.finditer(text)]
    mine_digits = {_digits(number) for number in own.numbers}
    found = []
    for other in others:
        by_words = any(_whole(word).search(said) for word in _words_of(other))
        if by_words or _rings(digits, [n for n in other.numbers if _digits(n) not in mine_digits]):
            found.append(other.name)
    return found


def word_of_site(site: str) -> str:
    """What gives a page or a mail address away: its host, on a host of many its whole address; a mail as it is."""
    if "@" in site and "/" not in site:
        return site.strip()
    try:
        parts = urlsplit(site if "//" in site else f"//{site}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if host not in OF_MANY:
        return host if "." in host else ""
    path = parts.path.rstrip("/")
    return f"{host}{path}" if path else ""


def folded(text: str) -> str:
    """Small letters without accents, single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign) and sign != "\u00ad")
    return " ".join(kept.split())


def bare_name(name: str) -> str:
    """A company's name as people say it: without its legal form at either end."""
    words = folded(name).split()
    while words and words[-1].replace(".", "").strip(",") in LEGAL_FORMS:
        words.pop()
    while words and words[0].replace(".", "") in LEGAL_FORMS:
        words.pop(0)
    return " ".join(words).strip(" ,")


def _words_of(known: Known) -> list[str]:
    name = bare_name(known.name)
    named = [name] if len(name) >= LEAST_NAME_CHARS else []
    return named + [folded(domain) for domain in known.domains if domain]


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def _rings(said: Iterable[str], numbers: Iterable[str]) -> bool:
    """Whether one of the digit rows is a number of theirs, with or without the country's code in front."""
    theirs = [digits for number in numbers if len(digits := _digits(number)) >= LEAST_DIGITS]
    for digits in said:
        local = digits.lstrip("0")
        if len(local) >= LEAST_DIGITS and any(full == local or full.endswith(local) for full in theirs):
            return True
    return False
