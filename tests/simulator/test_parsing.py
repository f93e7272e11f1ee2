"""Every kind of webhook that the simulator posts can be read by a parser nobody here wrote."""

from typing import Any

from pywa import WhatsApp
from pywa.types import (
    CallbackButton,
    CallbackSelection,
    EditedMessage,
    FlowCompletion,
    Message,
    MessageStatus,
)
from pywa.types.account_update import AccountUpdate
from pywa.types.message import DeletedMessage
from pywa.types.system import PhoneNumberChange
from pywa.types.user_preferences import UserMarketingPreferences

from tests.simulator.another_client import parsed
from tests.simulator.driving import NUMBER, WABA, Receiver, Simulator, wait_for

POINT = {"latitude": 52.37, "longitude": 4.89, "name": "Dam"}
CARD = {"name": {"formatted_name": "Bo", "first_name": "Bo"}, "phones": [{"phone": "+31687654321", "type": "CELL"}]}
ITEM = {"product_retailer_id": "B1", "quantity": 1, "item_price": 9.5, "currency": "EUR"}
FORM = {"name": "flow", "body": "Sent", "response_json": '{"flow_token": "t", "dag": "ma"}'}
FILE = {"data": "YWJj"}

WRITTEN: list[tuple[dict[str, Any], type[Any]]] = [
    ({"text": "Hallo"}, Message),
    ({"type": "image", **FILE, "caption": "Zo"}, Message),
    ({"type": "video", **FILE}, Message),
    ({"type": "audio", **FILE, "voice": True}, Message),
    ({"type": "document", **FILE, "filename": "a.pdf"}, Message),
    ({"type": "sticker", **FILE}, Message),
    ({"type": "location", "location": POINT}, Message),
    ({"type": "contacts", "contacts": [CARD]}, Message),
    ({"type": "order", "order": {"catalog_id": "1", "product_items": [ITEM]}}, Message),
    (
        {
            "type": "unsupported",
            "errors": [{"code": 131051, "title": "x", "message": "x", "error_data": {"details": "x"}}],
        },
        Message,
    ),
    (
        {
            "text": "Kijk",
            "forwarded": True,
            "referral": {"source_type": "ad", "source_id": "1", "source_url": "https://a.example"},
        },
        Message,
    ),
    ({"type": "interactive", "interactive": {"button_reply": {"id": "ja", "title": "Ja"}}}, CallbackButton),
    ({"type": "interactive", "interactive": {"list_reply": {"id": "1", "title": "Een"}}}, CallbackSelection),
    ({"type": "interactive", "interactive": {"nfm_reply": FORM}}, FlowCompletion),
    ({"type": "button", "button": {"payload": "p", "text": "Volgen"}}, CallbackButton),
]


def test_what_people_write_is_read_as_what_it_is(client: WhatsApp, simulator: Simulator, receiver: Receiver) -> None:
    quoted = simulator.post_text("Ja?") if simulator.write(text="Begin") else ""
    for given, _ in WRITTEN:
        simulator.write(**given, reply_to=quoted)
    first = receiver.messages()[1]["id"]
    simulator.write(type="reaction", message_id=quoted, reaction="👍")
    simulator.write(type="edit", original_message_id=first, text="Hallo daar")
    simulator.write(type="revoke", original_message_id=first)
    kinds = [kind for _, kind in WRITTEN] + [Message, EditedMessage, DeletedMessage]

    updates = [update for update in _read(client, receiver) if not isinstance(update, MessageStatus)]

    assert [type(update) for update in updates[1:]] == kinds


def _read(client: WhatsApp, receiver: Receiver) -> list[Any]:
    return [update for body in list(receiver.bodies) for update in parsed(client, body)]


def test_statuses_identities_and_preferences_are_read(
    client: WhatsApp, simulator: Simulator, receiver: Receiver
) -> None:
    simulator.write(text="Hallo")
    wamid = simulator.post_text("Dag")
    wait_for(lambda: len(receiver.statuses(wamid)) == 2)
    simulator.sim("people/ana/read", {"number": NUMBER})
    simulator.sim("people/ana/preferences", {"number": NUMBER, "value": "stop"})
    simulator.sim("people/ana/change", {"phone": "31699999999"})
    wait_for(lambda: simulator.sim("webhooks")["pending"] == 0)

    updates = _read(client, receiver)

    statuses = [update for update in updates if isinstance(update, MessageStatus)]
    assert [status.status for status in statuses] == ["sent", "delivered", "read"]
    assert any(isinstance(update, UserMarketingPreferences) for update in updates)
    assert any(isinstance(update, PhoneNumberChange) for update in updates)


def test_what_happens_to_accounts_is_read(client: WhatsApp, simulator: Simulator, receiver: Receiver) -> None:
    happenings: list[dict[str, Any]] = [
        {"event": "ACCOUNT_VIOLATION"},
        {"event": "ACCOUNT_RESTRICTION"},
        {"event": "DISABLED_UPDATE", "state": "DISABLE"},
        {"event": "DISABLED_UPDATE", "state": "REINSTATE"},
        {"event": "PARTNER_APP_INSTALLED"},
        {"event": "PARTNER_REMOVED"},
    ]
    for given in happenings:
        simulator.sim(f"accounts/{WABA}/event", given)
    wait_for(lambda: len(receiver.changes("account_update")) == len(happenings))

    updates = [update for update in _read(client, receiver) if isinstance(update, AccountUpdate)]

    assert [update.event for update in updates] == [given["event"] for given in happenings]
    assert updates[2].ban_info is not None
    assert updates[2].ban_info.state == "DISABLE"
    simulator.sim(f"accounts/{WABA}/limit", {"limit": "TIER_10K"})  # nobody is subscribed any more: nothing comes
    assert receiver.changes("business_capability_update") == []
