"""Passwords and PINs that somebody writes down."""

import re
from collections.abc import Iterator

from conversations.detectors.hit import Hit, whole
from conversations.detectors.plain import TAKEN

NAME, VERSION, CONFIDENCE = "secret", 2, 0.95
OPENERS = r"wachtwoord|paswoord|password|passwort|kennwort|mot de passe|mdp"
PIN = r"pincode|pin-code|pin code|code pin|\bpin|geheimzahl|toegangscode|zugangscode|access code|code d.acc(?:è|e)s"
# Up to four words may stand between ("het wachtwoord van mijn account is …"), but then a verb or sign has to follow.
BETWEEN = (
    r"(?:(?:[ ]{1,2}[\w'-]{1,20}){0,4}?[ ]{0,2}"
    r"(?:[:=]|(?<= )(?:is|ist|est|was|war|luidt|lautet)(?= |:))[ :=\n]{0,3}|[ ]{1,3})"
)
SAID = re.compile(
    rf"(?<!\w)(?:(?P<password>{OPENERS})|(?P<pin>{PIN}))(?!\w){BETWEEN}[\"'“”„«(]{{0,2}}(?P<token>\S{{4,64}})",
    re.IGNORECASE,
)
# Short words for it need a sign or a verb: "ww" is an allowance as well.
SHORT = re.compile(
    r"(?<!\w)(?:ww|pw|pwd|pass|inlog)(?!\w)[ ]{0,2}(?:[:=]|(?<= )(?:is|ist)(?= |:))[ :=\n]{0,3}[\"'“”„«(]{0,2}"
    r"(?P<token>\S{4,64})",
    re.IGNORECASE,
)
BEFORE = re.compile(
    r"(?<!\S)[\"'“”„«(]{0,2}(?P<token>[^\s\"'“”„»)]{4,64})[\"'“”»)]{0,2}[ ]{1,2}(?:is|was|ist|war|est)[ ]"
    r"(?:mijn|het|de|my|the|mein|meine|das|die|mon|le)[ ](?:[\w-]{1,12}[ ])?"
    rf"(?:(?P<password>{OPENERS})|(?P<pin>{PIN}))(?!\w)",
    re.IGNORECASE,
)
CARD_CODE = re.compile(
    r"(?<!\w)(?:cvc|cvv)2?(?:[ -]?(?:code|nummer|number))?[ ]{0,2}(?:is|ist|est)?[ ]{0,2}[:=]?[ ]{0,2}"
    r"(?P<token>[0-9]{3,4})(?!\w)",
    re.IGNORECASE,
)
GAPPED_PIN = re.compile(rf"(?<!\w)(?:{PIN})(?!\w){BETWEEN}(?P<token>[0-9](?:[ .-][0-9]){{3,5}})(?!\w)", re.IGNORECASE)
SIGNS = re.compile(r"[!@#$%^&*+=_~|<>\\?€£]")
NAMES = (
    "wachtwoord",
    "paswoord",
    "passwor",
    "kennwort",
    "mot de passe",
    "mdp",
    "pin",
    "geheimzahl",
    "gangscode",
    "access code",
    "code d",
    "cvc",
    "cvv",
)
SHORT_NAMED = re.compile(r"(?<!\w)(?:ww|pw|pwd|pass|inlog)(?!\w)")
DIGITS = re.compile(r"[0-9]{4,8}")


def is_named(text: str) -> bool:
    """Whether a word for a password or PIN stands there at all: quickly told."""
    lower = text.lower()
    return any(name in lower for name in NAMES) or SHORT_NAMED.search(lower) is not None


def find(text: str) -> list[Hit]:
    """Tokens of four characters or more beside such a word; a plain word ("wachtwoord vergeten") is none."""
    hits: list[Hit] = []
    for start, token in _said(text):
        if TAKEN in token or any(start < hit.end and hit.start < start + len(token) for hit in hits):
            continue
        hits.append(whole(start, start + len(token), detector=NAME, confidence=CONFIDENCE))
    return sorted(hits, key=lambda hit: hit.start)


def _said(text: str) -> Iterator[tuple[int, str]]:
    """Where what opens something stands."""
    for form in (CARD_CODE, GAPPED_PIN):
        for match in form.finditer(text):
            yield match.start("token"), match["token"]
    for match in BEFORE.finditer(text):
        if _opens(match["token"], pin=match["pin"] is not None):
            yield match.start("token"), match["token"]
    yield from _behind(text, SAID)
    yield from _behind(text, SHORT)


def _behind(text: str, form: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    at = 0
    while match := form.search(text, at):
        start, token, pin = match.start("token"), match["token"], match.groupdict().get("pin") is not None
        kept = token.rstrip(".,;:!?\"'“”„»)")
        if _opens(kept, pin=pin):
            kept = kept if DIGITS.fullmatch(kept) else token.rstrip(".,;:\"'“”„»)")
            yield start, kept
            at = start + len(kept)
        else:
            at = match.start() + 2  # a second word for it may stand in what was taken for the token


def _opens(kept: str, *, pin: bool) -> bool:
    if pin:
        return bool(DIGITS.fullmatch(kept.replace("-", "").replace(".", "")))
    if len(kept) < 4 or not any(sign.isalnum() for sign in kept):
        return False
    if len(kept) >= 4 and any(sign.isdigit() for sign in kept):
        return not re.fullmatch(r"[0-9]{1,2}[./-][0-9]{1,2}(?:[./-][0-9]{2,4})?|[0-9]{1,2}:[0-9]{2}", kept)
    return bool(SIGNS.search(kept))
