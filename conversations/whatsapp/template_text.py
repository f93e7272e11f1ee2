"""What a message template needs before it can be sent, how it will look, and the components that send it.

Values are keyed by place and variable: ``header.1``, ``body.1``, ``body.first_name``, ``button.0`` (the end of a link
or a code to copy, by the position of the button), ``header.media`` (a media id), ``header.location`` (latitude,
longitude, name, address), and optionally ``header.filename`` and ``button.1.payload``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from conversations.whatsapp.fields import InvalidField, Missing, TooLong, bounded, required
from conversations.whatsapp.payloads.clean import record, rows, text

Component = Mapping[str, Any]
Values = Mapping[str, Any]

MAX_BODY_CHARS = 1024
MAX_HEADER_CHARS = 60
MAX_URL_CHARS = 2000
MAX_CODE_CHARS = 15
MEDIA_HEADERS = {"IMAGE": "image", "VIDEO": "video", "GIF": "video", "DOCUMENT": "document"}
KNOWN_COMPONENTS = {"HEADER", "BODY", "FOOTER", "BUTTONS"}
KNOWN_BUTTONS = {"QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE", "OTP", "VOICE_CALL", "REQUEST_CONTACT_INFO"}
ONE_TIME_CODE_LINK = "https://www.whatsapp.com/otp/"
_VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_BREAKS = re.compile(r"[\n\r\t]| {5,}")


@dataclass(slots=True, frozen=True)
class Variable:
    """Something to fill in. ``kind`` is text, url, code, image, video, document or location."""

    key: str
    place: str  # header, body or button
    name: str
    kind: str
    example: str
    limit: int


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


def variables(components: Sequence[Component]) -> list[Variable]:
    """Everything that has to be filled in, in the order a person reads it."""
    found: list[Variable] = []
    for component in _known(components):
        kind = component["type"]
        if kind == "HEADER":
            found.extend(_header_variables(component))
        elif kind == "BODY":
            found.extend(_text_variables(component, place="body", limit=MAX_BODY_CHARS))
        elif kind == "BUTTONS":
            found.extend(_button_variables(component))
    return found


def unsupported(components: Sequence[Component]) -> list[str]:
    """Parts of the template that cannot be sent from here, as the platform names them."""
    names = [str(record(component).get("type")).upper() for component in components]
    found = [name for name in names if name not in KNOWN_COMPONENTS]
    for component in _known(components):
        if component["type"] == "HEADER" and component["format"] not in {"TEXT", "LOCATION", *MEDIA_HEADERS}:
            found.append(component["format"])
        found.extend(kind for _index, kind, _button in _buttons(component) if kind not in KNOWN_BUTTONS)
    return found


def fill(components: Sequence[Component], values: Values) -> Preview:
    """The filled template.

    Raises  Missing, TooLong, InvalidField for the first value that does not fit
    """
    return _preview(components, _checked(components, values))


def draft(components: Sequence[Component], values: Values) -> Preview:
    """The template as far as it is filled; what is still open stays visible as its variable. Only refuses TooLong."""
    return _preview(components, {key: value for key, value in values.items() if value not in (None, "")})


def to_components(components: Sequence[Component], values: Values) -> list[dict[str, Any]]:
    """The ``components`` of a template message.

    Raises  Missing, TooLong, InvalidField for the first value that does not fit
    """
    refused = unsupported(components)
    if refused:
        raise InvalidField("template", _("This template has a part that cannot be sent from here. Choose another one."))
    checked = _checked(components, values)
    fill(components, checked)
    wanted = variables(components)
    found: list[dict[str, Any]] = []
    for place in ("header", "body"):
        parameters = [_parameter(variable, checked) for variable in wanted if variable.place == place]
        if parameters:
            found.append({"type": place, "parameters": parameters})
    for component in _known(components):
        for index, kind, _button in _buttons(component):
            found.extend(_button_component(index, kind, checked))
    return found


def _known(components: Sequence[Component]) -> Iterator[dict[str, Any]]:
    for component in components:
        read = record(component)
        kind = str(read.get("type")).upper()
        if kind in KNOWN_COMPONENTS:
            shape = str(read.get("format") or "TEXT").upper() if kind == "HEADER" else ""
            yield {**read, "type": kind, "format": shape}


def _buttons(component: Component) -> Iterator[tuple[int, str, dict[str, Any]]]:
    for index, button in enumerate(rows(component.get("buttons"))):
        yield index, str(record(button).get("type")).upper(), record(button)


def _header_variables(component: Component) -> Iterator[Variable]:
    shape = component["format"]
    if shape in MEDIA_HEADERS:
        yield Variable("header.media", "header", "media", MEDIA_HEADERS[shape], "", 255)
    elif shape == "LOCATION":
        yield Variable("header.location", "header", "location", "location", "", 0)
    else:
        yield from _text_variables(component, place="header", limit=MAX_HEADER_CHARS)


def _text_variables(component: Component, *, place: str, limit: int) -> Iterator[Variable]:
    examples = _examples(record(component.get("example")), place)
    names = _names(text(component.get("text")) or "")
    for position, name in enumerate(names):
        example = examples.get(name) or examples.get(str(position + 1)) or ""
        yield Variable(f"{place}.{name}", place, name, "text", example, limit)


def _names(template: str) -> list[str]:
    """The variables of a text: numbered ones from 1 without gaps, named ones in their order."""
    names = list(dict.fromkeys(_VARIABLE.findall(template)))
    numbers = [int(name) for name in names if name.isdecimal() and 0 < int(name) <= 100]
    if names and len(numbers) == len(names):
        return [str(number) for number in range(1, max(numbers) + 1)]
    return names


def _examples(example: Mapping[str, Any], place: str) -> dict[str, str]:
    found = {
        str(record(item).get("param_name")): text(record(item).get("example")) or ""
        for item in rows(example.get(f"{place}_text_named_params"))
    }
    listed = rows(example.get(f"{place}_text"))
    if listed and isinstance(listed[0], list):
        listed = listed[0]
    found.update({str(position): text(item) or "" for position, item in enumerate(listed, start=1)})
    return found


def _button_variables(component: Component) -> Iterator[Variable]:
    for index, kind, button in _buttons(component):
        example = button.get("example")
        first = text(rows(example)[0]) if rows(example) else text(example)
        if kind == "URL" and _VARIABLE.search(text(button.get("url")) or ""):
            yield Variable(f"button.{index}", "button", str(index), "url", first or "", MAX_URL_CHARS)
        elif kind in {"COPY_CODE", "OTP"}:
            yield Variable(f"button.{index}", "button", str(index), "code", first or "", MAX_CODE_CHARS)


def _checked(components: Sequence[Component], values: Values) -> dict[str, Any]:
    """The values with every needed one present and of a fitting size; a one-time code fills its button too."""
    found = dict(values)
    for component in _known(components):
        for index, kind, button in _buttons(component):
            one_time = kind == "OTP" or (text(button.get("url")) or "").startswith(ONE_TIME_CODE_LINK)
            if one_time and f"button.{index}" not in found and "body.1" in found:
                found[f"button.{index}"] = found["body.1"]
    for variable in variables(components):
        value = found.get(variable.key)
        if variable.kind == "location":
            found[variable.key] = _place(variable.key, value)
        else:
            found[variable.key] = _value(variable, value)
    return found


def _value(variable: Variable, value: Any) -> str:
    if value is None:
        raise Missing(variable.key)
    checked = required(variable.key, str(value), limit=variable.limit)
    if variable.kind == "text" and _BREAKS.search(checked):
        raise InvalidField(variable.key, _("A value cannot have line breaks, tabs or many spaces in a row."))
    return checked


def _place(key: str, value: Any) -> dict[str, Any]:
    place = record(value)
    if not {"latitude", "longitude"} <= place.keys():
        raise Missing(key)
    return {name: place[name] for name in ("latitude", "longitude", "name", "address") if name in place}


def _preview(components: Sequence[Component], values: Values) -> Preview:
    parts = {component["type"]: component for component in _known(components)}
    header = parts.get("HEADER", {})
    shape = header.get("format", "")
    return Preview(
        header=_filled(header.get("text"), "header", values),
        header_media="location" if shape == "LOCATION" else MEDIA_HEADERS.get(shape, ""),
        body=_filled(parts.get("BODY", {}).get("text"), "body", values),
        footer=text(parts.get("FOOTER", {}).get("text")) or "",
        buttons=tuple(_preview_button(*button, values) for button in _buttons(parts.get("BUTTONS", {}))),
    )


def _filled(template: Any, place: str, values: Values) -> str:
    """The text with its variables replaced once: braces inside a value stay what they are."""
    limit = {"header": MAX_HEADER_CHARS, "body": MAX_BODY_CHARS}[place]
    whole = _VARIABLE.sub(lambda found: str(values.get(f"{place}.{found[1]}", found[0])), text(template) or "")
    if len(whole) > limit:
        raise TooLong(place, limit)
    return whole


def _preview_button(index: int, kind: str, button: dict[str, Any], values: Values) -> PreviewButton:
    filled = values.get(f"button.{index}")
    url = (
        _VARIABLE.sub(lambda found: found[0] if filled is None else str(filled), text(button.get("url")) or "")
        if kind == "URL"
        else ""
    )
    if len(url) > MAX_URL_CHARS:
        raise TooLong(f"button.{index}", MAX_URL_CHARS)
    return PreviewButton(kind, text(button.get("text")) or "", url)


def _parameter(variable: Variable, values: Values) -> dict[str, Any]:
    value = values[variable.key]
    if variable.kind == "text":
        named = {} if variable.name.isdecimal() else {"parameter_name": variable.name}
        return {"type": "text", **named, "text": value}
    if variable.kind == "location":
        return {"type": "location", "location": value}
    media: dict[str, Any] = {"id": value}
    if variable.kind == "document" and values.get("header.filename"):
        media["filename"] = bounded("header.filename", str(values["header.filename"]), limit=240)
    return {"type": variable.kind, variable.kind: media}


def _button_component(index: int, kind: str, values: Values) -> Iterator[dict[str, Any]]:
    base = {"type": "button", "index": str(index)}
    value, payload = values.get(f"button.{index}"), values.get(f"button.{index}.payload")
    if kind in {"URL", "OTP"} and value is not None:
        yield {**base, "sub_type": "url", "parameters": [{"type": "text", "text": value}]}
    elif kind == "COPY_CODE" and value is not None:
        yield {**base, "sub_type": "copy_code", "parameters": [{"type": "coupon_code", "coupon_code": value}]}
    elif kind == "QUICK_REPLY" and payload:
        sent = bounded(f"button.{index}.payload", str(payload), limit=256)
        yield {**base, "sub_type": "quick_reply", "parameters": [{"type": "payload", "payload": sent}]}
