"""Notes that colleagues write to each other: kept, and their draft goes."""

from django.db import transaction

from conversations.models import Conversation, Draft, Note
from conversations.services.handling import conversations, following, mentions
from conversations.services.writing import drafts
from tenants.accounts.models import User


@transaction.atomic
def write(conversation: Conversation, *, author: User, body: str, token: str = "") -> Note:
    """Keep a note; whoever it names with an @ hears of it.

    token   the page's own id of what was written: a second press finds the first one's note
    Raises  TextInvalid
    """
    token = f"web:{author.pk}:{token}" if token else ""
    if token:
        Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)  # the second press waits here
        known = Note.objects.filter(client_token=token, conversation=conversation).first()
        if known is not None:
            drafts.forget(conversation, user=author, mode=Draft.Mode.NOTE)
            return known
    note = conversations.add_note(conversation, author=author, body=body, token=token)
    mentions.call(note, conversation=conversation)
    following.tell([conversation.pk], but=author)
    drafts.forget(conversation, user=author, mode=Draft.Mode.NOTE)
    return note
