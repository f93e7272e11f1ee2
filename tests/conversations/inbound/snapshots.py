"""What a company's inbox holds, without ids and moments of ours: two of these are equal when the same is shown."""

import json
from pathlib import Path
from typing import Any

from conversations.models import (
    Channel,
    ConsentRecord,
    Contact,
    Conversation,
    ConversationEvent,
    Message,
    MessageTemplate,
    PhoneNumber,
    WebhookCall,
)
from tenants.context import inside
from tenants.models import ClientCompany

FOLDER = Path(__file__).resolve().parents[2] / "payloads"
NAMES = sorted(file.stem for file in FOLDER.glob("*.json"))
PLACES = {"106540352242922": "phone_number_id", "102290129340398": "waba_id", "31201234567": "digits"}
RESULTS = ("wamid", "direction", "sender_kind", "type", "body", "content", "quoted_wamid", "forwarded", "at", "status")
TIMES = ("sent_at", "delivered_at", "read_at", "played_at", "failed_at", "edited_at", "revoked_at", "error_code")


def payload(name: str, number: PhoneNumber) -> Any:
    """A body of the platform, addressed to a number of ours."""
    text = (FOLDER / f"{name}.json").read_text()
    ours = {"phone_number_id": number.phone_number_id, "waba_id": number.waba_id}
    ours["digits"] = number.display_number.lstrip("+")
    for written, name_of_ours in PLACES.items():
        text = text.replace(written, ours[name_of_ours])
    return json.loads(text)


def inbox_of(company: ClientCompany) -> dict[str, Any]:
    """Everything that a stranger's webhook can change, in an order of its own."""
    with inside(company.schema_name):
        return {
            "messages": _sorted(
                Message.objects.values(*RESULTS, *TIMES, "channel__contact__bsuid", "media__platform_id")
            ),
            "people": _sorted(
                Contact.objects.filter(merged_into=None).values(
                    "bsuid", "wa_id", "name", "username", "parent_bsuid", "opted_out_at", "last_message_at", "market"
                )
            ),
            "pairs": _sorted(Channel.objects.values("contact__wa_id", "last_inbound_at", "free_entry_until")),
            "conversations": _sorted(
                Conversation.objects.values(
                    "status", "last_direction", "last_message__wamid", "waiting_since", "unread_count"
                )
            ),
            "events": _sorted(ConversationEvent.objects.exclude(kind="opened").values("kind", "data", "at")),
            "consents": _sorted(ConsentRecord.objects.values("purpose", "event", "source", "occurred_at", "wamid")),
            "numbers": _sorted(
                PhoneNumber.objects.values("state", "state_reason", "quality", "messaging_limit", "verified_name")
            ),
            "templates": _sorted(MessageTemplate.objects.values("name", "status", "category", "quality")),
        }


def set_aside(company: ClientCompany) -> list[str]:
    """Why changes could not be applied."""
    with inside(company.schema_name):
        assert not WebhookCall.objects.filter(applied_at=None).exists()
        errors = WebhookCall.objects.exclude(error="").values_list("error", flat=True)
        return [error for error in errors if not error.startswith("waits:")]


def _sorted(rows: Any) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: json.dumps(row, default=str, sort_keys=True))
