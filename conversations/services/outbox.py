"""Puts messages in the outbox. The QUEUED rows are the outbox; the sender of their number takes them from there.

Every function checks number, window, opt-out and content, inserts one row with the caller's own id, and marks the work
index in the same transaction, so a double click or a repeated call finds the first row.
"""

from conversations.errors import TextInvalid
from conversations.models import Conversation, MediaFile, Message
from conversations.services.outbox_again import may_send_again, send_again
from conversations.services.outbox_rows import Draft, Origin, queue
from conversations.services.outbox_templates import queue_template, start_conversation
from conversations.services.outbox_undo import undo

__all__ = [
    "Origin",
    "may_send_again",
    "queue_media",
    "queue_reaction",
    "queue_template",
    "queue_text",
    "send_again",
    "start_conversation",
    "undo",
]

MAX_BODY_CHARS = 4096
MAX_CAPTION_CHARS = 1024
MAX_EMOJI_CHARS = 40
NO_CAPTION = ("audio", "sticker")


def queue_text(conversation: Conversation, *, origin: Origin, body: str, quoting: Message | None = None) -> Message:
    """Queue a free-form text; it leaves after commit and after ``origin.delay`` (Undo).

    body    1 to 4096 characters (Cloud API, limit of text.body)
    Raises  TextInvalid, and what outbox_rows.queue raises
    """
    body = _clean(body)
    if not body or len(body) > MAX_BODY_CHARS:
        raise TextInvalid
    return queue(conversation, origin=origin, draft=Draft("text", body, quoted_wamid=_wamid(conversation, quoting)))


def queue_media(
    conversation: Conversation, *, origin: Origin, media: MediaFile, caption: str = "", quoting: Message | None = None
) -> Message:
    """Queue a stored file; its kind decides the message's type.

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


def _clean(text: str) -> str:
    """Without what neither the database nor the platform takes."""
    kept = text.replace("\x00", "\ufffd")
    return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in kept).strip()


def _wamid(conversation: Conversation, quoting: Message | None) -> str:
    """The platform's id of a quoted message of the same thread; one that has none yet is not quoted."""
    if quoting is None or quoting.channel_id != conversation.channel_id:
        return ""
    return quoting.wamid or ""
