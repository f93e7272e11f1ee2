"""Message templates: what a send must fill in, and the text that comes out."""

import re
from dataclasses import replace
from typing import Any

from simulator import articles
from simulator.errors import GraphError
from simulator.shapes import list_of, require
from simulator.world import Template, Waba, World

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_MEDIA = ("image", "video", "document")
_STATUS_CODES = {"PAUSED": 132015, "DISABLED": 132016}
_LONGEST = {"header": 60, "body": 1024}


def find(world: World, *, waba: Waba, template: dict[str, Any]) -> Template:
    """The approved template that a send names. Raises GraphError."""
    name = require(template, "name", str)
    language = require(require(template, "language", dict), "code", str)
    found = world.template(waba.id, name=name, language=language)
    if found is None or found.status not in ("APPROVED", *_STATUS_CODES):
        raise GraphError(132001, f"template name ({name}) does not exist in {language}")
    if found.status in _STATUS_CODES and not found.state.get("paced"):
        raise GraphError(_STATUS_CODES[found.status], f"Template {name} is {found.status.lower()}.")
    return found


def fill(template: Template, given: dict[str, Any]) -> dict[str, Any]:
    """What the person sees: header, body, footer and buttons with the parameters in place.

    Raises  GraphError where parameters and template do not fit
    """
    parts = {str(part.get("type", "")).lower(): part for part in list_of(given, "components", needed=False)}
    seen: dict[str, Any] = {"name": template.name, "buttons": []}
    for component in template.components:
        kind = str(component.get("type", "")).upper()
        if kind == "HEADER":
            seen["header"] = _header(template, component, parts.get("header", {}))
        elif kind == "BODY":
            seen["body"] = _text(template, str(component.get("text", "")), parts.get("body", {}), "body")
        elif kind == "FOOTER":
            seen["footer"] = str(component.get("text", ""))
        elif kind == "BUTTONS":
            seen["buttons"] = _buttons(component, list_of(given, "components", needed=False))
        elif kind == "LIMITED_TIME_OFFER":
            seen["offer"] = str((component.get("limited_time_offer") or {}).get("text", ""))
        elif kind == "CAROUSEL":
            seen["cards"] = _cards(template, component, parts.get("carousel", {}))
    return seen


def _cards(template: Template, component: dict[str, Any], part: dict[str, Any]) -> list[dict[str, Any]]:
    """Each card filled on its own; all of them must be sent."""
    given = {int(card.get("card_index", -1)): card for card in list_of(part, "cards", needed=False)}
    cards = component.get("cards", [])
    if len(given) != len(cards) or set(given) != set(range(len(cards))):
        raise GraphError(132012, f"carousel: {len(cards)} cards are expected, each with its card_index.")
    filled = []
    for place, card in enumerate(cards):
        alone = replace(template, components=card.get("components", []))
        filled.append(fill(alone, {"components": given[place].get("components", [])}))
    return filled


def _header(template: Template, component: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    shape = str(component.get("format", "TEXT")).lower()
    if shape == "text":
        return {"type": "text", "text": _text(template, str(component.get("text", "")), part, "header")}
    parameters = list_of(part, "parameters", needed=False)
    got = str(parameters[0].get("type", "")) if parameters else "unknown"
    if got.lower() != shape:
        raise GraphError(132012, f"header: Format mismatch, expected {shape.upper()}, received {got.upper()}")
    content = require(parameters[0], shape, dict)
    if shape == "product":
        articles.check_product(content)
    if shape in _MEDIA and bool(content.get("id")) == bool(content.get("link")):
        raise GraphError(132012, f"header: exactly one of id and link is required in {shape}.")
    return {"type": shape, shape: content}


def _text(template: Template, text: str, part: dict[str, Any], where: str) -> str:
    parameters = list_of(part, "parameters", needed=False)
    names = list(dict.fromkeys(_VARIABLE.findall(text)))
    if len(parameters) != len(names):
        raise GraphError(
            132000,
            f"{where}: number of localizable_params ({len(parameters)}) does not match the expected number of params "
            f"({len(names)})",
        )
    values = _values(template, parameters, names, where)
    filled = _VARIABLE.sub(lambda found: values[found.group(1)], text)
    if len(filled) > _LONGEST[where]:
        raise GraphError(132005, f"{where}: text is longer than {_LONGEST[where]} characters after filling in.")
    return filled


def _values(template: Template, parameters: list[dict[str, Any]], names: list[str], where: str) -> dict[str, str]:
    filled = [_value(parameter, where) for parameter in parameters]
    if template.parameter_format != "NAMED":
        order = sorted(names, key=lambda name: int(name) if name.isdigit() else 0)
        return dict(zip(order, filled, strict=True))
    given = [parameter.get("parameter_name") for parameter in parameters]
    if any(not name for name in given):
        raise GraphError(100, f"{where}: Parameter name is missing or empty")
    if set(given) != set(names):
        raise GraphError(132012, f"{where}: parameter names {sorted(map(str, given))} do not match {sorted(names)}")
    return dict(zip(map(str, given), filled, strict=True))


def _value(parameter: dict[str, Any], where: str) -> str:
    kind = require(parameter, "type", str)
    if kind in ("currency", "date_time"):
        return str(require(require(parameter, kind, dict), "fallback_value", str))
    if kind != "text":
        raise GraphError(132012, f"{where}: Format mismatch, expected TEXT, received {kind.upper()[:40]}")
    value = require(parameter, "text", str)
    if not value:
        raise GraphError(131008, f"{where}: parameter text must not be empty.")
    if re.search(r"[\n\t]| {5,}", value):
        raise GraphError(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    return value


def _buttons(component: dict[str, Any], given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    filled = {str(part.get("index")): part for part in given if str(part.get("type", "")).lower() == "button"}
    buttons = component.get("buttons", [])
    for index, part in filled.items():
        if not index.isdigit() or int(index) >= len(buttons):
            raise GraphError(132018, f"buttons: there is no button at index {index[:10]}.")
        wanted = str(buttons[int(index)].get("type", "")).lower()
        if str(part.get("sub_type", "")).lower() not in (wanted, "url" if wanted == "otp" else wanted):
            raise GraphError(132018, f"buttons: Button at index {index} is of type {wanted}.")
    return [_button(button, index, filled.get(str(index), {})) for index, button in enumerate(buttons)]


def _button(button: dict[str, Any], index: int, part: dict[str, Any]) -> dict[str, Any]:
    kind, label = str(button.get("type", "")).upper(), str(button.get("text", ""))
    parameters = list_of(part, "parameters", needed=False)
    first = parameters[0] if parameters else {}
    if kind == "QUICK_REPLY":
        return {"type": "quick_reply", "text": label, "payload": str(first.get("payload") or label)}
    if kind in ("MPM", "CATALOG", "SPM"):
        return {"type": kind.lower(), "text": label, **_articles(kind, index, first)}
    url = str(button.get("url", ""))
    needs = kind == "OTP" or (kind == "URL" and _VARIABLE.search(url)) or kind == "COPY_CODE"
    value = str(first.get("text") or first.get("coupon_code") or first.get("payload") or "")
    if needs and not value:
        raise GraphError(131008, f"buttons: Button at index {index} of type {kind.title()} requires a parameter")
    if kind == "URL":
        return {"type": "url", "text": label, "url": _VARIABLE.sub(lambda _: value, url)}
    if kind == "FLOW":
        return {"type": "flow", "text": label, "flow_id": str(button.get("flow_id", ""))}
    if kind == "PHONE_NUMBER":
        return {"type": "phone_number", "text": label, "phone_number": str(button.get("phone_number", ""))}
    return {"type": kind.lower(), "text": label, "value": value}


def _articles(kind: str, index: int, parameter: dict[str, Any]) -> dict[str, Any]:
    """The articles behind a button, which only a list of them must name."""
    if kind != "MPM" and not parameter:
        return {}
    if parameter.get("type") != "action":
        raise GraphError(131008, f"buttons: Button at index {index} of type {kind} requires a parameter of type action")
    action = require(parameter, "action", dict)
    if kind == "MPM":
        require(action, "thumbnail_product_retailer_id", str)
        articles.check_sections(action)
    return {"action": action}
