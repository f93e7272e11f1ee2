"""A person writes: the message stands in the company's inbox, once, and nowhere else."""

from conversations.models import Contact, Conversation, Message, PhoneNumber
from conversations.status import MessageStatus
from tests.fixtures.webhooks import change, envelope, post, status_of


def test_a_message_becomes_contact_conversation_and_message(write_from, company, other_company, enter):
    wamid = write_from("31612345678", "Is mijn fiets klaar?")

    with enter(company):
        message = Message.objects.select_related("conversation", "channel", "conversation__contact").get()
        assert (message.wamid, message.body, message.direction) == (wamid, "Is mijn fiets klaar?", "in")
        conversation = message.conversation
        assert conversation.waits_for_us()
        assert conversation.waiting_since == message.at == message.channel.last_inbound_at
        assert (conversation.unread_count, conversation.last_direction) == (1, "in")
        assert conversation.last_message_id == message.pk
        contact = conversation.contact
        assert (contact.name, contact.wa_id, contact.market) == ("Ana", "31612345678", "NL")
        assert {(i.kind, i.value) for i in contact.identities.all()} == {("wa_id", "31612345678")}
    with enter(other_company):
        assert not Message.objects.exists()
        assert not Contact.objects.exists()


def test_two_messages_of_one_person_stand_in_one_conversation(write_from, company, enter):
    write_from("31612345678", "Hallo?")
    write_from("31612345678", "Iemand?")

    with enter(company):
        conversation = Conversation.objects.get()
        assert conversation.unread_count == 2
        assert [m.body for m in conversation.messages.order_by("sequence")] == ["Hallo?", "Iemand?"]


def test_that_a_conversation_opened_stands_above_the_message_that_opened_it(write_from, company, enter, as_agent):
    write_from("31612345678", "De eerste")
    write_from("31612345678", "De tweede")

    with enter(company):
        address = f"/inbox/{Conversation.objects.get().pk}/"
    thread = as_agent.get(address, headers={"HX-Request": "true"}).content.decode()
    assert thread.index("Conversation opened") < thread.index("De eerste") < thread.index("De tweede")


def test_a_status_moves_a_message_of_ours_up(write_from, deliver, run_due, company, number, enter):
    write_from("31612345678", "Hallo?")
    with enter(company):
        ours = _queued(Conversation.objects.get())

    read = status_of("wamid.OURS", "read", at=1_800_000_100, biz_opaque_callback_data=f"msg:{ours.pk}")
    sent = status_of("wamid.OURS", "sent", at=1_790_000_000, biz_opaque_callback_data=f"msg:{ours.pk}")
    deliver(envelope(number.waba_id, change(number, statuses=[read]), change(number, statuses=[sent])))
    run_due("inbound")

    with enter(company):
        ours.refresh_from_db()
        assert ours.status == MessageStatus.READ
        assert ours.wamid == "wamid.OURS"
        assert ours.sent_at < ours.read_at


def test_a_wrongly_signed_message_is_refused(company):
    response = post(b'{"entry": []}', secret="somebody else's")

    assert response.status_code == 401


def _queued(conversation: Conversation) -> Message:
    return Message.objects.create(
        conversation=conversation,
        channel_id=conversation.channel_id,
        phone_number=PhoneNumber.objects.get(),
        direction="out",
        sender_kind="human",
        type="text",
        body="Ja",
        at=conversation.last_message_at,
        sequence=1,
        status=MessageStatus.SENDING,
    )
