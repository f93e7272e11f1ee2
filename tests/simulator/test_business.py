"""What a business sets about its number: profile, links, settings, username, block list; driven by another client."""

import pytest
from pywa import WhatsApp
from pywa.errors import WhatsAppError
from pywa.types import Command, Industry
from pywa.types.others import StorageConfiguration, StorageStatus, UsernameStatusType

from tests.simulator.another_client import client_for
from tests.simulator.driving import (
    ANA,
    ANA_BSUID,
    BO_BSUID,
    NUMBER,
    OTHER_NUMBER,
    SECRET,
    WABA,
    Receiver,
    Simulator,
    code_of,
    wait_for,
)


def test_the_profile_keeps_what_is_set_and_its_picture_can_be_seen(client: WhatsApp, simulator: Simulator) -> None:
    client.update_business_profile(
        about="Fietsen en meer",
        address="Dam 1",
        description="Sinds 1970",
        email="info@fietsland.example",
        industry=Industry.RETAIL,
        websites=["https://fietsland.example"],
        profile_picture=b"\xff\xd8\xff picture",
    )
    client.update_business_profile(address="Damrak 2")

    profile = client.get_business_profile()

    assert (profile.about, profile.address, profile.industry) == ("Fietsen en meer", "Damrak 2", Industry.RETAIL)
    assert profile.websites == ("https://fietsland.example",)
    assert simulator.session.get(str(profile.profile_picture_url), timeout=5).content == b"\xff\xd8\xff picture"


@pytest.mark.parametrize(
    "wish",
    [
        {"about": "x" * 140},
        {"about": ""},
        {"description": "x" * 513},
        {"email": "nobody"},
        {"websites": ["https://a.example"] * 3},
        {"websites": ["ftp://a.example"]},
        {"vertical": "SHOES"},
        {"profile_picture_handle": "4::made:1"},
    ],
)
def test_a_profile_over_its_limits_is_refused(simulator: Simulator, wish: dict[str, object]) -> None:
    body = {"messaging_product": "whatsapp", **wish}
    assert code_of(simulator.graph("POST", f"{NUMBER}/whatsapp_business_profile", json=body)) == 100


def test_short_links_are_made_changed_listed_and_removed(client: WhatsApp, simulator: Simulator) -> None:
    link = client.create_qr_code("Ik heb een vraag", image_type="SVG")
    assert link.deep_link_url == f"https://wa.me/message/{link.code}"
    assert "<svg" in simulator.session.get(str(link.qr_image_url), timeout=5).text

    client.update_qr_code(link.code, "Ik wil iets bestellen")

    assert [each.prefilled_message for each in client.get_qr_codes()] == ["Ik wil iets bestellen"]
    assert client.get_qr_code(link.code) is not None
    assert client.delete_qr_code(link.code)
    assert list(client.get_qr_codes()) == []
    long = {"prefilled_message": "x" * 141}
    assert code_of(simulator.graph("POST", f"{NUMBER}/message_qrdls", json=long)) == 100


def test_ice_breakers_commands_and_commerce_switches(client: WhatsApp) -> None:
    client.update_conversational_automation(ice_breakers=["Waar is mijn fiets?"], commands=[Command("help", "Hulp")])
    client.update_commerce_settings(is_catalog_visible=True, is_cart_enabled=False)

    number = client.get_business_phone_number()

    assert number.conversational_automation is not None
    assert number.conversational_automation.ice_breakers == ("Waar is mijn fiets?",)
    assert number.conversational_automation.commands[0].name == "help"
    commerce = client.get_commerce_settings()
    assert (commerce.is_catalog_visible, commerce.is_cart_enabled) == (True, False)
    with pytest.raises(WhatsAppError):
        client.update_conversational_automation(ice_breakers=["x" * 81])


def test_only_who_wrote_today_can_be_blocked_and_then_is_not_heard(
    client: WhatsApp, simulator: Simulator, receiver: Receiver
) -> None:
    simulator.write("ana", text="Hallo")

    result = client.block_users([ANA, BO_BSUID])

    assert [user.bsuid for user in result.added_users] == [ANA_BSUID]
    assert [(user.input, user.errors[0].code) for user in result.failed_users] == [(BO_BSUID, 131047)]
    assert result.errors is not None
    assert result.errors.code == 139100
    assert [user.wa_id for user in client.get_blocked_users()] == [ANA]
    assert code_of(simulator.post({"type": "text", "text": {"body": "Dag"}})) == 130403
    simulator.sim("people/ana/send", {"number": NUMBER, "text": "Hoor je mij?"})
    assert client.unblock_users([ANA]).removed_users[0].wa_id == ANA
    simulator.write("ana", text="En nu?")
    assert [message["text"]["body"] for message in receiver.messages()] == ["Hallo", "En nu?"]
    with pytest.raises(WhatsAppError) as refusal:
        client.block_users([BO_BSUID])
    assert refusal.value.code == 139100


def test_usernames_are_taken_moved_suggested_and_given_up(
    client: WhatsApp, simulator: Simulator, receiver: Receiver
) -> None:
    simulator.sim("options", {"claimed_usernames": ["fiets", "facebook:fietsland", "instagram:fietsen"]})
    for name, code in (("fiets", 147001), ("bo.berlin", 147001), ("fietsland", 147003), ("fietsen", 147004)):
        with pytest.raises(WhatsAppError) as refusal:
            client.set_username(name)
        assert refusal.value.code == code

    assert client.set_username("fietsland.nl").status == UsernameStatusType.APPROVED

    [event] = wait_for(lambda: receiver.changes("business_username_updates"))
    assert event == {"display_phone_number": "31201234567", "username": "fietsland.nl", "status": "approved"}
    simulator.sim("world", {"numbers": [{**_second(), "waba_id": WABA}]})
    second = client_for(simulator, number="106500000000003")
    with pytest.raises(WhatsAppError) as refusal:
        second.set_username("fietsland.nl")
    assert refusal.value.code == 147005
    assert second.set_username("fietsland.nl", force_transfer=True).status == UsernameStatusType.APPROVED
    assert simulator.graph("GET", f"{NUMBER}/username").json() == {}
    assert "fietsland.official" in client.get_reserved_usernames()
    assert second.delete_username()
    simulator.sim("world", {"numbers": [{"id": NUMBER, "whatsapp_business_manager_messaging_limit": "TIER_250"}]})
    assert code_of(simulator.graph("POST", f"{NUMBER}/username", json={"username": "fietsland.nl"})) == 147002
    assert code_of(simulator.graph("POST", f"{NUMBER}/username", json={"username": "a"})) == 100
    second.api._session.close()


def _second() -> dict[str, object]:
    return {"id": "106500000000003", "display_phone_number": "+31 20 123 45 68", "verified_name": "Fietsland 2"}


def test_where_data_lie_is_set_before_registering(client: WhatsApp, simulator: Simulator) -> None:
    wish = StorageConfiguration(status=StorageStatus.IN_COUNTRY_STORAGE_ENABLED, data_localization_region="DE")
    with pytest.raises(WhatsAppError):
        client.update_business_phone_number_settings(storage_configuration=wish)

    client.deregister_phone_number()
    client.update_business_phone_number_settings(storage_configuration=wish)
    client.register_phone_number(pin=123456)

    kept = client.get_business_phone_number_settings().storage_configuration
    assert kept is not None
    assert kept.data_localization_region == "DE"


def test_ten_registrations_in_three_days_are_the_most(simulator: Simulator) -> None:
    wish = {"messaging_product": "whatsapp", "pin": "123456"}
    for _ in range(5):
        assert simulator.graph("POST", f"{NUMBER}/deregister").ok
        assert simulator.graph("POST", f"{NUMBER}/register", json=wish).ok
    assert code_of(simulator.graph("POST", f"{NUMBER}/deregister")) == 133016


def test_guessing_a_pin_too_often_locks_it(simulator: Simulator, receiver: Receiver) -> None:
    assert simulator.graph("POST", NUMBER, json={"pin": "111111"}).ok
    wait_for(lambda: [event["event"] for event in receiver.changes("security")] == ["PIN_CHANGED"])
    wish = {"messaging_product": "whatsapp", "pin": "222222"}
    codes = [code_of(simulator.graph("POST", f"{NUMBER}/register", json=wish)) for _ in range(6)]
    assert codes == [133005] * 5 + [133008]


def test_a_new_display_name_is_reviewed_and_shown_after_registering_again(
    client: WhatsApp, simulator: Simulator, receiver: Receiver
) -> None:
    simulator.sim("options", {"review": "auto", "review_ms": 10, "refused_words": ["gratis"]})
    client.update_display_name("Gratis fietsen")
    [refused] = wait_for(lambda: receiver.changes("phone_number_name_update"))
    assert (refused["decision"], refused["requested_verified_name"]) == ("REJECTED", "Gratis fietsen")

    client.update_display_name("Fietsland Amsterdam")
    wait_for(lambda: len(receiver.changes("phone_number_name_update")) == 2)
    assert client.get_business_phone_number().verified_name == "Fietsland"
    client.register_phone_number(pin="123456")

    assert client.get_business_phone_number().verified_name == "Fietsland Amsterdam"


def test_another_client_adds_verifies_and_registers_a_number(client: WhatsApp, simulator: Simulator) -> None:
    added = client.create_phone_number(
        country_calling_code=31, phone_number="207654321", verified_name="Fietsland Zuid"
    )
    client.request_verification_code(code_method="SMS", language_code="nl", phone_id=added.id)
    [number] = [row for row in simulator.sim("world")["numbers"] if row["id"] == added.id]

    assert client.verify_phone_number(number["state"]["code"]["code"], phone_id=added.id)
    assert client.register_phone_number(pin="123456", phone_id=added.id)

    assert {row.id for row in client.get_business_phone_numbers()} == {NUMBER, added.id}
    with pytest.raises(WhatsAppError) as refusal:
        client.request_verification_code(code_method="SMS", language_code="nl", phone_id=added.id)
    assert refusal.value.code == 2388091


def test_another_client_reads_accounts_and_sets_callbacks(
    client: WhatsApp, simulator: Simulator, receiver: Receiver
) -> None:
    assert client.get_business_account().currency == "EUR"
    assert [row.id for row in client.get_owned_business_accounts(business_portfolio_id=WABA)] == [WABA]
    token = client.get_app_access_token(app_id=700, app_secret=SECRET)
    assert token == f"700|{SECRET}"
    assert client.set_app_callback_url(700, token, receiver.url, "verify-me", ["messages"])
    assert client.override_phone_callback_url(receiver.url, "verify-me")
    assert client.override_waba_callback_url(receiver.url, "verify-me")
    assert client.get_business_phone_number().webhook_configuration["phone_number"] == receiver.url
    assert client.delete_phone_callback_url()
    assert client.delete_waba_callback_url()


def test_without_a_way_to_pay_templates_fail_and_health_says_so(simulator: Simulator, receiver: Receiver) -> None:
    simulator.sim("world", {"wabas": [{"id": WABA, "primary_funding_id": None}]})
    template = {"name": "picture", "language": {"code": "nl"}}
    header = {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://a.example/a.jpg"}}]}
    sent = simulator.post({"type": "template", "template": {**template, "components": [header]}})
    wamid = sent.json()["messages"][0]["id"]

    [status] = wait_for(lambda: receiver.statuses(wamid))

    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131042)
    account = simulator.graph("GET", f"{WABA}?fields=primary_funding_id,health_status").json()
    assert "primary_funding_id" not in account
    assert account["health_status"]["can_send_message"] == "LIMITED"
    simulator.write(text="Hallo")
    simulator.post_text("Service blijft gratis")


def test_a_person_is_forgotten_once(simulator: Simulator) -> None:
    simulator.write("bo", text="Hallo")
    path = f"{NUMBER}/contact_book?messaging_product=whatsapp&bsuid={BO_BSUID}"

    assert simulator.graph("DELETE", path).json() == {"success": True, "deleted": True}
    assert simulator.graph("DELETE", path).json() == {"success": True, "deleted": False}


def test_tokens_open_only_what_they_may(simulator: Simulator) -> None:
    assert code_of(simulator.graph("GET", f"{OTHER_NUMBER}/whatsapp_business_profile")) == 100
    simulator.sim("world", {"wabas": [{"id": WABA, "scopes": ["whatsapp_business_management"]}]})
    assert code_of(simulator.post({"type": "text", "text": {"body": "Dag"}})) == 200
    assert simulator.graph("GET", NUMBER).ok
    simulator.sim("world", {"wabas": [{"id": WABA, "token_expires_at": 1.0}]})
    assert simulator.graph("GET", NUMBER).json()["error"]["error_subcode"] == 463
    simulator.sim("world", {"wabas": [{"id": WABA, "token_expires_at": 0.0}]})
    assert code_of(simulator.graph("GET", f"{NUMBER}?appsecret_proof=abc")) == 100
