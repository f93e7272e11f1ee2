"""What somebody writes about a message template: begun, kept as typed, copied into another language, thrown away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from conversations.models import MediaFile, MessageTemplate
from conversations.services import media_files
from conversations.services.message_templates.refusals import (
    NoAccount,
    TemplateBusy,
    TemplateExists,
    TemplateIncomplete,
    TemplateNameBlocked,
    TemplateUnchangeable,
)
from conversations.services.message_templates.syncing import GONE, number_of
from conversations.whatsapp.payloads.clean import record
from conversations.whatsapp.template_rules import Card, Sketch, from_json, from_platform, limits
from conversations.whatsapp.template_rules.checks import check_name
from conversations.whatsapp.template_rules.editing import NAME_BLOCKED, may_change_category, may_edit
from conversations.whatsapp.template_rules.problems import Problems
from tenants.accounts import audit
from tenants.accounts.models import User

DRAFT = MessageTemplate.DRAFT


@transaction.atomic
def start(waba_id: str, *, languages: Sequence[str], sketch: Sketch, author: User) -> list[MessageTemplate]:
    """Begin a template in one language or more; nothing of it goes to the platform yet.

    Raises  TemplateIncomplete for a name or language that cannot be, TemplateExists, TemplateNameBlocked, NoAccount
    """
    if number_of(waba_id) is None:
        raise NoAccount
    problems = Problems()
    check_name(problems, sketch.name)
    if problems.found or not languages or not set(languages) <= set(limits.LANGUAGES):
        raise TemplateIncomplete(problems.found)
    return [_begin(waba_id, language=language, sketch=sketch, author=author) for language in languages]


def _begin(waba_id: str, *, language: str, sketch: Sketch, author: User) -> MessageTemplate:
    written = from_json(sketch.as_json())
    written.language = language
    _check_free(waba_id, name=written.name, language=language)
    template, _made = MessageTemplate.objects.update_or_create(
        waba_id=waba_id,
        name=written.name,
        language=language,
        defaults={
            "template_id": "",
            "status": DRAFT,
            "status_at": timezone.now(),
            "category": written.category,
            "components": [],
            "refusal": {},
            "edits": [],
            "author_id": author.pk,
            "draft": {"sketch": written.as_json()},
        },
    )
    audit.record("template.drafted", actor=author, subject=template, template=template.name, language=language)
    return template


def _check_free(waba_id: str, *, name: str, language: str, but: MessageTemplate | None = None) -> None:
    """Raises  TemplateExists, TemplateNameBlocked"""
    known = MessageTemplate.objects.filter(waba_id=waba_id, name=name)
    taken = known.filter(language=language)
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    if taken.exclude(status=GONE).exists() or (but is not None and taken.exists()):
        raise TemplateExists
    blocked = known.filter(status=GONE, status_at__gt=timezone.now() - NAME_BLOCKED, language=language).first()
    if blocked is not None and blocked.status_at is not None and blocked.template_id:
        raise TemplateNameBlocked(blocked.status_at + NAME_BLOCKED)


def is_written(template: MessageTemplate) -> bool:
    """Whether somebody has written something that is not submitted."""
    return bool(record(template.draft).get("sketch"))


def sketch_of(template: MessageTemplate) -> Sketch:
    """What is written about a template, else what the platform has of it."""
    kept = record(template.draft)
    if kept.get("sketch"):
        return from_json(kept["sketch"])
    sketch = from_platform(
        template.components, name=template.name, language=template.language, category=template.category
    )
    files = record(kept.get("files"))
    sketch.file = str(files.get("header") or template.header_file_id or "")
    for at, card in enumerate(sketch.cards):
        card.file = str(files.get(f"card.{at}") or "")
    sketch.ttl = str(template.ttl_seconds or "")
    return sketch


def check_editable(template: MessageTemplate, *, at: datetime | None = None) -> None:
    """Raises  TemplateBusy, TemplateUnchangeable"""
    if template.asked:
        raise TemplateBusy
    if template.status == DRAFT:
        return
    verdict = may_edit(template.status, edits=template.edits, at=at or timezone.now())
    if not verdict.allowed:
        raise TemplateUnchangeable(verdict.reason, again_at=verdict.again_at)


@transaction.atomic
def write(template: MessageTemplate, sketch: Sketch) -> MessageTemplate:
    """Keep what is typed, whatever it is. Name, language and category of a draft follow it where they can.

    Raises  TemplateBusy while it is on its way to the platform
    """
    template = MessageTemplate.objects.select_for_update().get(pk=template.pk)
    if template.asked:
        raise TemplateBusy
    changes: dict[str, Any] = {"draft": {**record(template.draft), "sketch": sketch.as_json()}}
    if template.status == DRAFT:
        changes |= _columns(template, sketch)
    else:
        sketch.name, sketch.language = template.name, template.language
        if not may_change_category(template.status):
            sketch.category = template.category
        changes["draft"] = {**record(template.draft), "sketch": sketch.as_json()}
    MessageTemplate.objects.filter(pk=template.pk).update(**changes)
    for name, value in changes.items():
        setattr(template, name, value)
    return template


def _columns(template: MessageTemplate, sketch: Sketch) -> dict[str, Any]:
    changes: dict[str, Any] = {"category": sketch.category if sketch.category in limits.CATEGORIES else ""}
    wanted = (sketch.name, sketch.language)
    if wanted == (template.name, template.language) or problem_of_name(template, sketch) is not None:
        return changes
    return changes | {"name": sketch.name, "language": sketch.language}


def problem_of_name(template: MessageTemplate, sketch: Sketch) -> Exception | None:
    """Why a draft cannot have the name and language that are typed, or None."""
    problems = Problems()
    check_name(problems, sketch.name)
    if problems.found or sketch.language not in limits.LANGUAGES:
        return TemplateIncomplete(problems.found)
    try:
        _check_free(template.waba_id, name=sketch.name, language=sketch.language, but=template)
    except (TemplateExists, TemplateNameBlocked) as taken:
        return taken
    return None


@transaction.atomic
def copy(template: MessageTemplate, *, language: str, author: User) -> MessageTemplate:
    """Begin the same template in another language, with everything that is written to be translated.

    Raises  what start raises
    """
    sketch = sketch_of(template)
    sketch.name = template.name
    [made] = start(template.waba_id, languages=[language], sketch=sketch, author=author)
    return made


@transaction.atomic
def discard(template: MessageTemplate, *, by: User) -> bool:
    """Throw away what is written: all of a draft, or only the changes to a submitted one. Tells whether it is gone.

    Raises  TemplateBusy
    """
    template = MessageTemplate.objects.select_for_update().get(pk=template.pk)
    if template.asked:
        raise TemplateBusy
    name, language = template.name, template.language
    audit.record("template.discarded", actor=by, subject=template, template=name, language=language)
    if template.status == DRAFT:
        template.delete()
        return True
    kept = {name: value for name, value in record(template.draft).items() if name != "sketch"}
    MessageTemplate.objects.filter(pk=template.pk).update(draft=kept, refusal={})
    return False


@transaction.atomic
def keep_file(template: MessageTemplate, *, place: str, upload: media_files.Checked) -> MessageTemplate:
    """Keep a sample file of the heading, or of a card.

    place   ``header`` or ``card.0`` …
    Raises  TemplateBusy, NoAccount
    """
    number = number_of(template.waba_id)
    if number is None:
        raise NoAccount
    sketch = sketch_of(template)
    card = _card_at(sketch, place)
    if place != "header" and card is None:
        return template
    media = media_files.store(upload, phone_number_id=number.pk)
    MediaFile.objects.filter(pk=media.pk).update(direction=MediaFile.OF_A_TEMPLATE)
    if card is not None:
        card.file = str(media.pk)
    else:
        sketch.file = str(media.pk)
    return write(template, sketch)


def _card_at(sketch: Sketch, place: str) -> Card | None:
    at = place.removeprefix("card.")
    return sketch.cards[int(at)] if at.isdecimal() and int(at) < len(sketch.cards) else None
