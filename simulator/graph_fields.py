"""Reading the `fields` of a Graph request, and lists that come in pages."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

from aiohttp import web

from simulator.access import base_url
from simulator.errors import GraphError

ABSENT = object()  # a field that exists and has no value now: it is left out of the answer
_PAGE, _LARGEST_PAGE = 25, 1000
_OPENING, _CLOSING = "([{", ")]}"


def select(values: dict[str, Any], wanted: str | None, default: tuple[str, ...]) -> dict[str, Any]:
    """The fields that were asked for, with the id. A callable value is given the field's expression.

    Raises  GraphError for a field that does not exist
    """
    answer: dict[str, Any] = {}
    for expression in _split(wanted) if wanted else default:
        name = _name(expression)
        if name not in values:
            raise GraphError(100, message=f"(#100) Tried accessing nonexisting field ({name[:60]})")
        value = values[name]
        answer[name] = value(expression) if isinstance(value, Callable) else value  # type: ignore[arg-type]
    answer["id"] = values["id"]
    return {name: value for name, value in answer.items() if value is not ABSENT}


def _split(wanted: str) -> Iterator[str]:
    """The parts between commas that stand in no brackets."""
    depth, part = 0, ""
    for letter in wanted:
        depth += (letter in _OPENING) - (letter in _CLOSING)
        if letter == "," and depth == 0:
            yield part.strip()
            part = ""
        else:
            part += letter
    if part.strip():
        yield part.strip()


def _name(expression: str) -> str:
    ends = [expression.find(mark) for mark in ".{(" if mark in expression]
    return expression[: min(ends)] if ends else expression


def page(request: web.Request, rows: list[Any], draw: Callable[[Any], Any]) -> web.Response:
    """One page of a list with its cursors. Raises GraphError for a cursor that is none."""
    query = request.query
    start = _position(query.get("after"))
    size = min(max(int(query["limit"]) if query.get("limit", "").isdigit() else _PAGE, 1), _LARGEST_PAGE)
    shown = rows[start : start + size]
    answer: dict[str, Any] = {"data": [draw(row) for row in shown]}
    if shown:
        answer["paging"] = {"cursors": {"before": _cursor(start), "after": _cursor(start + len(shown))}}
        if start + size < len(rows):
            following = request.rel_url.update_query({"after": _cursor(start + size), "limit": str(size)})
            answer["paging"]["next"] = f"{base_url(request)}{following}"
    return web.json_response(answer)


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"t{position}".encode()).decode()


def _position(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        return max(int(base64.urlsafe_b64decode(cursor).decode().removeprefix("t")), 0)
    except ValueError:
        raise GraphError(100, message="(#100) Invalid cursor") from None
