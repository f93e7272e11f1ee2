"""Outbound bodies are built as the platform wants them, and a value that does not fit is refused in plain words."""

import pytest

from conversations.whatsapp import messages
from conversations.whatsapp.fields import InvalidField
from conversations.whatsapp.messages import Envelope, Recipient

ANA = Envelope(Recipient(wa_id="31612345678"), callback_data="0190c5a2")
BASE = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+31612345678"}
OURS = {"biz_opaque_callback_data": "0190c5a2"}


def test_a_text_carries_recipient_quote_and_our_id():
    envelope = Envelope(Recipient("31612345678"), callback_data="0190c5a2", reply_to="wamid.QUOTED")

    assert messages.text(envelope, body="Uw fiets is klaar") == {
        **BASE,
        **OURS,
        "type": "text",
        "text": {"body": "Uw fiets is klaar", "preview_url": False},
        "context": {"message_id": "wamid.QUOTED"},
    }


@pytest.mark.parametrize(
    ("recipient", "address"),
    [
        (Recipient(wa_id="+31612345678"), {"to": "+31612345678"}),
        (Recipient(bsuid="US.98765432109876543210"), {"recipient": "US.98765432109876543210"}),
        (Recipient("31612345678", "NL.1"), {"to": "+31612345678", "recipient": "NL.1"}),
    ],
)
def test_a_person_is_addressed_by_number_by_id_or_by_both(recipient, address):
    assert recipient.address() == address


@pytest.mark.parametrize("recipient", [Recipient(), Recipient("06-123"), Recipient(bsuid="31612345678")])
def test_a_person_without_a_usable_address_is_refused(recipient):
    with pytest.raises(InvalidField) as refused:
        messages.text(Envelope(recipient), body="x")
    assert refused.value.field in {"to", "recipient"}


def test_a_text_of_4096_characters_goes_and_one_more_does_not():
    assert messages.text(ANA, body="é" * 4096)["text"]["body"] == "é" * 4096
    with pytest.raises(InvalidField) as refused:
        messages.text(ANA, body="é" * 4097)
    assert refused.value.field == "body"
    assert "4096" in str(refused.value.user_message)


@pytest.mark.parametrize("body", ["", "  \n ", "zero\x00byte", "half \ud83d"])
def test_a_text_that_cannot_be_sent_is_refused(body):
    with pytest.raises(InvalidField):
        messages.text(ANA, body=body)


@pytest.mark.parametrize(
    ("kind", "options", "part"),
    [
        ("image", {"caption": "Kijk"}, {"id": "77", "caption": "Kijk"}),
        ("document", {"filename": "bon.pdf", "caption": "Bon"}, {"id": "77", "caption": "Bon", "filename": "bon.pdf"}),
        ("audio", {"voice": True}, {"id": "77", "voice": True}),
        ("sticker", {}, {"id": "77"}),
        ("video", {"filename": "ignored.mp4"}, {"id": "77"}),
    ],
)
def test_a_file_goes_as_its_kind(kind, options, part):
    assert messages.media(ANA, kind=kind, media_id="77", **options)[kind] == part


@pytest.mark.parametrize(
    ("kind", "options", "field"),
    [
        ("audio", {"caption": "x"}, "caption"),
        ("sticker", {"caption": "x"}, "caption"),
        ("image", {"caption": "x" * 1025}, "caption"),
        ("hologram", {}, "kind"),
        ("document", {"filename": "x" * 241}, "filename"),
    ],
)
def test_a_file_with_a_part_it_cannot_have_is_refused(kind, options, field):
    with pytest.raises(InvalidField) as refused:
        messages.media(ANA, kind=kind, media_id="77", **options)
    assert refused.value.field == field


def test_a_reaction_is_set_and_taken_back():
    assert messages.reaction(ANA, target="wamid.T", emoji="👍🏽")["reaction"] == {
        "message_id": "wamid.T",
        "emoji": "👍🏽",
    }
    assert messages.reaction(ANA, target="wamid.T", emoji="")["reaction"]["emoji"] == ""
    for odd in ("ok", "👍" * 41):
        with pytest.raises(InvalidField):
            messages.reaction(ANA, target="wamid.T", emoji=odd)


def test_a_template_names_its_language_with_an_underscore():
    part = messages.template(ANA, name="order_update", language="en-US")["template"]

    assert part == {"name": "order_update", "language": {"code": "en_US"}}
    for name, language in (("Order Update", "nl"), ("order", "dutch!"), ("", "nl")):
        with pytest.raises(InvalidField):
            messages.template(ANA, name=name, language=language)


def test_a_place_lies_on_earth():
    part = messages.location(ANA, latitude=52.37, longitude=4.89, name="Fietsland")["location"]

    assert part == {"latitude": 52.37, "longitude": 4.89, "name": "Fietsland"}
    for latitude, longitude in ((91, 0), (0, -181), (float("nan"), 0)):
        with pytest.raises(InvalidField):
            messages.location(ANA, latitude=latitude, longitude=longitude)


def test_a_contact_card_has_a_name_and_one_part_of_it():
    card = {"name": {"formatted_name": "Bo de Wit"}, "phones": [{"phone": "+31687654321"}]}

    (sent,) = messages.contacts(ANA, cards=[card])["contacts"]

    assert sent["name"] == {"formatted_name": "Bo de Wit", "first_name": "Bo de Wit"}
    for cards in ([], [{}], [{"name": "Bo"}], [card] * 258):
        with pytest.raises(InvalidField):
            messages.contacts(ANA, cards=cards)
