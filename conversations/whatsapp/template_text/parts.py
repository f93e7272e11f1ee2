"""The parts of a message template as the platform lists them, read without trusting their shape."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conversations.whatsapp.payloads.clean import record, rows, text

Component = Mapping[str, Any]

MEDIA_HEADERS = {"IMAGE": "image", "VIDEO": "video", "GIF": "video", "DOCUMENT": "document"}
KNOWN_COMPONENTS = {"HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER"}
KNOWN_BUTTONS = {
    "QUICK_REPLY",
    "URL",
    "PHONE_NUMBER",
    "COPY_CODE",
    "OTP",
    "FLOW",
    "VOICE_CALL",
    "REQUEST_CONTACT_INFO",
    "CATALOG",
    "MPM",
    "SPM",
}
PLAIN_HEADERS = {"TEXT", "LOCATION", "PRODUCT"}
ONE_TIME_CODE_LINK = "https://www.whatsapp.com/otp/"
CODE_TEXT = "*{{1}}* is your verification code."
CODE_ADVICE = "For your security, do not share this code."
CODE_EXPIRY = "This code expires in %d minutes."
VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")


@dataclass(slots=True, frozen=True)
class Layer:
    """A message, or one card of its carousel: the parts that stand together and the keys of their values.

    ``prefix`` stands before every key: nothing for the message itself, ``card.0.`` for its first card.
    """

    prefix: str
    components: tuple[dict[str, Any], ...]

    def part(self, kind: str) -> dict[str, Any]:
        """The first part of a kind, or an empty one."""
        return next((one for one in self.components if one["type"] == kind), {})

    @property
    def buttons(self) -> list[tuple[int, str, dict[str, Any]]]:
        return list(buttons_of(self.part("BUTTONS")))


def layers(components: Sequence[Component]) -> list[Layer]:
    """The message and then each card of its carousel."""
    whole = Layer("", tuple(known(components)))
    cards = rows(whole.part("CAROUSEL").get("cards"))
    return [whole] + [
        Layer(f"card.{index}.", tuple(known(rows(record(card).get("components"))))) for index, card in enumerate(cards)
    ]


def known(components: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """The parts that we understand, with ``type`` and ``format`` in capitals; a code's body gets its fixed text."""
    for component in components:
        read = record(component)
        kind = str(read.get("type")).upper()
        if kind not in KNOWN_COMPONENTS:
            continue
        shape = str(read.get("format") or "TEXT").upper() if kind == "HEADER" else ""
        words = {"text": _fixed(read)} if not text(read.get("text")) and _is_fixed(kind, read) else {}
        yield {**read, **words, "type": kind, "format": shape}


def _is_fixed(kind: str, read: Mapping[str, Any]) -> bool:
    return (kind == "BODY" and "add_security_recommendation" in read) or "code_expiration_minutes" in read


def _fixed(read: Mapping[str, Any]) -> str:
    """The words that the platform itself writes into a message with a one-time code."""
    if "code_expiration_minutes" in read:
        minutes = read.get("code_expiration_minutes")
        return CODE_EXPIRY % minutes if isinstance(minutes, int) else ""
    return f"{CODE_TEXT} {CODE_ADVICE}" if read.get("add_security_recommendation") is True else CODE_TEXT


def buttons_of(component: Component) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Position, kind and content of each button."""
    for index, button in enumerate(rows(component.get("buttons"))):
        yield index, str(record(button).get("type")).upper(), record(button)


def is_one_time(kind: str, button: Component) -> bool:
    """Whether a button hands over a one-time code; the platform lists such a button as a link of its own."""
    return kind == "OTP" or (text(button.get("url")) or "").startswith(ONE_TIME_CODE_LINK)


def names(template: str) -> list[str]:
    """The variables of a text: numbered ones from 1 without gaps, named ones in their order."""
    found = list(dict.fromkeys(VARIABLE.findall(template)))
    numbers = [int(name) for name in found if name.isdecimal() and 0 < int(name) <= 100]
    if found and len(numbers) == len(found):
        return [str(number) for number in range(1, max(numbers) + 1)]
    return found


def examples(component: Component, place: str) -> dict[str, str]:
    """The samples of a text's variables, by name or position."""
    example = record(component.get("example"))
    found = {
        str(record(item).get("param_name")): text(record(item).get("example")) or ""
        for item in rows(example.get(f"{place}_text_named_params"))
    }
    listed = rows(example.get(f"{place}_text"))
    if listed and isinstance(listed[0], list):
        listed = listed[0]
    found.update({str(position): text(item) or "" for position, item in enumerate(listed, start=1)})
    return found


def unsupported(components: Sequence[Component]) -> list[str]:
    """Parts of the template that cannot be sent from here, as the platform names them."""
    kinds = [str(record(component).get("type")).upper() for component in components]
    found = [kind for kind in kinds if kind not in KNOWN_COMPONENTS]
    for layer in layers(components):
        header = layer.part("HEADER")
        if header and header["format"] not in {*PLAIN_HEADERS, *MEDIA_HEADERS}:
            found.append(header["format"])
        found.extend(kind for _index, kind, _button in layer.buttons if kind not in KNOWN_BUTTONS)
    return found
