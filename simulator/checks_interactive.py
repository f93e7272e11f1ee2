"""The platform's reading of interactive messages: buttons, lists and requests."""

from collections.abc import Callable
from typing import Any

from simulator import articles
from simulator.errors import GraphError
from simulator.shapes import list_of, require, text

_HEADER_KINDS = ("text", "image", "video", "document")
_TEXT_HEADS = ("list", "product_list")
_MAX_ROWS = 10


def check_interactive(content: dict[str, Any]) -> None:
    """Raise GraphError unless the platform would take this interactive object."""
    kind = require(content, "type", str)
    if kind not in _ACTIONS:
        raise GraphError(131009, f"Interactive type '{kind[:40]}' is not valid.")
    if kind not in _WITHOUT_BODY:
        text(require(content, "body", dict), "text", longest=4096 if kind == "list" else 1024)
    if content.get("footer") is not None:
        text(require(content, "footer", dict), "text", longest=60)
    if content.get("header") is not None:
        _check_header(require(content, "header", dict), kind)
    elif kind == "product_list":
        raise GraphError(131008, "A product_list needs a header.")
    _ACTIONS[kind](require(content, "action", dict))


def _check_header(header: dict[str, Any], kind: str) -> None:
    shape = require(header, "type", str)
    if shape not in _HEADER_KINDS or (kind in _TEXT_HEADS and shape != "text"):
        raise GraphError(131009, f"Header type '{shape[:40]}' is not allowed for interactive type '{kind}'.")
    if shape == "text":
        text(header, "text", longest=60)
    else:
        media = require(header, shape, dict)
        if bool(media.get("id")) == bool(media.get("link")):
            raise GraphError(131008, f"Exactly one of id and link is required in the {shape} header.")


def _check_buttons(action: dict[str, Any]) -> None:
    seen: set[str] = set()
    for button in list_of(action, "buttons", most=3):
        if button.get("type") != "reply":
            raise GraphError(131009, "Button type must be reply.")
        reply = require(button, "reply", dict)
        title = text(reply, "title", longest=20)
        _once(text(reply, "id", longest=256), seen, "button id")
        _once(f"title:{title}", seen, "button title")


def _check_list(action: dict[str, Any]) -> None:
    text(action, "button", longest=20)
    sections = list_of(action, "sections", most=10)
    seen: set[str] = set()
    for section in sections:
        text(section, "title", longest=24, needed=len(sections) > 1)
        for row in list_of(section, "rows"):
            _once(text(row, "id", longest=200), seen, "row id")
            text(row, "title", longest=24)
            text(row, "description", longest=72, needed=False)
    if len(seen) > _MAX_ROWS:
        raise GraphError(131009, f"Total row count exceed max allowed count: {_MAX_ROWS}")


def _once(value: str, seen: set[str], what: str) -> None:
    if value in seen:
        raise GraphError(131009, f"Duplicated {what}.")
    seen.add(value)


def _check_url(action: dict[str, Any]) -> None:
    _named("cta_url")(action)
    parameters = require(action, "parameters", dict)
    text(parameters, "display_text", longest=20)
    if not text(parameters, "url", longest=2000).startswith(("https://", "http://")):
        raise GraphError(131009, "url is not a valid URL.")


def _check_flow(action: dict[str, Any]) -> None:
    _named("flow")(action)
    parameters = require(action, "parameters", dict)
    text(parameters, "flow_message_version", longest=5)
    text(parameters, "flow_cta", longest=20)
    if bool(parameters.get("flow_id")) == bool(parameters.get("flow_name")):
        raise GraphError(131008, "Exactly one of flow_id and flow_name is required.")


def _named(name: str) -> Callable[[dict[str, Any]], None]:
    def check(action: dict[str, Any]) -> None:
        if action.get("name") != name:
            raise GraphError(131009, f"action.name must be {name}.")

    return check


_WITHOUT_BODY = ("product", "call_permission_request")
_ACTIONS: dict[str, Callable[[dict[str, Any]], None]] = {
    "button": _check_buttons,
    "list": _check_list,
    "cta_url": _check_url,
    "flow": _check_flow,
    "location_request_message": _named("send_location"),
    "request_contact_info": _named("request_contact_info"),
    "address_message": _named("address_message"),
    "call_permission_request": _named("call_permission_request"),
    "catalog_message": articles.check_catalog,
    "voice_call": _named("voice_call"),
    "product": articles.check_product,
    "product_list": articles.check_product_list,
    "carousel": articles.check_carousel,
}
