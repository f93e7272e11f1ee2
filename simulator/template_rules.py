"""The platform's reading of a submitted template: what each component may hold. Raises GraphError throughout."""

import re
from typing import Any

from simulator import template_buttons
from simulator.errors import GraphError
from simulator.simulation import Simulation
from simulator.uploads import at_handle
from simulator.world import Waba

CATEGORIES = ("MARKETING", "UTILITY", "AUTHENTICATION")
FORMATS = ("POSITIONAL", "NAMED")
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3})?")
_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_MEDIA = ("IMAGE", "VIDEO", "GIF", "DOCUMENT")
_KINDS = ("HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER")
_BODY_CHARS, _CARD_CHARS, _HEADER_CHARS, _FOOTER_CHARS, _OFFER_CHARS = 1024, 160, 60, 60, 16
_CODE_MINUTES = range(1, 91)
Part = dict[str, Any]


def check_head(body: dict[str, Any]) -> None:
    """Name, language, category and the kind of its variables."""
    if not _NAME.fullmatch(str(body.get("name", ""))):
        raise GraphError(100, "The name of a template has 1 to 512 characters of a-z, 0-9 and _.")
    if not _LANGUAGE.fullmatch(str(body.get("language", ""))):
        raise GraphError(100, "The language of the template is not one that the platform knows.")
    if body.get("category") not in CATEGORIES:
        raise GraphError(100, f"The category of the template must be one of {{{', '.join(CATEGORIES)}}}.")
    if str(body.get("parameter_format") or FORMATS[0]).upper() not in FORMATS:
        raise GraphError(100, f"parameter_format must be one of {{{', '.join(FORMATS)}}}.")


def read(sim: Simulation, waba: Waba, given: object, *, category: str, named: bool) -> list[Part]:
    """The components as the platform keeps them."""
    if not isinstance(given, list) or not given or not all(isinstance(part, dict) for part in given):
        raise GraphError(100, message="(#100) The parameter components is required.")
    parts = [{**part, "type": str(part.get("type", "")).upper()} for part in given]
    kinds = [part["type"] for part in parts]
    if set(kinds) - set(_KINDS) or len(set(kinds)) < len(kinds):
        raise GraphError(100, f"Components must be among {{{', '.join(_KINDS)}}}, each once.")
    if "BODY" not in kinds:
        raise GraphError(100, "A template needs a BODY.")
    if category == "AUTHENTICATION":
        return _authentication(parts)
    for part in parts:
        _check(sim, waba, part, named=named)
    _articles(parts)
    return parts


def _check(sim: Simulation, waba: Waba, part: Part, *, named: bool) -> None:
    kind = part["type"]
    if kind == "HEADER":
        _header(sim, waba, part, named=named)
    elif kind == "BODY":
        _body(part, named=named, longest=_BODY_CHARS)
    elif kind == "FOOTER":
        _footer(part)
    elif kind == "BUTTONS":
        template_buttons.check(part)
    elif kind == "CAROUSEL":
        _carousel(sim, waba, part, named=named)
    else:
        offer = part.get("limited_time_offer")
        text = offer.get("text") if isinstance(offer, dict) else None
        if not text or len(str(text)) > _OFFER_CHARS:
            raise GraphError(2388040, f"LIMITED_TIME_OFFER needs a text of at most {_OFFER_CHARS} characters.")


def _articles(parts: list[Part]) -> None:
    """A list of articles has a text as header; an article as header goes with its own button."""
    header = next((part for part in parts if part["type"] == "HEADER"), {})
    buttons: list[Part] = next((part.get("buttons", []) for part in parts if part["type"] == "BUTTONS"), [])
    kinds = {str(button.get("type", "")).upper() for button in buttons}
    if "MPM" in kinds and header.get("format") != "TEXT":
        raise GraphError(2388047, "A template with an MPM button needs a header of format TEXT.")
    if "SPM" in kinds and header.get("format") != "PRODUCT":
        raise GraphError(2388047, "A template with an SPM button needs a header of format PRODUCT.")
    if header.get("format") == "PRODUCT" and not kinds & {"SPM", "URL"}:
        raise GraphError(100, "A header of format PRODUCT needs a button of type SPM or URL.")


def _header(sim: Simulation, waba: Waba, part: Part, *, named: bool) -> None:
    shape = str(part.get("format", "TEXT")).upper()
    part["format"] = shape
    example = _example(part)
    if shape in _MEDIA:
        handles = example.get("header_handle") or []
        if not handles or at_handle(sim.media, handles[0], app_id=waba.app_id) is None:
            raise GraphError(2388047, f"A header of format {shape} needs a sample: example.header_handle of an upload.")
        return
    if shape in ("LOCATION", "PRODUCT"):
        return
    text = str(part.get("text", ""))
    if shape != "TEXT" or not text.strip():
        raise GraphError(2388047, "The header needs a format, and one of format TEXT a text.")
    if len(text) > _HEADER_CHARS:
        raise GraphError(2388040, f"HEADER may have at most {_HEADER_CHARS} characters.")
    if re.search(r"[\n*_~`]", text) or len(_VARIABLE.findall(text)) > 1:
        raise GraphError(2388047, "The header holds at most one variable and no line breaks or formatting.")
    _variables(text, named=named, code=2388047, where="header")
    _samples(example, _VARIABLE.findall(text), named=named, where="header")


def _body(part: Part, *, named: bool, longest: int) -> None:
    text = str(part.get("text", "")).strip()
    if not text:
        raise GraphError(2388072, "The body needs a text.")
    if len(text) > longest:
        raise GraphError(2388040, f"BODY may have at most {longest} characters.")
    names = _variables(text, named=named, code=2388072, where="body")
    if not names:
        return
    if text.startswith("{{") or text.endswith("}}"):
        raise GraphError(2388299, "The body may not begin or end with a variable.")
    words = len(_VARIABLE.sub(" ", text).split())
    if words < 2 * len(names) + 1:
        raise GraphError(2388293, "The body has too many variables for its length.")
    example = _example(part)
    _samples(example, names, named=named, where="body")


def _example(part: Part) -> Part:
    found = part.get("example")
    return found if isinstance(found, dict) else {}


def _variables(text: str, *, named: bool, code: int, where: str) -> list[str]:
    names = list(dict.fromkeys(_VARIABLE.findall(text)))
    if named:
        good = all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)
    else:
        good = sorted(names, key=lambda name: (len(name), name)) == [str(n) for n in range(1, len(names) + 1)]
    if not good or text.count("{{") != len(_VARIABLE.findall(text)):
        kind = "lower-case names" if named else "numbered from 1 without gaps"
        raise GraphError(code, f"The variables of the {where} must be {kind}, in double braces.")
    return names


def _samples(example: Part, names: list[str], *, named: bool, where: str) -> None:
    """Every variable has a sample."""
    if not names:
        return
    if named:
        rows = example.get(f"{where}_text_named_params") or []
        given = {row.get("param_name") for row in rows if isinstance(row, dict) and row.get("example")}
        missing = set(names) - given
    else:
        values = example.get(f"{where}_text") or []
        values = values[0] if values and isinstance(values[0], list) else values
        missing = set(names[len([value for value in values if value]) :])
    if missing:
        code = 2388047 if where == "header" else 2388072
        raise GraphError(code, f"The {where} needs a sample for each variable: {', '.join(sorted(missing))}.")


def _footer(part: Part) -> None:
    text = str(part.get("text", ""))
    if not text.strip() or _VARIABLE.search(text):
        raise GraphError(2388073, "The footer needs a text without variables.")
    if len(text) > _FOOTER_CHARS:
        raise GraphError(2388040, f"FOOTER may have at most {_FOOTER_CHARS} characters.")


def _carousel(sim: Simulation, waba: Waba, part: Part, *, named: bool) -> None:
    cards = part.get("cards")
    if not isinstance(cards, list) or not 2 <= len(cards) <= 10:
        raise GraphError(100, "A carousel has 2 to 10 cards.")
    shapes = set()
    for card in cards:
        pieces = {str(piece.get("type", "")).upper(): piece for piece in card.get("components", [])}
        if str(pieces.get("HEADER", {}).get("format", "")).upper() not in ("IMAGE", "VIDEO", "PRODUCT"):
            raise GraphError(2388047, "Each card needs a header of format IMAGE or VIDEO.")
        _header(sim, waba, pieces["HEADER"], named=named)
        if "BODY" in pieces:
            _body(pieces["BODY"], named=named, longest=_CARD_CHARS)
        buttons = pieces.get("BUTTONS", {}).get("buttons") or []
        if not 1 <= len(buttons) <= 2:
            raise GraphError(100, "Each card needs 1 or 2 buttons.")
        template_buttons.check({"buttons": buttons})
        kinds = tuple(str(button.get("type", "")).upper() for button in buttons)
        shapes.add((str(pieces["HEADER"].get("format")).upper(), "BODY" in pieces, kinds))
    if len(shapes) > 1:
        raise GraphError(100, "All cards must have the same components and buttons.")


def _authentication(parts: list[Part]) -> list[Part]:
    """The platform writes these templates itself; the business chooses a few switches."""
    kept = []
    for part in parts:
        if part["type"] == "BODY":
            if part.get("text"):
                raise GraphError(2388072, "The body of an authentication template is written by the platform.")
            more = " For your security, do not share this code." if part.get("add_security_recommendation") else ""
            kept.append({**part, "text": f"*{{{{1}}}}* is your verification code.{more}"})
        elif part["type"] == "FOOTER":
            minutes = part.get("code_expiration_minutes")
            if minutes not in _CODE_MINUTES:
                raise GraphError(2388073, "code_expiration_minutes must lie between 1 and 90.")
            kept.append({**part, "text": f"This code expires in {minutes} minutes."})
        elif part["type"] == "BUTTONS":
            template_buttons.check_code(part)
            kept.append(part)
        else:
            raise GraphError(100, f"An authentication template has no {part['type']}.")
    if not any(part["type"] == "BUTTONS" for part in kept):
        raise GraphError(100, "An authentication template needs a button of type OTP.")
    return kept
