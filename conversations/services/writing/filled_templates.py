"""Message templates as people fill them in and send them from the inbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from conversations.models import Conversation, MediaFile, Message, MessageTemplate
from conversations.services import media_files
from conversations.services.guard import guarding_out
from conversations.services.outbox import outbox
from conversations.services.writing import asking, replying
from tenants.accounts.models import User
from tenants.errors import DomainError


@dataclass(frozen=True, slots=True)
class FilledTemplate:
    """A message template as somebody filled it in."""

    token: str
    template: MessageTemplate
    values: Mapping[str, Any]
    purpose: str
    reference: str = ""
    upload: media_files.Checked | None = None
    card_uploads: Mapping[int, media_files.Checked] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()


@guarding_out.recorded
@transaction.atomic
def send(conversation: Conversation, *, author: User, filled: FilledTemplate) -> Message:
    """Queue a message template; whoever sends it holds the conversation.

    Raises  AlreadyTaken, AsksFirst, ConversationClosed, and what outbox.queue_template raises
    """
    origin = replying.origin_of(author, token=filled.token, confirmed=filled.confirmed)
    known = replying.begin(conversation, origin=origin)
    if known is not None:
        return known
    told = asking.texts_in(filled.values)
    origin.metadata.update(asking.ask(conversation, author=author, text=told, confirmed=filled.confirmed))
    stored = _Stored(conversation)
    try:
        media = stored.keep(filled.upload) if filled.upload else None
        card_media = {card: stored.keep(upload) for card, upload in filled.card_uploads.items()}
        return outbox.queue_template(
            conversation,
            origin=origin,
            template=filled.template,
            values=filled.values,
            purpose=filled.purpose,
            reference=filled.reference,
            media=media,
            card_media=card_media,
        )
    except DomainError:
        stored.forget()
        raise


class _Stored:
    """Files of one message as they are stored; a refusal forgets their bytes, since their rows never come to be."""

    def __init__(self, conversation: Conversation) -> None:
        self._number_id = conversation.phone_number_id
        self._files: list[MediaFile] = []

    def keep(self, upload: media_files.Checked) -> MediaFile:
        self._files.append(media_files.store(upload, phone_number_id=self._number_id))
        return self._files[-1]

    def forget(self) -> None:
        for media in self._files:
            media_files.forget_bytes(media)
