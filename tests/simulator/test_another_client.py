"""A client nobody here wrote sends every kind of message, handles files, pins, shows articles and keeps its account."""

from typing import Any

import pytest
from pywa import WhatsApp
from pywa.errors import WhatsAppError
from pywa.types import Contact, ProductsSection, URLButton
from pywa.types.callback import Button, ImageCarouselCard
from pywa.types.templates import (
    BodyText,
    Buttons,
    CatalogButton,
    HeaderProduct,
    HeaderText,
    MPMButton,
    SPMButton,
    Template,
    TemplateCategory,
    TemplateLanguage,
)

from tests.simulator.driving import ANA, NUMBER, WABA, Receiver, Simulator, code_of, wait_for
from tests.simulator.test_calls_and_groups import made_group

PNG = b"\x89PNG\r\n\x1a\n picture"
OGG = b"OggS" + b"\x00" * 24 + b"OpusHead" + b"\x00" * 60


@pytest.fixture
def open_window(simulator: Simulator) -> str:
    """Ana has just written; the id of what she wrote."""
    return simulator.write("ana", text="Hallo")


def last(simulator: Simulator) -> dict[str, Any]:
    payload: dict[str, Any] = simulator.received()[-1]["payload"]
    return payload


def state_of(simulator: Simulator, name: str) -> str:
    """How a template of this name stands; empty when there is none."""
    found = simulator.graph("GET", f"{WABA}/message_templates?name={name}&fields=status").json()["data"]
    return str(found[0]["status"]) if found else ""


def test_every_kind_of_message_is_taken(client: WhatsApp, simulator: Simulator, open_window: str) -> None:
    wamid = open_window
    client.send_message(ANA, "Dag *Ana*", header="Fietsland", footer="Utrecht", buttons=[Button("Ja", "y")])
    client.send_image(ANA, PNG, "Een fiets", mime_type="image/png")
    client.send_video(ANA, "https://example.org/tour.mp4")
    client.send_document(ANA, b"%PDF-1.4", filename="factuur.pdf", mime_type="application/pdf")
    client.send_audio(ANA, OGG, mime_type="audio/ogg")
    client.send_voice(ANA, OGG, mime_type="audio/ogg")
    client.send_sticker(ANA, b"RIFF\x00\x00\x00\x00WEBPVP8 ", mime_type="image/webp")
    client.send_location(ANA, 52.09, 5.12, name="Winkel", address="Oudegracht 1")
    client.send_contact(ANA, Contact(name=Contact.Name(formatted_name="Bo", first_name="Bo")))
    client.send_reaction(ANA, "👍", wamid)
    client.remove_reaction(ANA, wamid)
    client.request_location(ANA, "Waar bent u?")
    client.request_contact_info(ANA, "Mogen wij uw nummer?")
    assert client.indicate_typing(wamid)

    kinds = [one["type"] for one in simulator.received()]
    assert kinds == [
        *("interactive", "image", "video", "document", "audio", "audio", "sticker", "location", "contacts"),
        *("reaction", "reaction", "interactive", "interactive"),
    ]
    assert [one["payload"]["audio"].get("voice", False) for one in simulator.received() if one["type"] == "audio"] == [
        False,
        True,
    ]
    assert wamid in str(simulator.sim("receipts")["items"][-1])


def test_a_file_is_brought_fetched_and_deleted(client: WhatsApp, simulator: Simulator, tmp_path: Any) -> None:
    media = client.upload_media(PNG, mime_type="image/png", filename="fiets.png")
    url = client.get_media_url(media.id).url

    kept = client.download_media(url=url, path=tmp_path, filename="fiets.png")
    streamed = b"".join(client.stream_media(url))
    assert kept.read_bytes() == streamed == client.get_media_bytes(url=url) == PNG

    assert client.delete_media(media.id)
    with pytest.raises(WhatsAppError):
        client.get_media_url(media.id)
    assert code_of(simulator.graph("DELETE", f"{media.id}?phone_number_id={NUMBER}")) == 100


def test_articles_and_cards_are_taken(client: WhatsApp, simulator: Simulator, open_window: str) -> None:
    client.send_catalog(ANA, "Alles", footer="Fietsland", thumbnail_product_sku="SKU-1")
    client.send_product(ANA, "991001", "SKU-1", body="Deze?")
    sections = [ProductsSection(title="Stad", skus=["SKU-1", "SKU-2"]), ProductsSection(title="Tour", skus=["SKU-3"])]
    client.send_products(ANA, "991001", sections, title="Fietsen", body="Op voorraad")
    link = [
        ImageCarouselCard(
            image=f"https://example.org/{at}.jpg",
            body=f"Fiets {at}",
            buttons=URLButton(title="Kijk", url="https://example.org"),
        )
        for at in range(2)
    ]
    client.send_carousel(ANA, body="Kies", cards=link)
    replies = [
        ImageCarouselCard(
            image=f"https://example.org/{at}.jpg", body=f"Fiets {at}", buttons=[Button("Die", f"take-{at}")]
        )
        for at in range(2)
    ]
    client.send_carousel(ANA, body="Kies", cards=replies)

    kinds = [one["payload"]["interactive"]["type"] for one in simulator.received()]
    assert kinds == ["catalog_message", "product", "product_list", "carousel", "carousel"]
    with pytest.raises(WhatsAppError):
        client.send_products(ANA, "991001", [ProductsSection("x" * 25, ["SKU-1"]), sections[1]], "Fietsen", "Nee")
    with pytest.raises(WhatsAppError):
        client.send_products(
            ANA, "991001", [ProductsSection("Veel", [f"S{n}" for n in range(31)])], title="Fietsen", body="Nee"
        )
    with pytest.raises(WhatsAppError):
        client.send_carousel(ANA, body="Kies", cards=link[:1])
    with pytest.raises(WhatsAppError):
        client.send_carousel(ANA, body="Kies", cards=[link[0], replies[1]])


SHOPS = {
    "catalog": ([BodyText("Kijk eens")], CatalogButton(text="View catalog")),
    "items": ([HeaderText("Nieuw"), BodyText("Kijk eens")], MPMButton(text="View items")),
    "article": ([HeaderProduct(), BodyText("Kijk eens")], SPMButton(text="View")),
}


def test_templates_with_articles_are_reviewed_and_sent(
    client: WhatsApp, simulator: Simulator, receiver: Receiver
) -> None:
    simulator.sim("options", {"review": "auto", "review_ms": 0})
    for name, (parts, button) in SHOPS.items():
        client.create_template(
            Template(
                name=name,
                language=TemplateLanguage.DUTCH,
                category=TemplateCategory.MARKETING,
                components=[*parts, Buttons(buttons=[button])],
            )
        )
    wait_for(lambda: all(state_of(simulator, name) == "APPROVED" for name in SHOPS))

    sections = [ProductsSection(title="Stad", skus=["SKU-1"])]
    language = TemplateLanguage.DUTCH
    client.send_template(ANA, "catalog", language, [CatalogButton.params(thumbnail_product_sku="SKU-1", index=0)])
    params = MPMButton.params(product_sections=sections, thumbnail_product_sku="SKU-1", index=0)
    client.send_template(ANA, "items", language, [params])
    client.send_template(ANA, "article", language, [HeaderProduct.params(catalog_id="991001", sku="SKU-1")])

    assert [one["payload"]["template"]["name"] for one in simulator.received()] == ["catalog", "items", "article"]
    with pytest.raises(WhatsAppError):
        client.send_template(ANA, "items", language, [])
    with pytest.raises(WhatsAppError):
        client.send_template(ANA, "article", language, [])


def test_a_list_of_articles_or_one_needs_its_heading(client: WhatsApp, simulator: Simulator) -> None:
    for parts, button in (
        ([BodyText("Kijk")], MPMButton(text="View items")),
        ([BodyText("Kijk")], SPMButton(text="View")),
        ([HeaderProduct(), BodyText("Kijk")], CatalogButton(text="View catalog")),
    ):
        made = Template(
            name="shop",
            language=TemplateLanguage.DUTCH,
            category=TemplateCategory.MARKETING,
            components=[*parts, Buttons(buttons=[button])],
        )
        with pytest.raises(WhatsAppError):
            client.create_template(made)


def test_a_template_is_changed_and_deleted(client: WhatsApp, simulator: Simulator) -> None:
    simulator.sim("options", {"review": "auto", "review_ms": 0})
    made = client.create_template(
        Template(
            name="klaar",
            language=TemplateLanguage.DUTCH,
            category=TemplateCategory.UTILITY,
            components=[BodyText("Uw fiets is klaar.")],
        )
    )
    wait_for(lambda: state_of(simulator, "klaar") == "APPROVED")

    assert client.update_template(made.id, new_components=[BodyText("Uw fiets staat klaar.")])
    changed = client.get_template(made.id)
    assert "staat klaar" in str(changed.components)
    assert client.delete_template("klaar", template_id=made.id)
    assert state_of(simulator, "klaar") == ""


def test_messages_of_a_group_are_pinned_and_unpinned(
    client: WhatsApp, simulator: Simulator, receiver: Receiver
) -> None:
    group = made_group(client, receiver)
    simulator.sim(f"groups/{group}/join", {"person": "ana"})
    wamid = simulator.write("ana", text="Zaterdag om tien uur", group_id=group)

    client.pin_message(group, wamid, expiration_days=7)
    assert wamid in simulator.sim("world")["groups"][0]["pinned"]
    with pytest.raises(WhatsAppError):
        client.pin_message(group, wamid, expiration_days=31)
    with pytest.raises(WhatsAppError):
        client.pin_message(group, "wamid.NOBODY", expiration_days=1)
    client.unpin_message(group, wamid)

    assert simulator.sim("world")["groups"][0]["pinned"] == {}
    simulator.write("ana", text="Hallo")
    pin = {"type": "pin", "pin": {"type": "pin", "message_id": wamid, "expiration_days": 7}}
    assert code_of(simulator.post(pin)) == 131051


def test_people_are_let_in_and_put_off_by_their_requests(
    client: WhatsApp, simulator: Simulator, receiver: Receiver
) -> None:
    from pywa.types.groups import GroupJoinApprovalMode

    group = made_group(client, receiver, join_approval_mode=GroupJoinApprovalMode.APPROVAL_REQUIRED)
    for person in ("ana", "bo"):
        simulator.sim(f"groups/{group}/join", {"person": person})
    first, second = client.get_group_join_requests(group)

    client.approve_group_join_requests(group, [first.id])
    client.reject_group_join_requests(group, [second.id])
    before = client.get_group_invite_link(group).link

    assert len(client.get_group(group).participants) == 1
    assert client.reset_group_invite_link(group).link != before


def test_a_call_is_rejected(client: WhatsApp, simulator: Simulator) -> None:
    call = simulator.sim("people/ana/call", {"number": NUMBER})

    assert client.reject_call(call["id"])

    assert simulator.sim("calls")["items"][-1]["state"] == "ended"


def test_an_account_moves_its_marketing_to_the_other_endpoint(client: WhatsApp, simulator: Simulator) -> None:
    simulator.sim("options", {"review": "auto", "review_ms": 0})
    client.create_template(
        Template(
            name="najaar",
            language=TemplateLanguage.DUTCH,
            category=TemplateCategory.MARKETING,
            components=[BodyText("De najaarsbeurt is er weer.")],
        )
    )
    wait_for(lambda: state_of(simulator, "najaar") == "APPROVED")

    client.update_business_account_settings(disable_marketing_messages_on_cloud_api=True)
    with pytest.raises(WhatsAppError) as refusal:
        client.send_template(ANA, "najaar", TemplateLanguage.DUTCH)
    assert refusal.value.code == 131063
    client.send_template(ANA, "najaar", TemplateLanguage.DUTCH, use_mm_lite_api=True)

    assert last(simulator)["template"]["name"] == "najaar"


def test_what_an_account_keeps_about_itself_is_read(client: WhatsApp, simulator: Simulator) -> None:
    assert client.set_business_public_key("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----")
    portfolio = simulator.graph("GET", f"{WABA}?fields=owner_business_info").json()["owner_business_info"]["id"]
    assert [one.id for one in client.get_shared_business_accounts(business_portfolio_id=portfolio)] == [WABA]
    client.set_username("fietsland.nl")
    assert client.get_current_username().username == "fietsland.nl"


def test_the_owner_changes_and_resets_the_pin(client: WhatsApp, simulator: Simulator, receiver: Receiver) -> None:
    simulator.sim(f"numbers/{NUMBER}/pin", {"pin": "111222"})
    client.deregister_phone_number()

    with pytest.raises(WhatsAppError) as refusal:
        client.register_phone_number(pin="654321")
    assert refusal.value.code == 133005
    assert client.register_phone_number(pin="111222")
    simulator.sim(f"numbers/{NUMBER}/pin", {"reset": True})
    client.deregister_phone_number()
    assert client.register_phone_number(pin="654321")

    told = wait_for(lambda: (found := receiver.changes("security")) and len(found) == 3 and found)
    assert [one["event"] for one in told] == ["PIN_CHANGED", "PIN_RESET_REQUEST", "PIN_RESET_SUCCESS"]
    assert told[0]["requester"]
    assert (
        simulator.session.post(f"{simulator.url}/_sim/numbers/{NUMBER}/pin", json={"pin": "1"}, timeout=5).status_code
        == 400
    )
