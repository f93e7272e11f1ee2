"""Small demands on JSON objects, refused the way the platform refuses them."""

from typing import Any, TypeVar

from simulator.errors import GraphError

T = TypeVar("T")


def require(item: dict[str, Any], name: str, kind: type[T]) -> T:
    """The value under a name, which must be there and of this kind. Raises GraphError."""
    value = item.get(name)
    if value is None:
        raise GraphError(131008, f"Parameter '{name}' is mandatory.")
    if not isinstance(value, kind):
        raise GraphError(131009, f"Parameter '{name}' must be of type {kind.__name__}.")
    return value


def text(item: dict[str, Any], name: str, *, longest: int, needed: bool = True) -> str:
    """A text between one character and the limit. Raises GraphError."""
    if not needed and item.get(name) in (None, ""):
        return ""
    value = require(item, name, str)
    if not 1 <= len(value) <= longest:
        raise GraphError(131009, f"{name} length invalid. Min length: 1, Max length: {longest}")
    return value


def number_in(item: dict[str, Any], name: str, *, low: float, high: float) -> float:
    """A number, or a text that holds one, in a range. Raises GraphError."""
    if item.get(name) in (None, ""):
        raise GraphError(131008, f"Parameter '{name}' is mandatory.")
    try:
        value = float(item[name])
    except (TypeError, ValueError):
        raise GraphError(131009, f"Parameter '{name}' must be a number.") from None
    if not low <= value <= high:
        raise GraphError(131009, f"Parameter '{name}' must lie between {low} and {high}.")
    return value


def list_of(item: dict[str, Any], name: str, *, most: int = 10_000, needed: bool = True) -> list[dict[str, Any]]:
    """A list of objects, not longer than `most`. Raises GraphError."""
    value = item.get(name)
    if value is None and not needed:
        return []
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value) or (needed and not value):
        raise GraphError(131008, f"Parameter '{name}' must be a list of objects.")
    if len(value) > most:
        raise GraphError(131009, f"'{name}' may hold at most {most} items.")
    return value
