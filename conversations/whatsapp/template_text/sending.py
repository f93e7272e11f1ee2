"""The components of a template message, as the platform takes them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from conversations.whatsapp.fields import InvalidField, bounded
from conversations.whatsapp.template_text import articles
from conversations.whatsapp.template_text.blanks import Values, Variable, checked, every_variable
from conversations.whatsapp.template_text.parts import Component, Layer, is_one_time, layers, unsupported
from conversations.whatsapp.template_text.preview import preview_of

MAX_FILENAME_CHARS = 240
NO_FLOW_TOKEN = "unused"  # noqa: S105  the platform's own word for a form without a token


def to_components(components: Sequence[Component], values: Values) -> list[dict[str, Any]]:
    """The ``components`` of a template message.

    Raises  Missing, TooLong, InvalidField for the first value that does not fit
    """
    if unsupported(components):
        raise InvalidField("template", _("This template has a part that cannot be sent from here. Choose another one."))
    found = checked(components, values)
    preview_of(components, found)
    wanted = list(every_variable(components))
    whole, *cards = layers(components)
    sent = list(_layer(whole, wanted, found))
    if cards:
        listed = [
            {"card_index": index, "components": list(_layer(card, wanted, found))} for index, card in enumerate(cards)
        ]
        sent.append({"type": "carousel", "cards": listed})
    return sent


def _layer(layer: Layer, wanted: Sequence[Variable], values: Values) -> Iterator[dict[str, Any]]:
    mine = [one for one in wanted if one.key.startswith(layer.prefix) and (layer.prefix or one.card is None)]
    for place in ("header", "body"):
        parameters = [_parameter(one, layer.prefix, values) for one in mine if one.place == place]
        if parameters:
            yield {"type": place, "parameters": parameters}
    for one in mine:
        if one.place == "offer":
            ends = {"expiration_time_ms": values[one.key]}
            yield {
                "type": "limited_time_offer",
                "parameters": [{"type": "limited_time_offer", "limited_time_offer": ends}],
            }
    for index, kind, button in layer.buttons:
        yield from _button(layer.prefix, index, kind, button, values)


def _parameter(variable: Variable, prefix: str, values: Values) -> dict[str, Any]:
    value = values[variable.key]
    if variable.kind == "text":
        named = {} if variable.name.isdecimal() else {"parameter_name": variable.name}
        return {"type": "text", **named, "text": value}
    if variable.kind == "location":
        return {"type": "location", "location": value}
    if variable.kind == "product":
        named_so = {"catalog_id": value["catalog_id"], "product_retailer_id": value["product_id"]}
        return {"type": "product", "product": named_so}
    media: dict[str, Any] = {"id": value}
    filename = values.get(f"{prefix}header.filename")
    if variable.kind == "document" and filename:
        media["filename"] = bounded(f"{prefix}header.filename", str(filename), limit=MAX_FILENAME_CHARS)
    return {"type": variable.kind, variable.kind: media}


def _button(prefix: str, index: int, kind: str, button: Component, values: Values) -> Iterator[dict[str, Any]]:
    key = f"{prefix}button.{index}"
    base = {"type": "button", "index": str(index)}
    value = values.get(key)
    if (kind == "URL" or is_one_time(kind, button)) and value is not None:
        yield {**base, "sub_type": "url", "parameters": [{"type": "text", "text": value}]}
    elif kind == "COPY_CODE" and value is not None:
        yield {**base, "sub_type": "copy_code", "parameters": [{"type": "coupon_code", "coupon_code": value}]}
    elif kind == "QUICK_REPLY" and values.get(f"{key}.payload"):
        payload = {"type": "payload", "payload": values[f"{key}.payload"]}
        yield {**base, "sub_type": "quick_reply", "parameters": [payload]}
    elif kind == "CATALOG" and values.get(f"{key}.thumbnail"):
        action = {"thumbnail_product_retailer_id": values[f"{key}.thumbnail"]}
        yield {**base, "sub_type": "catalog", "parameters": [{"type": "action", "action": action}]}
    elif kind == "MPM":
        action = articles.as_action(values[f"{key}.products"])
        yield {**base, "sub_type": "mpm", "parameters": [{"type": "action", "action": action}]}
    elif kind == "FLOW":
        action = {"flow_token": values.get(f"{key}.token") or NO_FLOW_TOKEN}
        yield {**base, "sub_type": "flow", "parameters": [{"type": "action", "action": action}]}
