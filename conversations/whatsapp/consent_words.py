"""Recognises whole messages by which people leave or join, whatever their case, accents and punctuation."""

import re
import unicodedata

STOP_WORDS = frozenset({"stop", "stopp", "afmelden", "abmelden", "unsubscribe", "arret", "desinscrire"})
LEAVE_WORDS = frozenset({"uit", "stop", "off", "aus"})

_NOT_WORDS = re.compile(r"[^\w\s]|_")
MAX_COMMAND_CHARS = 100  # longer messages are no commands; spares the work on long texts


def normalised(text: str) -> str:
    """Lower case without accents, punctuation, invisible signs and surplus white space."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf")
    return " ".join(_NOT_WORDS.sub(" ", plain).split())


def is_stop(text: str | None) -> bool:
    """Whether the whole message says stop: then the person leaves every list of the number."""
    return text is not None and len(text) <= MAX_COMMAND_CHARS and normalised(text) in STOP_WORDS


def leaves_list(text: str | None, *, keyword: str) -> bool:
    """Whether the whole message leaves the list that is joined by ``keyword`` (KEYWORD UIT, STOP, OFF or AUS)."""
    if text is None or len(text) > MAX_COMMAND_CHARS:
        return False
    name, _, word = normalised(text).rpartition(" ")
    return bool(name) and name == normalised(keyword) and word in LEAVE_WORDS


def is_keyword(text: str | None, *, keyword: str) -> bool:
    """Whether the whole message is exactly the keyword of a list."""
    wanted = normalised(keyword)
    return bool(wanted) and text is not None and len(text) <= MAX_COMMAND_CHARS and normalised(text) == wanted
