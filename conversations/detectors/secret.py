"""Passwords and PINs that somebody writes down."""

import re

from conversations.detectors.hit import Hit, whole
from conversations.detectors.plain import TAKEN

NAME, VERSION, CONFIDENCE = "secret", 1, 0.95
OPENERS = r"wachtwoord|paswoord|password|passwort|kennwort|mot de passe|mdp"
PIN = r"pincode|pin-code|pin code|code pin|\bpin|geheimzahl|toegangscode|zugangscode|access code|code d.acc(?:è|e)s"
# Up to four words may stand between ("het wachtwoord van mijn account is …"), but then a verb or sign has to follow.
BETWEEN = (
    r"(?:(?:[ ]{1,2}[\w'-]{1,20}){0,4}?[ ]{0,2}"
    r"(?:[:=]|(?<= )(?:is|ist|est|was|war|luidt|lautet)(?= |:))[ :=]{0,3}|[ ]{1,3})"
)
SAID = re.compile(
    rf"(?<!\w)(?:(?P<password>{OPENERS})|(?P<pin>{PIN}))(?!\w){BETWEEN}[\"'“”„«(]{{0,2}}(?P<token>\S{{4,64}})",
    re.IGNORECASE,
)
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
)
DIGITS = re.compile(r"[0-9]{4,8}")


def is_named(text: str) -> bool:
    """Whether a word for a password or PIN stands there at all: quickly told."""
    lower = text.lower()
    return any(name in lower for name in NAMES)


def find(text: str) -> list[Hit]:
    """Tokens of four characters or more after such a word; a plain word ("wachtwoord vergeten") is none."""
    hits, at = [], 0
    while match := SAID.search(text, at):
        start, token = match.start("token"), match["token"]
        kept = token.rstrip(".,;:!?\"'“”„»)")
        if TAKEN not in token and _opens(kept, token, pin=match["pin"] is not None):
            kept = kept if DIGITS.fullmatch(kept) else token.rstrip(".,;:\"'“”„»)")
            hits.append(whole(start, start + len(kept), detector=NAME, confidence=CONFIDENCE))
            at = start + len(kept)
        else:
            at = match.end("password" if match["password"] else "pin")
    return hits


def _opens(kept: str, token: str, *, pin: bool) -> bool:
    if pin:
        return bool(DIGITS.fullmatch(kept.replace("-", "").replace(".", "")))
    if len(kept) < 4 or not any(sign.isalnum() for sign in kept):
        return False
    if len(kept) >= 4 and any(sign.isdigit() for sign in kept):
        return not re.fullmatch(r"[0-9]{1,2}[./-][0-9]{1,2}(?:[./-][0-9]{2,4})?|[0-9]{1,2}:[0-9]{2}", kept)
    return bool(SIGNS.search(kept))
