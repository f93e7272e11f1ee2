"""Finds what only the messages before make clear: here a number after the question for it; ``parts`` finds the rest."""

import re
from collections.abc import Sequence

from conversations.detectors import bsn, disguise, kvnr, national, parts, phones, secret
from conversations.detectors.context import COUNTED
from conversations.detectors.hit import Hit, moved
from conversations.detectors.registry import scan

MAX_CHARS = 120  # longer texts say themselves what they are about
REMEMBERED = 3  # messages before it
SOME_DIGITS = re.compile(r"(?:[^0-9]*[0-9]){3}")
ONE_WORD = re.compile(r"\S{4,64}")
SENTENCE = re.compile(r"[^.!?\n]*[^.!?\n\s][^.!?\n]*[.!?\n]*")
POST_CODE = re.compile(r"[0-9]{4}[A-Za-z]{2}|[0-9]{5}")
PASSWORD = re.compile(rf"(?<!\w)(?:{secret.OPENERS})(?!\w)", re.IGNORECASE)
PIN = re.compile(rf"(?<!\w)(?:{secret.PIN})(?!\w)", re.IGNORECASE)
# What a message asks for or announces, and the word that says so beside a number.
ASKED = (
    (bsn.NAME, bsn.WORDS, "bsn: "),
    (kvnr.NAME, kvnr.WORDS, "Versichertennummer: "),
    (national.GERMAN, national.GERMAN_WORDS, "Steuer-ID: "),
    (secret.NAME, PASSWORD, "wachtwoord: "),
    (secret.NAME, PIN, "pincode: "),
)


def may_follow(text: str) -> bool:
    """Whether a text could be the answer to something, or one part of a number: quickly told."""
    if len(text) > MAX_CHARS:
        return False
    even = disguise.seen(text)[0].strip()
    if SOME_DIGITS.match(even) or parts.is_part(even):
        return True
    return ONE_WORD.fullmatch(even) is not None and (any(map(str.isdigit, even)) or bool(secret.SIGNS.search(even)))


def named(text: str, before: Sequence[str]) -> list[Hit]:
    """What the messages before, the newest last, say that it is."""
    hits: list[Hit] = []
    for detector, said in asked_for(before[-REMEMBERED:]):
        if detector == secret.NAME and not _may_open(text):
            continue
        found = [moved(hit, -len(said)) for hit in scan(said + text, with_terms=False) if hit.start >= len(said)]
        hits += [hit for hit in found if hit.detector == detector]
    return hits


def asked_for(before: Sequence[str]) -> list[tuple[str, str]]:
    """The detectors that these messages speak of, each with the word that says so beside a number."""
    spoken = [(name, said) for name, words, said in ASKED if any(speaks_of(one, words) for one in before)]
    return list(dict.fromkeys(spoken))


def in_parts(text: str, earlier: Sequence[str], before: Sequence[str]) -> list[parts.InParts]:
    """Numbers that begin in one of the earlier texts of the same person and end in this one, the newest last.

    before  what anybody said until then: it may say what the number is
    """
    if not any(map(parts.may_begin, earlier)):
        return []
    said = [one for one in before if not parts.is_part(disguise.seen(one)[0].strip())]
    named = [(name, word) for name, word in asked_for(said[-REMEMBERED:]) if name != secret.NAME]
    return parts.find(text, earlier, named)


def speaks_of(text: str, words: re.Pattern[str]) -> bool:
    """Whether its question, or its last sentence, is about it and about nothing that is counted."""
    sentences = SENTENCE.findall(text[-400:])
    asked = [one for one in sentences if "?" in one] or sentences[-1:]
    found = [match for one in asked[-1:] for match in words.finditer(one)]
    return bool(found) and not COUNTED.search(asked[-1], found[-1].end())


def _may_open(text: str) -> bool:
    """Whether it is one word that could be a password or PIN; a phone number or post code is none."""
    even = disguise.seen(text)[0].strip()
    return ONE_WORD.fullmatch(even) is not None and not POST_CODE.fullmatch(even) and not phones.spans(even)
