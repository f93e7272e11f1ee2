"""Finds what only the messages before make clear: a number after the question for it, and numbers sent in two parts."""

import re
from collections.abc import Sequence

from conversations.detectors import bsn, disguise, kvnr, national, phones, secret
from conversations.detectors.context import COUNTED
from conversations.detectors.hit import Hit, moved
from conversations.detectors.registry import SURE, TERMS, scan

MAX_CHARS = 120  # longer texts say themselves what they are about
TAIL = 60
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
    """Whether a text could be the answer to something, or the second part of a number: quickly told."""
    if not 3 <= len(text) <= MAX_CHARS:
        return False
    even = disguise.seen(text)[0].strip()
    return bool(SOME_DIGITS.match(even)) or (
        ONE_WORD.fullmatch(even) is not None and (any(map(str.isdigit, even)) or bool(secret.SIGNS.search(even)))
    )


def named(text: str, before: Sequence[str]) -> list[Hit]:
    """What the messages before, the newest last, say that it is."""
    hits: list[Hit] = []
    for detector, words, said in ASKED:
        if not any(_speaks_of(one, words) for one in before[-REMEMBERED:]):
            continue
        if detector == secret.NAME and not _may_open(text):
            continue
        found = [moved(hit, -len(said)) for hit in scan(said + text, with_terms=False) if hit.start >= len(said)]
        hits += [hit for hit in found if hit.detector == detector]
    return hits


def joined(text: str, earlier: str) -> list[Hit]:
    """What begins at the end of the text before and goes on in this one; places count from this one's beginning."""
    tail = earlier[-TAIL:].rstrip()
    head = text[:TAIL]
    if not tail or not head[:1].isalnum() or not tail[-1].isalnum():
        return []
    edge = len(tail) + 1
    hits = scan(f"{tail} {head}", with_terms=False)
    crossing = [hit for hit in hits if hit.start < edge < hit.end and hit.confidence >= SURE]
    return [moved(hit, -edge) for hit in crossing if hit.detector not in TERMS and hit.detector != secret.NAME]


def _speaks_of(text: str, words: re.Pattern[str]) -> bool:
    """Whether its question, or its last sentence, is about it and about nothing that is counted."""
    sentences = SENTENCE.findall(text[-400:])
    asked = [one for one in sentences if "?" in one] or sentences[-1:]
    found = [match for one in asked[-1:] for match in words.finditer(one)]
    return bool(found) and not COUNTED.search(asked[-1], found[-1].end())


def _may_open(text: str) -> bool:
    """Whether it is one word that could be a password or PIN; a phone number or post code is none."""
    even = disguise.seen(text)[0].strip()
    return ONE_WORD.fullmatch(even) is not None and not POST_CODE.fullmatch(even) and not phones.spans(even)
