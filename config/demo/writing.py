"""Writes a book into the company that is entered: a few large inserts, then what follows from them."""

from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from config.demo.book import Book
from conversations.integrations.services import events
from conversations.models import (
    Channel,
    ConsentRecord,
    Contact,
    ContactIdentity,
    Conversation,
    ConversationEvent,
    MediaFile,
    Message,
    Note,
)
from conversations.services import summary
from tenants import bulk, work


def write(book: Book) -> None:
    """All rows in the caller's transaction; the files at once."""
    tables = (
        (Contact, book.contacts),
        (ContactIdentity, book.identities),
        (Channel, book.channels),
        (Conversation, book.conversations),
        (MediaFile, book.media),
        (Message, book.messages),
        (Note, book.notes),
        (ConversationEvent, book.events),
        (ConsentRecord, book.consents),
    )
    for model, found in tables:
        bulk.insert(model, found)
    events.record(sorted(book.facts, key=lambda fact: fact.at))
    _keep(book.files)
    summary.refresh(row["id"] for row in book.conversations)
    work.mark(work.Kind.METERING)


def _keep(files: Iterable[tuple[str, bytes]]) -> None:
    for key, data in files:
        default_storage.save(key, ContentFile(data))
