"""What a person filled in, as labels and values: forms (flows), addresses, lists in lists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from conversations.looks.parts import MAX_PARTS, listed, part, words

QUIET = frozenset({"flow_token", "saved_address_id", "wa_flow_response_params"})  # of no use to a reader
MAX_DEPTH = 4
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OPTION = re.compile(r"\d+_(\D.*)", re.DOTALL)  # an option of a list comes as 0_Its_name
_SCREEN = re.compile(r"^(?:screen_\d+_)|(?:_\d+)$")


@dataclass(frozen=True, slots=True)
class Answer:
    """``depth`` tells how far inside others it stands; a heading has no value."""

    label: str
    value: str
    depth: int


def form_answers(content: Any) -> list[Answer]:
    """The answers of a form in their order."""
    response = part(content, "response")
    if isinstance(response, dict) and isinstance(response.get("values"), dict):
        response = response["values"]  # an address
    if not isinstance(response, dict):
        return []
    order = [name for name in listed(part(content, "fields")) if isinstance(name, str) and name in response]
    return list(_answers({**dict.fromkeys(order), **response}, depth=0))[:MAX_PARTS]


def label_of(key: str) -> str:
    """A label from a form's own name of a field: ``screen_0_FrameSize_1`` is ``Frame size``."""
    plain = _CAMEL.sub(" ", _SCREEN.sub("", key)).replace("_", " ").replace("-", " ").split()
    text = " ".join(plain)[:80] or key[:80]
    return text[:1].upper() + (text[1:].lower() if not text.isupper() else text[1:])


def _answers(values: dict[Any, Any], *, depth: int) -> Iterator[Answer]:
    for key, value in list(values.items())[:MAX_PARTS]:
        if key in QUIET:
            continue
        label = label_of(str(key))
        if isinstance(value, dict):
            if value and depth < MAX_DEPTH:
                yield Answer(label, "", depth)
                yield from _answers(value, depth=depth + 1)
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            for position, one in enumerate(value[:MAX_PARTS], start=1):
                if isinstance(one, dict) and depth < MAX_DEPTH:
                    yield Answer(f"{label} {position}", "", depth)
                    yield from _answers(one, depth=depth + 1)
        elif shown := _flat(value):
            yield Answer(label, shown, depth)


def _flat(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(filter(None, (_flat(each) for each in value[:MAX_PARTS])))
    text = words(value, limit=1000)
    option = _OPTION.match(text)
    return option[1].replace("_", " ") if option else text
