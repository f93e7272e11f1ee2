"""What has to be filled in before a message template can be sent, and whether what was filled in fits."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from conversations.whatsapp import limits
from conversations.whatsapp.fields import InvalidField, Missing, bounded, required
from conversations.whatsapp.payloads.clean import record, rows, text
from conversations.whatsapp.template_text import articles
from conversations.whatsapp.template_text.parts import (
    MEDIA_HEADERS,
    VARIABLE,
    Component,
    Layer,
    examples,
    is_one_time,
    layers,
    names,
)

Values = Mapping[str, Any]

MAX_BODY_CHARS = 1024
MAX_CARD_BODY_CHARS = 160
MAX_HEADER_CHARS = 60
MAX_URL_CHARS = 2000
MAX_CODE_CHARS = 15
MAX_PAYLOAD_CHARS = 256
MAX_FLOW_TOKEN_CHARS = 200
MAX_ARTICLE_CHARS = limits.most("product", "product_id")
_BREAKS = re.compile(r"[\n\r\t]| {5,}")


@dataclass(slots=True, frozen=True)
class Variable:
    """Something to fill in.

    ``kind`` is text, url, code, image, video, document, location, moment, payload, token, product (one article),
    products (sections of articles) or thumbnail (the article whose picture a catalogue shows).

    ``required`` is false for what the platform does not need: what a quick reply answers, the token of a form.
    """

    key: str
    place: str  # header, body, button or offer
    name: str
    kind: str
    example: str
    limit: int
    required: bool = True
    card: int | None = None


def variables(components: Sequence[Component]) -> list[Variable]:
    """Everything that has to be filled in, in the order a person reads it."""
    return [one for one in every_variable(components) if one.required]


def options(components: Sequence[Component]) -> list[Variable]:
    """What may be filled in for a program: the answer that a quick reply sends, the token that comes with a form."""
    return [one for one in every_variable(components) if not one.required]


def every_variable(components: Sequence[Component]) -> Iterator[Variable]:
    """Required and optional variables of the message and its cards, in their order."""
    for number, layer in enumerate(layers(components)):
        card = number - 1 if number else None
        yield from _header(layer, card)
        yield from _offer(layer)
        yield from _body(layer, card)
        yield from _buttons(layer, card)


def checked(components: Sequence[Component], values: Values) -> dict[str, Any]:
    """The values with every needed one present and of a fitting size; a one-time code fills its button too.

    Raises  Missing, TooLong, InvalidField for the first value that does not fit
    """
    found = dict(values)
    for layer in layers(components):
        for index, kind, button in layer.buttons:
            key, code = f"{layer.prefix}button.{index}", found.get(f"{layer.prefix}body.1")
            if is_one_time(kind, button) and key not in found and code is not None:
                found[key] = code
    for variable in every_variable(components):
        value = found.get(variable.key)
        if variable.required or value not in (None, ""):
            found[variable.key] = _value(variable, value)
    return found


def _header(layer: Layer, card: int | None) -> Iterator[Variable]:
    header = layer.part("HEADER")
    shape = header.get("format", "")
    if shape in MEDIA_HEADERS:
        yield Variable(f"{layer.prefix}header.media", "header", "media", MEDIA_HEADERS[shape], "", 255, card=card)
    elif shape == "LOCATION":
        yield Variable(f"{layer.prefix}header.location", "header", "location", "location", "", 0, card=card)
    elif shape == "PRODUCT":
        yield Variable(f"{layer.prefix}header.product", "header", "product", "product", "", 0, card=card)
    elif header:
        yield from _texts(layer, header, place="header", limit=MAX_HEADER_CHARS, card=card)


def _offer(layer: Layer) -> Iterator[Variable]:
    offer = record(layer.part("LIMITED_TIME_OFFER").get("limited_time_offer"))
    if offer.get("has_expiration") is True:
        yield Variable(f"{layer.prefix}offer.ends", "offer", "ends", "moment", "", 40)


def _body(layer: Layer, card: int | None) -> Iterator[Variable]:
    limit = MAX_BODY_CHARS if card is None else MAX_CARD_BODY_CHARS
    coded = any(is_one_time(kind, button) for _index, kind, button in layer.buttons)
    body = layer.part("BODY")
    if body:
        found = _texts(layer, body, place="body", limit=MAX_CODE_CHARS if coded else limit, card=card)
        yield from found


def _texts(layer: Layer, part: Component, *, place: str, limit: int, card: int | None) -> Iterator[Variable]:
    shown = examples(part, place)
    for position, name in enumerate(names(text(part.get("text")) or ""), start=1):
        example = shown.get(name) or shown.get(str(position)) or ""
        yield Variable(f"{layer.prefix}{place}.{name}", place, name, "text", example, limit, card=card)


def _buttons(layer: Layer, card: int | None) -> Iterator[Variable]:
    for index, kind, button in layer.buttons:
        key, example = f"{layer.prefix}button.{index}", button.get("example")
        first = (text(rows(example)[0]) if rows(example) else text(example)) or ""
        label = text(button.get("text")) or str(index)
        if is_one_time(kind, button):
            continue  # the code stands in the text already
        if kind == "URL" and VARIABLE.search(text(button.get("url")) or ""):
            yield Variable(key, "button", str(index), "url", first, MAX_URL_CHARS, card=card)
        elif kind == "COPY_CODE":
            yield Variable(key, "button", str(index), "code", first, MAX_CODE_CHARS, card=card)
        elif kind == "QUICK_REPLY":
            yield Variable(f"{key}.payload", "button", label, "payload", "", MAX_PAYLOAD_CHARS, False, card)
        elif kind == "MPM":
            yield Variable(f"{key}.products", "button", label, "products", "", 0, card=card)
        elif kind == "CATALOG":
            yield Variable(f"{key}.thumbnail", "button", label, "thumbnail", "", MAX_ARTICLE_CHARS, False, card)
        elif kind == "FLOW":
            yield Variable(f"{key}.token", "button", label, "token", "", MAX_FLOW_TOKEN_CHARS, False, card)


def _value(variable: Variable, value: Any) -> Any:
    if variable.kind == "location":
        return _place(variable.key, value)
    if variable.kind == "product":
        return articles.article(variable.key, value)
    if variable.kind == "products":
        return articles.articles(variable.key, value)
    if variable.kind == "moment":
        return _moment(variable.key, value)
    if value is None:
        raise Missing(variable.key)
    found = required(variable.key, str(value), limit=variable.limit)
    if variable.kind in ("text", "code") and _BREAKS.search(found):
        raise InvalidField(variable.key, _("A value cannot have line breaks, tabs or many spaces in a row."))
    return found


def _place(key: str, value: Any) -> dict[str, Any]:
    """A location: latitude and longitude as numbers on the globe, perhaps with name and address."""
    place = record(value)
    try:
        latitude, longitude = float(place["latitude"]), float(place["longitude"])
    except (KeyError, TypeError, ValueError):
        raise Missing(key) from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise InvalidField(key, _("A latitude lies between -90 and 90, a longitude between -180 and 180."))
    words = {name: bounded(key, str(place[name]), limit=1000) for name in ("name", "address") if place.get(name)}
    return {"latitude": latitude, "longitude": longitude, **words}


def _moment(key: str, value: Any) -> int:
    """When an offer ends, in milliseconds since 1970; from an aware time, an ISO text or milliseconds."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**15:
        return value
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value or ""))
    except ValueError:
        raise Missing(key) from None
    if found.tzinfo is None:
        raise InvalidField(key, _("Give the moment with its time zone, as in 2026-12-01T18:00:00+01:00."))
    return int(found.timestamp() * 1000)
