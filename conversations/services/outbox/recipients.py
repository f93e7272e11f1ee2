"""Finds or makes the conversation that a message to somebody belongs to."""

from uuid import UUID

import phonenumbers
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import Channel, Contact, ContactIdentity, Conversation, PhoneNumber
from conversations.services.handling import conversations
from conversations.whatsapp import market
from tenants.errors import DomainError


class WhichNumber(DomainError):
    code = "phone_number_needed"
    http_status = 422
    user_message = _("This company has several WhatsApp numbers. Say with phone_number_id which one sends.")


class NotFound(DomainError):
    code = "not_found"
    http_status = 404
    user_message = _("There is no such conversation, contact or number.")


class PhoneInvalid(DomainError):
    code = "phone_invalid"
    http_status = 422
    user_message = _("This is not a phone number that exists. Write it with + and the country code.")


@transaction.atomic
def conversation_for(
    *,
    conversation_id: UUID | None = None,
    contact_id: UUID | None = None,
    phone: str | None = None,
    phone_number_id: str | None = None,
) -> Conversation:
    """The live conversation with a contact or phone number, begun or reopened when there is none.

    phone            E.164 with +; a person nobody knows becomes a contact
    phone_number_id  the platform's id of our number; may be missing while the company has one
    Raises           NotFound, WhichNumber, PhoneInvalid
    """
    if conversation_id:
        found = Conversation.objects.filter(pk=conversation_id).first()
        if found is None:
            raise NotFound
        return found
    number = number_for(phone_number_id)
    contact = Contact.objects.filter(pk=contact_id).first() if contact_id else contact_with_phone(phone or "")
    if contact is None:
        raise NotFound
    channel, _created = Channel.objects.get_or_create(contact=contact, phone_number=number)
    return conversations.live_of(channel)


def contact_with_phone(phone: str) -> Contact:
    """The contact with this number, made when nobody has it. Raises PhoneInvalid."""
    try:
        parsed = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException as error:
        raise PhoneInvalid from error
    if not phonenumbers.is_possible_number(parsed):
        raise PhoneInvalid
    wa_id = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
    contact, created = Contact.objects.get_or_create(wa_id=wa_id, defaults={"market": market.market(wa_id=wa_id) or ""})
    if created:
        ContactIdentity.objects.create(
            contact=contact,
            kind=ContactIdentity.Kind.WA_ID,
            value=wa_id,
            valid_from=timezone.now(),
            source="written to first",
        )
    return contact


def number_for(phone_number_id: str | None) -> PhoneNumber:
    """The number with the platform's id, or the only one there is. Raises NotFound, WhichNumber"""
    numbers = PhoneNumber.objects.exclude(state=PhoneNumber.State.STOPPED)
    if phone_number_id:
        number = numbers.filter(phone_number_id=phone_number_id).first()
        if number is None:
            raise NotFound
        return number
    two = list(numbers[:2])
    if not two:
        raise NotFound
    if len(two) > 1:
        raise WhichNumber
    return two[0]
