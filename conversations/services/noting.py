"""Notes that colleagues write to each other: kept, and their draft goes."""

from django.db import transaction

from conversations.models import Conversation, Draft, Note
from conversations.services import conversations, drafts, mentions
from tenants.accounts.models import User


@transaction.atomic
def write(conversation: Conversation, *, author: User, body: str) -> Note:
    """Keep a note; whoever it names with an @ hears of it.

    Raises  TextInvalid
    """
    note = conversations.add_note(conversation, author=author, body=body)
    mentions.call(note, conversation=conversation)
    drafts.forget(conversation, user=author, mode=Draft.Mode.NOTE)
    return note
