"""The text of a message as people, integrators and indexes may have it: with its hidden parts hidden.

Whoever shows, quotes, indexes, mails or exports ``Message.body`` takes ``shown_body`` instead. The only two places that
read the body itself are the sender, who carries it out, and the view that reveals it for a reason.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from conversations.detectors import BULLET, SURE, TERMS, is_quiet, scan_field

HIDDEN = BULLET * 6
# In place of a detector: what was found stands in the structured part, where it is hidden whenever that is shown.
CONTENT = "content"
CONTENT_TERMS = "content_terms"  # words about health stand there, too
OPENED = TERMS | {CONTENT_TERMS}  # what explicit consent opens


class HasBody(Protocol):
    body: str
    masks: Any


def shown_body(message: HasBody) -> str:
    """The message's text with every hidden part as six bullets."""
    return shown_text(message.body, masks_of(message)) if message.masks else message.body


def masks_of(message: HasBody) -> Any:
    """What is hidden from who looks now: without the words that explicit consent opened for cleared people."""
    if not message.masks or not getattr(message, "terms_open", False):
        return message.masks
    return [mask for mask in message.masks if not (len(mask) > 2 and mask[2] in OPENED)]


def shown_text(text: str, masks: Any) -> str:
    """A text with these parts as bullets: ``[[start, end, detector], …]``."""
    parts, at = [], 0
    for start, end in spans(masks, len(text)):
        if end > at:
            parts += [text[at : max(start, at)], HIDDEN]
            at = end
    return "".join([*parts, text[at:]])


def spans(masks: Any, length: int) -> list[tuple[int, int]]:
    """The places of the masks in order, within the text; whatever else stands there is passed over."""
    found = []
    for mask in masks if isinstance(masks, list) else []:
        if isinstance(mask, list) and len(mask) >= 2 and all(isinstance(place, int) for place in mask[:2]):
            start, end = max(mask[0], 0), min(mask[1], length)
            if start < end:
                found.append((start, end))
    return sorted(found)


def shown_content(message: Any) -> Any:
    """The structured part with what was found in its texts hidden, and earlier versions as they may be shown."""
    content = message.content
    if not isinstance(content, dict):
        return content
    if isinstance(content.get("versions"), list):
        content = content | {"versions": [_version(one) for one in content["versions"]]}
    return _as_hidden(content, masks_of(message))


def _as_hidden(content: Any, masks: Any) -> Any:
    if not hides_content(masks):
        return content
    return _hidden("", content, with_terms=CONTENT_TERMS in detectors_of(masks))


def _version(version: Any) -> Any:
    masks = version.get("masks") if isinstance(version, dict) else None
    if not masks:
        return version
    body = shown_text(str(version.get("body") or ""), masks)
    return {**version, "body": body, "content": _as_hidden(version.get("content"), masks)}


def _hidden(name: Any, value: Any, *, with_terms: bool) -> Any:
    """The same structure without what was found in it; a field's name says what its value is."""
    if isinstance(value, dict):
        return {key: _hidden(key, part, with_terms=with_terms) for key, part in value.items()}
    if isinstance(value, list):
        return [_hidden(name, part, with_terms=with_terms) for part in value]
    if is_quiet(name):
        return value
    sure = [hit for hit in scan_field(name, value, with_terms=with_terms) if hit.confidence >= SURE]
    return shown_text(str(value), [[hit.hide_start, hit.hide_end, hit.detector] for hit in sure]) if sure else value


def detectors_of(masks: Any) -> list[str]:
    """Which detectors hid something, each once."""
    return list(dict.fromkeys(str(mask[2]) for mask in masks or [] if isinstance(mask, list) and len(mask) > 2))


def hides_content(masks: Any) -> bool:
    """Whether something was found in the structured part."""
    return not {CONTENT, CONTENT_TERMS}.isdisjoint(detectors_of(masks))


def burnt(text: str, masks: Iterable[Sequence[Any]]) -> str:
    """The text with these parts gone for good; places stay, so that what is left still fits its masks."""
    for start, end in spans(list(masks), len(text)):
        text = text[:start] + BULLET * (end - start) + text[end:]
    return text
