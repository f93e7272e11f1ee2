"""Reads the environment; a missing or odd value stops the process with the variable's name.

Every variable the product knows is listed with its meaning and default in ``.env.example``.
"""

import os
import sys
from urllib.parse import urlsplit

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


class BadSetting(SystemExit):
    """Ends the process with one line that names the variable."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem} See .env.example for what it means.")


def text(name: str, default: str | None = None, *, choices: tuple[str, ...] | None = None) -> str:
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise BadSetting(name, "is not set.")
    if choices and value not in choices:
        raise BadSetting(name, f"is {value!r}; it must be one of {', '.join(choices)}.")
    return value


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() not in TRUE | FALSE:
        raise BadSetting(name, f"is {value!r}; it must be 1 or 0.")
    return value.strip().lower() in TRUE


def whole(name: str, default: int, *, low: int = 0, high: int = sys.maxsize) -> int:
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isdecimal() or not low <= int(value) <= high:
        raise BadSetting(name, f"is {value!r}; it must be a whole number from {low} to {high}.")
    return int(value)


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def url(name: str, default: str | None = None, *, schemes: tuple[str, ...]) -> str:
    value = text(name, default)
    try:
        scheme = urlsplit(value).scheme
    except ValueError as error:
        raise BadSetting(name, f"is not an address ({error}).") from error
    if scheme not in schemes:
        raise BadSetting(name, f"must begin with {' or '.join(s + '://' for s in schemes)}.")
    return value
