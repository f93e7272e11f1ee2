"""Puts messages in the outbox. The QUEUED rows are the outbox; the sender of their number takes them from there.

Every function checks number, window, opt-out and content, inserts one row with the caller's own id, and marks the work
index in the same transaction, so a double click or a repeated call finds the first row.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from conversations.errors import ContentInvalid, TextInvalid
from conversations.models import Conversation, MediaFile, Message
from conversations.services.outbox import card_files
from conversations.services.outbox.outbox_again import may_send_again, send_again
from conversations.services.outbox.outbox_rows import Draft, Origin, queue
from conversations.services.outbox.outbox_templates import queue_template, start_conversation
from conversations.services.outbox.outbox_undo import undo
from conversations.whatsapp import limits, messages
from conversations.whatsapp.fields import InvalidField
from conversations.whatsapp.interactive import Offer

__all__ = [
    "Origin",
    "may_send_again",
    "queue_contacts",
    "queue_location",
    "queue_media",
    "queue_offer",
    "queue_reaction",
    "queue_template",
    "queue_text",
    "send_again",
    "start_conversation",
    "undo",
]

MAX_BODY_CHARS = limits.most("text", "body")
MAX_CAPTION_CHARS = limits.most("image", "caption")
MAX_EMOJI_CHARS = limits.most("reaction", "emoji")
NO_CAPTION = ("audio", "sticker")


def queue_text(
    conversation: Conversation,
    *,
    origin: Origin,
    body: str,
    quoting: Message | None = None,
    preview_url: bool | None = None,
) -> Message:
    """Queue a free-form text; it leaves after commit and after ``origin.delay`` (Undo).

    body         1 to 4096 characters (Cloud API, limit of text.body)
    preview_url  whether WhatsApp shows the page of the first link; without it, when there is a link
    Raises       TextInvalid, and what outbox_rows.queue raises
    """
    body = _clean(body)
    if not body or len(body) > MAX_BODY_CHARS:
        raise TextInvalid
    content = {} if preview_url is None else {"preview_url": preview_url}
    draft = Draft("text", body, content=content, quoted_wamid=_wamid(conversation, quoting))
    return queue(conversation, origin=origin, draft=draft)


def queue_media(
    conversation: Conversation, *, origin: Origin, media: MediaFile, caption: str = "", quoting: Message | None = None
) -> Message:
    """Queue a file; its kind decides the message's type. One that is still converted leaves when it is ready.

    caption  up to 1024 characters; audio and stickers carry none
    Raises   TextInvalid, and what outbox_rows.queue raises
    """
    caption = _clean(caption)
    if len(caption) > MAX_CAPTION_CHARS or (caption and media.kind in NO_CAPTION):
        raise TextInvalid
    draft = Draft(media.kind, caption, media=media, quoted_wamid=_wamid(conversation, quoting))
    return queue(conversation, origin=origin, draft=draft)


def queue_reaction(conversation: Conversation, *, origin: Origin, target: Message, emoji: str) -> Message:
    """Queue a reaction to a message of this thread; an empty emoji takes ours away.

    Raises  TextInvalid (no such message at the platform, or no emoji), and what outbox_rows.queue raises
    """
    emoji = _clean(emoji)
    if not target.wamid or target.channel_id != conversation.channel_id or target.type == "reaction":
        raise TextInvalid
    if len(emoji) > MAX_EMOJI_CHARS or (emoji and emoji.isascii()):
        raise TextInvalid
    content = {"message_id": target.wamid, "emoji": emoji}
    return queue(conversation, origin=origin, draft=Draft("reaction", content=content, quoted_wamid=target.wamid))


def queue_location(
    conversation: Conversation,
    *,
    origin: Origin,
    latitude: float,
    longitude: float,
    name: str = "",
    address: str = "",
    quoting: Message | None = None,
) -> Message:
    """Queue a place on the map.

    Raises  ContentInvalid, and what outbox_rows.queue raises
    """
    with checked():
        place = messages.place(latitude=latitude, longitude=longitude, name=_clean(name), address=_clean(address))
    draft = Draft("location", content=place, quoted_wamid=_wamid(conversation, quoting))
    return queue(conversation, origin=origin, draft=draft)


def queue_contacts(
    conversation: Conversation, *, origin: Origin, cards: Sequence[dict[str, Any]], quoting: Message | None = None
) -> Message:
    """Queue one or more contact cards, in the platform's own shape (``name.formatted_name``, ``phones``, ``emails`` …).

    Raises  ContentInvalid, and what outbox_rows.queue raises
    """
    with checked():
        content = {"contacts": messages.address_cards(cards)}
    draft = Draft("contacts", content=content, quoted_wamid=_wamid(conversation, quoting))
    return queue(conversation, origin=origin, draft=draft)


def queue_offer(
    conversation: Conversation,
    *,
    origin: Origin,
    offer: Offer,
    media: MediaFile | None = None,
    card_media: Mapping[int, MediaFile] | None = None,
    quoting: Message | None = None,
) -> Message:
    """Queue something to tap: buttons, a list, a link, a question for a place or number, a form, articles …

    media       the file of a heading; the offer's frame then says its kind (``interactive.FILE_LATER`` for its id)
    card_media  the files of a carousel's cards by their number, likewise
    Raises      ContentInvalid, and what outbox_rows.queue raises
    """
    files = card_media or {}
    with checked():
        content = {"interactive": offer.part(), **({card_files.KEY: sorted(files)} if files else {})}
    draft = Draft(
        "interactive",
        _clean(offer.body),
        content=content,
        media=media,
        quoted_wamid=_wamid(conversation, quoting),
    )
    with transaction.atomic():
        message = queue(conversation, origin=origin, draft=draft)
        card_files.keep(message, files)
    return message


@contextmanager
def checked() -> Iterator[None]:
    """What does not fit into a message is a refusal that names the field."""
    try:
        yield
    except InvalidField as unfit:
        raise ContentInvalid(unfit.field, user_message=unfit.user_message) from unfit


def _clean(text: str) -> str:
    """Without what neither the database nor the platform takes."""
    kept = text.replace("\x00", "\ufffd")
    return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in kept).strip()


def _wamid(conversation: Conversation, quoting: Message | None) -> str:
    """The platform's id of a quoted message of the same thread; one that has none yet is not quoted."""
    if quoting is None or quoting.channel_id != conversation.channel_id:
        return ""
    return quoting.wamid or ""
