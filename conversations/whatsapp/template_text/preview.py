"""How a message template reads with its values in place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conversations.whatsapp.fields import TooLong
from conversations.whatsapp.payloads.clean import record, text
from conversations.whatsapp.template_text.blanks import (
    MAX_BODY_CHARS,
    MAX_CARD_BODY_CHARS,
    MAX_HEADER_CHARS,
    MAX_URL_CHARS,
    Values,
    checked,
)
from conversations.whatsapp.template_text.parts import MEDIA_HEADERS, VARIABLE, Component, Layer, layers


@dataclass(slots=True, frozen=True)
class PreviewButton:
    kind: str
    text: str
    url: str = ""


@dataclass(slots=True, frozen=True)
class Preview:
    """The message as the person will see it; ``header_media`` is the kind of file above the text, if any."""

    header: str
    header_media: str
    body: str
    footer: str
    buttons: tuple[PreviewButton, ...]
    offer: str = ""
    cards: tuple["Preview", ...] = ()


def fill(components: Sequence[Component], values: Values) -> Preview:
    """The filled template.

    Raises  Missing, TooLong, InvalidField for the first value that does not fit
    """
    return preview_of(components, checked(components, values))


def draft(components: Sequence[Component], values: Values) -> Preview:
    """The template as far as it is filled; what is still open stays visible as its variable. Only refuses TooLong."""
    return preview_of(components, {key: value for key, value in values.items() if value not in (None, "")})


def preview_of(components: Sequence[Component], values: Values, *, bounded: bool = True) -> Preview:
    """The template with these values; ``bounded`` refuses texts that are longer than the platform allows."""
    whole, *cards = [_layer(layer, values, bounded=bounded) for layer in layers(components)]
    return Preview(
        whole.header, whole.header_media, whole.body, whole.footer, whole.buttons, whole.offer, cards=tuple(cards)
    )


def _layer(layer: Layer, values: Values, *, bounded: bool) -> Preview:
    header = layer.part("HEADER")
    shape = header.get("format", "")
    body_limit = MAX_CARD_BODY_CHARS if layer.prefix else MAX_BODY_CHARS
    offer = record(layer.part("LIMITED_TIME_OFFER").get("limited_time_offer"))
    limits = (MAX_HEADER_CHARS, body_limit) if bounded else (0, 0)
    return Preview(
        header=_filled(header.get("text"), f"{layer.prefix}header", values, limit=limits[0]),
        header_media=shape.lower() if shape in ("LOCATION", "PRODUCT") else MEDIA_HEADERS.get(shape, ""),
        body=_filled(layer.part("BODY").get("text"), f"{layer.prefix}body", values, limit=limits[1]),
        footer=text(layer.part("FOOTER").get("text")) or "",
        buttons=tuple(_button(layer.prefix, *one, values, bounded=bounded) for one in layer.buttons),
        offer=text(offer.get("text")) or "",
    )


def _filled(template: Any, place: str, values: Values, *, limit: int) -> str:
    """The text with its variables replaced once: braces inside a value stay what they are."""
    whole = VARIABLE.sub(lambda found: str(values.get(f"{place}.{found[1]}", found[0])), text(template) or "")
    if limit and len(whole) > limit:
        raise TooLong(place, limit)
    return whole


def _button(
    prefix: str, index: int, kind: str, button: dict[str, Any], values: Values, *, bounded: bool
) -> PreviewButton:
    key = f"{prefix}button.{index}"
    filled = values.get(key)
    url = (
        VARIABLE.sub(lambda found: found[0] if filled is None else str(filled), text(button.get("url")) or "")
        if kind == "URL"
        else ""
    )
    if bounded and len(url) > MAX_URL_CHARS:
        raise TooLong(key, MAX_URL_CHARS)
    return PreviewButton(kind, text(button.get("text")) or "", url)
