"""The files of a message's cards: each card of a carousel may show a picture or film that was chosen for it.

A message has one file of its own; those of its cards name the message and the card instead.
"""

from collections.abc import Mapping
from uuid import UUID

from conversations.models import MediaFile, Message
from conversations.services import media_files

KEY = "card_files"  # of the content: the numbers of the cards that wait for their file until the message leaves


def keep(message: Message, files: Mapping[int, MediaFile]) -> None:
    """Give files to the cards of a message. When the same call made the message before, its files stay."""
    if not files:
        return
    if of(message.pk):
        for media in files.values():
            media_files.discard(media)
        return
    for card, media in files.items():
        MediaFile.objects.filter(pk=media.pk).update(card_of_id=message.pk, card=card)


def of(message_id: UUID) -> dict[int, MediaFile]:
    """The files of a message's cards, by the card's number."""
    rows = MediaFile.objects.filter(card_of_id=message_id).order_by("card")
    return {row.card: row for row in rows if row.card is not None}


def copies(message: Message) -> dict[int, MediaFile]:
    """Copies for the same message once more. Raises FileRefused when one of them is gone"""
    return {card: media_files.copy(media) for card, media in of(message.pk).items()}


def remove(message: Message) -> None:
    """Take the bytes away, when the message itself is removed."""
    for media in of(message.pk).values():
        media_files.remove(media)


def discard(message: Message) -> None:
    """Delete the files of a message that was taken back before it left."""
    for media in of(message.pk).values():
        media_files.discard(media)
