"""What the form of a template shows: fields with what is typed, what does not fit, and the preview."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conversations import template_words
from conversations.models import MessageTemplate
from conversations.services.guard import guarding
from conversations.services.message_templates import drafts, reading, template_guard
from conversations.services.message_templates.refusals import TemplateExists, TemplateNameBlocked
from conversations.whatsapp.template_rules import (
    Button,
    Card,
    Problem,
    Sketch,
    limits,
    problems_of,
    sample_values,
    to_submit,
)
from conversations.whatsapp.template_rules.editing import may_change_category
from conversations.whatsapp.template_text import preview_of
from conversations.whatsapp.template_text.parts import names


@dataclass(slots=True)
class Samples:
    """The variables of one text with their samples; ``key`` names the fields, ``id`` the block on the page."""

    key: str
    rows: list[tuple[str, str]]

    @property
    def id(self) -> str:
        return f"samples-{dashed(self.key)}"


@dataclass(slots=True)
class ButtonRow:
    at: int
    key: str
    button: Button
    act: str  # what stands before the deed: nothing, or ``card.0.``


@dataclass(slots=True)
class CardRow:
    at: int
    key: str
    card: Card
    samples: Samples
    buttons: list[ButtonRow] = field(default_factory=list)


def dashed(name: str) -> str:
    """A field's name as an id."""
    return name.replace(".", "-")


def context_of(
    template: MessageTemplate, sketch: Sketch, *, extra: list[Problem] | None = None, tried: bool = False
) -> dict[str, Any]:
    """Everything the form and the preview need. ``tried``: say also what is still empty."""
    problems = [*_refused(template), *(extra or []), *_name(template, sketch), *problems_of(sketch)]
    problems += template_guard.problems_of(sketch, own=guarding.own)
    draft = template.status == MessageTemplate.DRAFT
    return {
        "template": template,
        "sketch": sketch,
        "is_draft": draft,
        "tried": tried,
        "problems": _by_field([one for one in problems if tried or not one.empty]),
        "todo": problems,
        "refusal": template_words.refusal_of(template),
        "preview": preview_of(to_submit(sketch), sample_values(sketch), bounded=False),
        "files": sketch.files,
        "header_samples": _samples("header_sample", sketch.header_text, sketch.header_samples),
        "body_samples": _samples("sample", sketch.body, sketch.samples),
        "buttons": _buttons(sketch.buttons, "", ""),
        "cards": [_card(at, card) for at, card in enumerate(sketch.cards)],
        "versions": reading.versions_of(template),
        "may_change_category": draft or may_change_category(template.status),
        "limits": limits,
        "body_limit": limits.MAX_OFFER_BODY_CHARS if sketch.kind == "offer" else limits.MAX_BODY_CHARS,
        "words": template_words,
        "header_kinds": ("none", "image", "video") if sketch.kind == "offer" else tuple(template_words.HEADERS),
        "ttl_bounds": limits.TTL_SECONDS.get(sketch.category),
        "category_choices": [] if sketch.kind in ("code", "offer") else ["UTILITY", "MARKETING"],
    }


def slots_of(context: dict[str, Any], posted: Mapping[str, Any]) -> list[Samples]:
    """The blocks of samples that have to be drawn anew, because the variables are others than the page shows."""
    blocks = [context["header_samples"], context["body_samples"], *(card.samples for card in context["cards"])]
    shown = {name for name in posted if "sample." in name}
    return [
        block
        for block in blocks
        if {f"{block.key}.{name}" for name, _sample in block.rows}
        != {name for name in shown if name.startswith(f"{block.key}.")}
    ]


def _by_field(problems: list[Problem]) -> dict[str, Any]:
    """The first problem of each field."""
    found: dict[str, Any] = {}
    for one in problems:
        found.setdefault(one.field, one.message)
    return found


def _refused(template: MessageTemplate) -> list[Problem]:
    """What the platform said no to, at the field it speaks of."""
    refusal = template_words.refusal_of(template)
    if not refusal:
        return []
    words = " ".join(str(refusal[part]) for part in ("title", "details") if refusal[part])
    return [Problem(str(refusal["field"]), words)]


def _name(template: MessageTemplate, sketch: Sketch) -> list[Problem]:
    if template.status != MessageTemplate.DRAFT:
        return []
    taken = drafts.problem_of_name(template, sketch)
    is_taken = isinstance(taken, TemplateExists | TemplateNameBlocked)
    return [Problem("name", taken.user_message)] if is_taken else []  # type: ignore[union-attr]


def _samples(key: str, written: str, samples: dict[str, str]) -> Samples:
    return Samples(key, [(name, samples.get(name, "")) for name in names(written)])


def _buttons(buttons: list[Button], key: str, act: str) -> list[ButtonRow]:
    return [ButtonRow(at, f"{key}button.{at}", button, act) for at, button in enumerate(buttons)]


def _card(at: int, card: Card) -> CardRow:
    key = f"card.{at}."
    return CardRow(at, key, card, _samples(f"{key}sample", card.body, card.samples), _buttons(card.buttons, key, key))
