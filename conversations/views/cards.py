"""Begins a conversation with somebody whose contact card a person shared."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from conversations.looks.cards import contact_cards
from conversations.models import Contact
from conversations.services.outbox import recipients
from conversations.views.opening import conversation_or_404, message_or_404
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

MAX_NAME_CHARS = 200


@require_POST
@requires(Permission.MESSAGE_SEND)
def write_to_card(request: CompanyRequest, conversation_id: UUID, message_id: UUID, index: int) -> HttpResponse:
    """Open the conversation with the person on a card, over the number the card came to; nothing is sent by this."""
    row = conversation_or_404(conversation_id, user=request.user)
    cards = contact_cards(message_or_404(row, message_id))
    card = next((one for one in cards if one.index == index and one.wa_id), None)
    if card is None:
        raise Http404
    try:
        found = recipients.conversation_for(
            phone=f"+{card.wa_id}", phone_number_id=row.channel.phone_number.phone_number_id
        )
    except DomainError as refusal:  # no number of this world, or ours is gone
        raise Http404 from refusal
    _name(found.contact, card.name)
    return redirect("conversations:conversation", found.pk)


def _name(contact: Contact, name: str) -> None:
    """What the card says, while nobody here knows a better name."""
    if name and not (contact.given_name or contact.name):
        contact.given_name = name[:MAX_NAME_CHARS]
        contact.save(update_fields=["given_name"])
