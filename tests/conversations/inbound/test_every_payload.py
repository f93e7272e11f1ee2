"""Every body that the platform is known to write goes in through the door and comes out right, as often as it comes."""

import pytest

from conversations.models import Contact, Message
from tests.conversations.inbound.snapshots import NAMES, inbox_of, payload, set_aside

SHOWN = {
    "message_text": ("text", "Hallo, is mijn fiets al klaar?"),
    "message_image": ("image", None),
    "message_voice": ("audio", ""),
    "message_location": ("location", ""),
    "message_contacts": ("contacts", ""),
    "message_button_reply": ("interactive", None),
    "message_list_reply": ("interactive", None),
    "message_template_button": ("button", None),
    "message_order": ("order", None),
    "message_sticker": ("sticker", ""),
    "message_unsupported": ("unsupported", ""),
}


@pytest.mark.parametrize("name", NAMES)
def test_it_is_applied_once_however_often_it_comes(name, deliver, run_due, company, other_company, number):
    untouched = inbox_of(other_company)
    body = payload(name, number)

    assert deliver(body).status_code == 200
    run_due("inbound")
    once = inbox_of(company)
    for _ in range(2):
        assert deliver(body).status_code == 200
        run_due("inbound")

    assert inbox_of(company) == once
    assert set_aside(company) == []
    assert inbox_of(other_company) == untouched


@pytest.mark.parametrize("name", SHOWN)
def test_it_stands_in_the_thread_as_what_it_is(name, deliver, run_due, company, number, enter):
    deliver(payload(name, number))
    run_due("inbound")

    with enter(company):
        message = Message.objects.select_related("media", "channel").get()
        kind, body = SHOWN[name]
        assert message.type == kind
        assert body is None or message.body == body
        assert message.channel.last_inbound_at == message.at
        if kind in ("image", "audio", "sticker"):
            assert message.media.state == "pending"
            assert message.media.due_at is not None


def test_a_person_without_a_number_is_known_by_the_id(deliver, run_due, company, number, enter):
    deliver(payload("message_text_without_phone", number))
    run_due("inbound")

    with enter(company):
        contact = Contact.objects.get()
        assert contact.wa_id is None
        assert contact.bsuid == "US.98765432109876543210"
        assert contact.market == "US"


@pytest.mark.parametrize("name", ["message_reaction", "system_unseen"])
def test_a_reaction_neither_waits_nor_opens_the_window(name, deliver, run_due, company, number, enter):
    deliver(payload(name, number))
    run_due("inbound")

    with enter(company):
        reaction = Message.objects.select_related("channel", "conversation").get()
        assert reaction.type == name.split("_")[name.startswith("message")]
        assert bool(reaction.quoted_wamid) == (reaction.type == "reaction")
        assert reaction.channel.last_inbound_at is None
        assert reaction.conversation.waiting_since is None
        assert reaction.conversation.unread_count == 0
