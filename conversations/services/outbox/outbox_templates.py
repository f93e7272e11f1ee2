"""Queues message templates: approved, filled, with a purpose, and with proof of consent where that is needed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.errors import (
    ConsentMissing,
    ContactOptedOut,
    NoRecipient,
    PurposeMissing,
    ReferenceMissing,
    TemplateUnusable,
)
from conversations.models import Channel, Contact, Conversation, MediaFile, Message, MessageTemplate, PhoneNumber
from conversations.services import media_files
from conversations.services.handling import conversations
from conversations.services.outbox import card_files, template_files
from conversations.services.outbox.outbox_rows import Draft, Origin, queue
from conversations.whatsapp import template_text
from conversations.whatsapp.fields import InvalidField
from conversations.whatsapp.template_text import Preview
from tenants.accounts import audit
from tenants.errors import DomainError

Purpose = Message.Purpose
APPROVED = "APPROVED"
MAX_REFERENCE_CHARS = 200
USE_NOTED = timedelta(hours=1)
FILE_LATER = "file"  # stands for the platform's id of a header's file until that is known
# R-S02: who writes outside the window says why; marketing needs consent, service the case or order it is about.
PURPOSES = {
    "MARKETING": (Purpose.MARKETING,),
    "AUTHENTICATION": (Purpose.AUTHENTICATION,),
    "UTILITY": (Purpose.SERVICE, Purpose.MARKETING),
}


@dataclass(frozen=True, slots=True)
class Files:
    """The files that go along: above the text, and on cards by their number."""

    header: MediaFile | None
    cards: Mapping[int, MediaFile]

    @property
    def by_key(self) -> dict[str, MediaFile]:
        """By the keys of their values."""
        found = {f"card.{number}.header.media": media for number, media in self.cards.items()}
        return found | ({"header.media": self.header} if self.header else {})


# Refusals that say something about a person's wishes or our duties: each leaves an entry in the trail.
RECORDED = (PurposeMissing, ReferenceMissing, ContactOptedOut, ConsentMissing)


def queue_template(
    target: Conversation | Channel,
    *,
    origin: Origin,
    template: MessageTemplate,
    values: Mapping[str, Any],
    purpose: str,
    reference: str = "",
    media: MediaFile | None = None,
    card_media: Mapping[int, MediaFile] | None = None,
    quoted_wamid: str = "",
) -> Message:
    """Queue a filled message template, in or outside the window. A channel gets its live conversation, or a new one.

    values     by place and variable as whatsapp.template_text names them (``body.1``, ``button.0`` …)
    purpose    service, marketing or authentication; marketing templates are marketing whatever is said
    reference  the case or order that a service message is about
    media      the file of a header that has one; without it the template's own sample goes along
    card_media the files of cards by their number; the others show the template's own
    Raises     TemplateUnusable, CardFilesMissing, CardFilesNotReady, PurposeMissing, ReferenceMissing,
               ContactOptedOut, ConsentMissing, and what outbox_rows.queue raises
    """
    own: MediaFile | None = None
    try:
        with transaction.atomic():
            conversation = conversations.live_of(target) if isinstance(target, Channel) else target
            own = None if media else template_files.copy_of_own(template, number_id=conversation.phone_number_id)
            files = Files(media or own, card_media or {})
            draft = _draft(conversation, template, values, purpose=purpose, reference=reference, files=files)
            draft = replace(draft, quoted_wamid=quoted_wamid)
            message = queue(conversation, origin=origin, draft=draft)
            card_files.keep(message, files.cards)
            _note_use(template)
            return message
    except DomainError as refusal:
        if own is not None:
            media_files.forget_bytes(own)  # the row goes with the transaction, the bytes would stay
        if isinstance(refusal, RECORDED):
            _note_refusal(target, refusal, origin=origin, template=template)
        raise


def _note_use(template: MessageTemplate) -> None:
    """When it was last used, to the hour: a flood of one template does not write its row each time."""
    now = timezone.now()
    long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED)
    MessageTemplate.objects.filter(long_ago, pk=template.pk).update(last_used_at=now)


def start_conversation(
    phone_number: PhoneNumber, *, contact: Contact, origin: Origin, template: MessageTemplate, **more: Any
) -> Message:
    """Write first to a contact of this number, with a template; ``more`` is what ``queue_template`` takes."""
    channel, _made = Channel.objects.get_or_create(contact=contact, phone_number=phone_number)
    return queue_template(channel, origin=origin, template=template, **more)


def _draft(
    conversation: Conversation,
    template: MessageTemplate,
    values: Mapping[str, Any],
    *,
    purpose: str,
    reference: str,
    files: Files,
) -> Draft:
    number, contact = conversation.channel.phone_number, conversation.channel.contact
    if template.status.upper() != APPROVED or template.waba_id != number.waba_id:
        raise TemplateUnusable
    reference = reference.replace("\x00", "").strip()[:MAX_REFERENCE_CHARS]
    _check_purpose(template, purpose, reference=reference)
    if template.category.upper() == "AUTHENTICATION" and not contact.wa_id:
        raise NoRecipient  # the platform sends one-time codes to phone numbers only
    chosen = files.by_key
    filled = dict(values) | template_files.card_values(template, number=number, besides=set(chosen))
    filled |= dict.fromkeys(chosen, FILE_LATER)
    _check_kinds(template, chosen)
    try:
        preview = template_text.fill(template.components, filled)
        components = template_text.to_components(template.components, filled)
    except InvalidField as unfit:
        raise TemplateUnusable(unfit.field, user_message=unfit.user_message) from unfit
    return Draft(
        type="template",
        body=_shown(preview),
        content={
            "template": {"name": template.name, "language": template.language, "category": template.category.lower()},
            "components": components,
            "buttons": _buttons(preview),
            **_cards(preview),
            **({card_files.KEY: sorted(files.cards)} if files.cards else {}),
            "reference": reference,
        },
        media=files.header,
        purpose=purpose,
    )


def _check_kinds(template: MessageTemplate, chosen: Mapping[str, MediaFile]) -> None:
    """Raises  TemplateUnusable for a file of another kind than its heading asks for, or where none stands"""
    wanted = {one.key: one.kind for one in template_text.variables(template.components) if one.name == "media"}
    for key, media in chosen.items():
        if media.kind != wanted.get(key):
            raise TemplateUnusable(key, user_message=_("This is another kind of file than the heading asks for."))


def _check_purpose(template: MessageTemplate, purpose: str, *, reference: str) -> None:
    allowed = PURPOSES.get(template.category.upper(), (Purpose.SERVICE, Purpose.MARKETING))
    if purpose not in allowed:
        raise PurposeMissing
    if purpose == Purpose.SERVICE and not reference:
        raise ReferenceMissing


def _cards(preview: Preview) -> dict[str, Any]:
    return {"cards": [{"body": one.body, "buttons": _buttons(one)} for one in preview.cards]} if preview.cards else {}


def _buttons(preview: Preview) -> list[dict[str, str]]:
    return [{"kind": one.kind, "text": one.text, "url": one.url} for one in preview.buttons]


def _shown(preview: Preview) -> str:
    """The text as the person will read it."""
    return "\n\n".join(part for part in (preview.header, preview.body, preview.footer) if part)


def _note_refusal(
    target: Conversation | Channel, refusal: DomainError, *, origin: Origin, template: MessageTemplate
) -> None:
    audit.record(
        "message.refused",
        actor=origin.author or origin.api_key,
        subject=target,
        reason=refusal.code,
        template=template.name,
    )
