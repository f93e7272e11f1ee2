"""What a message template may not hold or ask for: the platform forbids it, and so does privacy law (R-S12)."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from conversations import guard_words
from conversations.detectors import SURE, TERMS, scan
from conversations.detectors.asks import asks_for
from conversations.own_identifiers import Own
from conversations.whatsapp.template_rules import Problem, Sketch


def problems_of(sketch: Sketch, *, own: Callable[[], Own] | None = None) -> list[Problem]:
    """Personal numbers or passwords in a text, and questions for them, each at its field.

    own  what identifies the company itself and may stand there; asked only where something was found
    """
    if sketch.kind == "code":
        return []
    return [problem for place, text in _texts(sketch) for problem in _judge(place, text, own)]


def _texts(sketch: Sketch) -> Iterator[tuple[str, str]]:
    if sketch.has_header_text:
        yield "header_text", sketch.header_text
    yield "body", sketch.body
    yield "footer", sketch.footer
    for at, card in enumerate(sketch.cards):
        yield f"card.{at}.body", card.body


def _judge(place: str, text: str, own: Callable[[], Own] | None) -> Iterator[Problem]:
    hits = [hit for hit in scan(text, with_terms=False) if hit.confidence >= SURE and hit.detector not in TERMS]
    if hits and own is not None:
        hits = own().without(text, hits)
    if held := [hit.detector for hit in hits]:
        words = _("Take this out: %(names)s. Such data may not stand in a message template.")
        yield Problem(place, words % {"names": guard_words.listed(held)})
    elif asked := asks_for(text):
        words = _(
            "This asks for what may not be sent by chat: %(names)s. Lead people to a form, phone or mail instead."
        )
        yield Problem(place, words % {"names": guard_words.listed(asked)})
