"""Somebody leaves: their account ends and their open conversations go back to the queue, in one transaction."""

from django.db import transaction

from conversations.models import Conversation
from conversations.services import conversations
from tenants.accounts.models import User
from tenants.accounts.services import people


@transaction.atomic
def switch_off(user: User, *, by: User) -> int:
    """How many conversations went back to the queue. Raises people.LastAdmin, people.AgencyPerson."""
    people.switch_off(user, by=by)
    held = list(Conversation.objects.open().filter(assignee=user))
    for conversation in held:
        conversations.release(conversation, by=by)
    return len(held)
