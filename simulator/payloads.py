"""The JSON of webhooks: changes as the platform writes them."""

from typing import Any

from simulator.chats import Message
from simulator.world import Number, Person, Template, Waba


def contact(person: Person, waba: Waba) -> dict[str, Any]:
    """An entry of `contacts`; without wa_id when the person's phone is not to be seen."""
    profile: dict[str, Any] = {"name": person.name}
    if person.username:
        profile["username"] = person.username
    entry: dict[str, Any] = {"profile": profile, "user_id": person.bsuid_for(waba)}
    if person.wa_id:
        entry["wa_id"] = person.wa_id
    return entry


def messages_value(number: Number) -> dict[str, Any]:
    """The beginning of every value of the field `messages`."""
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": number.digits, "phone_number_id": number.id},
    }


def inbound_change(message: Message, *, number: Number, person: Person, waba: Waba) -> dict[str, Any]:
    """A person's message. System messages come without contacts."""
    value = messages_value(number)
    if message.type != "system":
        value["contacts"] = [contact(person, waba)]
    value["messages"] = [message.payload]
    return {"field": "messages", "value": value}


def inbound_head(person: Person, waba: Waba, *, wamid: str, at: float, type: str) -> dict[str, Any]:
    """The fields that every inbound message has."""
    head: dict[str, Any] = {}
    if person.wa_id:
        head["from"] = person.wa_id
    head |= {"from_user_id": person.bsuid_for(waba), "id": wamid, "timestamp": str(int(at)), "type": type}
    return head


def status_change(message: Message, *, number: Number, person: Person | None, waba: Waba) -> dict[str, Any]:
    """Where a message of the business stands now.

    A failure of a message that went to a phone number carries neither contacts nor recipient_user_id.
    """
    status: dict[str, Any] = {
        "id": message.wamid,
        "status": message.status,
        "timestamp": str(int(message.times[message.status])),
    }
    to_phone = message.to.isdigit()
    if to_phone or (person and person.wa_id):
        status["recipient_id"] = message.to if to_phone else person.wa_id if person else None
    names_person = person is not None and not (message.status == "failed" and to_phone)
    if person is not None and names_person:
        status["recipient_user_id"] = person.bsuid_for(waba)
    if message.callback_data is not None:
        status["biz_opaque_callback_data"] = message.callback_data
    if message.pricing and message.status in ("sent", "delivered"):
        status["pricing"] = message.pricing
        if message.pricing["type"] == "free_entry_point":
            status["conversation"] = {"id": message.wamid[-32:].lower(), "origin": {"type": "referral_conversion"}}
    if message.errors and message.status == "failed":
        status["errors"] = message.errors
    value = messages_value(number)
    if person is not None and names_person:
        value["contacts"] = [contact(person, waba)]
    value["statuses"] = [status]
    return {"field": "messages", "value": value}


def template_status_change(template: Template, *, event: str, reason: str) -> dict[str, Any]:
    """A template was reviewed, paused or disabled."""
    return {
        "field": "message_template_status_update",
        "value": {
            "event": event,
            "message_template_id": int(template.id) if template.id.isdigit() else template.id,
            "message_template_name": template.name,
            "message_template_language": template.language,
            "message_template_category": template.category,
            "reason": reason,
        },
    }


def preference_change(person: Person, waba: Waba, *, number: Number, value: str, at: float) -> dict[str, Any]:
    """A person stopped or resumed marketing messages."""
    wish: dict[str, Any] = {
        "user_id": person.bsuid_for(waba),
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": int(at),
    }
    if person.wa_id:
        wish["wa_id"] = person.wa_id
    head = messages_value(number)
    return {
        "field": "user_preferences",
        "value": {**head, "contacts": [contact(person, waba)], "user_preferences": [wish]},
    }
