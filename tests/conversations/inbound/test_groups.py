"""A group has a thread of its own: who wrote stands on each message, what happens to the group stands between them."""

from typing import Any

import pytest

from conversations.integrations.models import Event
from conversations.models import Channel, Contact, Conversation, ConversationEvent, Message, PhoneNumber
from conversations.services.contacts.group_members import group_members
from conversations.services.outbox import outbox
from conversations.services.threads import thread
from conversations.status import MessageStatus
from conversations.whatsapp.messages import Envelope, Recipient
from tests.conversations.inbound.snapshots import payload, set_aside
from tests.fixtures.webhooks import change, envelope, status_of

GROUP = "HZWn1tB0bEqXWQ9"
BO, CEM = "31687654321", "31687654322"


@pytest.fixture
def write_in_group(write_from):
    def written(phone: str = BO, text: str = "Wie fietst er mee?", name: str = "Bo", **more: Any) -> str:
        return write_from(phone, text, name=name, group_id=GROUP, **more)

    return written


@pytest.fixture
def tell_group(deliver, run_due, number):
    def told(field: str, **group: Any) -> None:
        group = {"group_id": GROUP, "timestamp": "1795000000"} | group
        deliver(envelope(number.waba_id, change(number, field=f"group_{field}_update", groups=[group])))
        run_due("inbound")

    return told


def test_a_group_and_the_thread_of_its_member_stay_apart(write_from, write_in_group, company, other_company, enter):
    write_from(BO, "Alleen voor jullie", name="Bo")
    write_in_group(BO, "Voor iedereen")
    write_in_group(CEM, "Ik!", name="Cem")

    with enter(company):
        group = Contact.objects.get(kind="group")
        assert (group.group_id, group.wa_id, group.bsuid) == (GROUP, None, None)
        said = Message.objects.filter(channel__contact=group).order_by("sequence")
        assert [(m.participant.name, m.body) for m in said] == [("Bo", "Voor iedereen"), ("Cem", "Ik!")]
        alone = Message.objects.get(channel__contact__wa_id=BO)
        assert (alone.body, alone.participant) == ("Alleen voor jullie", None)
        conversation = Conversation.objects.get(contact=group)
        assert (conversation.unread_count, conversation.last_message) == (2, said.last())
        assert not Channel.objects.filter(contact__wa_id=CEM).exists()
    with enter(other_company):
        assert not Contact.objects.exists()


def test_a_group_message_that_comes_twice_is_one(write_in_group, company, enter):
    wamid = write_in_group()
    write_in_group(wamid=wamid)

    with enter(company):
        assert Message.objects.count() == 1
        assert Conversation.objects.get().unread_count == 1


def test_stop_in_a_group_is_the_members_word(write_in_group, company, enter):
    write_in_group(BO, "Stop")

    with enter(company):
        assert Contact.objects.get(wa_id=BO).opted_out_at is not None
        group = Contact.objects.get(kind="group")
        assert group.opted_out_at is None
        items = thread.page(Channel.objects.get(contact=group)).items
        assert [item.names for item in items if item.row.pk and getattr(item.row, "kind", "") == "opted_out"] == [
            {str(Contact.objects.get(wa_id=BO).pk): "Bo"}
        ]


def test_what_happens_to_the_group_stands_in_its_thread_once(tell_group, write_in_group, company, enter):
    write_in_group(BO, "Hoi", name="Bo")
    for _ in range(2):
        tell_group("lifecycle", type="group_create", subject="Rit")
        tell_group("participants", type="group_participants_add", added_participants=[{"wa_id": BO}, {"input": CEM}])
        tell_group(
            "settings", type="group_settings_update", group_subject={"text": "Zondagrit"}, timestamp="1795000009"
        )
        tell_group("participants", type="group_participants_remove", removed_participants=[{"wa_id": CEM}])

    with enter(company):
        group = Contact.objects.get(kind="group")
        assert group.shown_name == "Zondagrit"
        assert [member.name for member in group_members(group)] == ["Bo"]
        kinds = ConversationEvent.objects.filter(kind="group_changed").values_list("data__change", flat=True)
        assert sorted(kinds) == ["create", "participants_add", "participants_remove", "settings_update"]
        assert Event.objects.filter(kind="group.changed").count() == 4


def test_an_older_name_of_a_group_does_not_win(tell_group, company, enter):
    tell_group("settings", type="group_settings_update", group_subject={"text": "Nieuw"}, timestamp="1795000009")
    tell_group("settings", type="group_settings_update", group_subject={"text": "Oud"}, timestamp="1795000001")

    with enter(company):
        assert Contact.objects.get().name == "Nieuw"


def test_a_group_is_delivered_when_everybody_has_it(
    write_in_group, tell_group, deliver, run_due, number, company, enter
):
    write_in_group(BO, "Hoi", name="Bo")
    tell_group("participants", type="group_participants_add", added_participants=[{"wa_id": BO}, {"wa_id": CEM}])
    with enter(company):
        row = Conversation.objects.get()
        message = outbox.queue_text(row, origin=outbox.Origin(), body="Zondag om tien")
        Message.objects.filter(pk=message.pk).update(status=MessageStatus.SENT, wamid="wamid.OURS")

    def told(status: str, who: str, **more: Any) -> MessageStatus:
        group = {"recipient_id": GROUP, "recipient_type": "group", "recipient_participant_id": who}
        deliver(envelope(number.waba_id, change(number, statuses=[status_of("wamid.OURS", status, **group, **more)])))
        run_due("inbound")
        with enter(company):
            return MessageStatus(Message.objects.get(pk=message.pk).status)

    assert told("read", BO) == MessageStatus.SENT
    assert told("failed", "31600000009", errors=[{"code": 131026, "title": "x"}]) == MessageStatus.SENT
    assert told("delivered", "31600000009") == MessageStatus.SENT
    assert told("delivered", CEM) == MessageStatus.DELIVERED
    assert told("delivered", CEM) == MessageStatus.DELIVERED
    with enter(company):
        facts = Event.objects.filter(kind="message.status", object_id=message.pk, data__status="delivered")
        assert len({fact.data["recipient"] for fact in facts}) == facts.count() == 2
        assert set(Message.objects.get(pk=message.pk).content["recipients"]) == {
            str(pk) for pk in Contact.objects.filter(wa_id__in=[BO, CEM, "31600000009"]).values_list("pk", flat=True)
        }


def test_a_group_that_is_gone_cannot_be_written_to(write_in_group, tell_group, company, enter):
    write_in_group()
    with enter(company):
        assert Contact.objects.get(kind="group").reachable
    tell_group("lifecycle", type="group_delete")

    with enter(company):
        assert not Contact.objects.get(kind="group").reachable


def test_an_answer_to_a_group_names_the_group(write_in_group, company, enter):
    sent = Envelope(Recipient(group_id=GROUP)).wrap("text", {"body": "x"})

    assert (sent["recipient_type"], sent["to"]) == ("group", GROUP)
    assert "recipient" not in sent


def test_edits_and_revocations_reach_messages_of_a_group(write_in_group, write_from, company, enter):
    wamid = write_in_group(BO, "Zondag?")
    nested = {"original_message_id": wamid, "message": {"type": "text", "text": {"body": "Zaterdag?"}}}
    write_in_group(BO, type="edit", edit=nested)

    with enter(company):
        assert Message.objects.get().body == "Zaterdag?"
    write_in_group(BO, type="revoke", revoke={"original_message_id": wamid})
    with enter(company):
        assert Message.objects.get().revoked_at is not None


def test_a_merged_member_keeps_what_it_wrote(write_in_group, write_from, company, enter):
    write_in_group(BO, "Hoi", name="Bo")
    write_from("NL.99999999999999999999", "Hallo", name="Bo")
    write_from(BO, "Ik ben het", name="Bo", from_user_id="NL.99999999999999999999")

    with enter(company):
        person = Contact.objects.get(wa_id=BO)
        assert person.bsuid == "NL.99999999999999999999"
        assert Message.objects.get(channel__contact__kind="group").participant == person


@pytest.mark.parametrize("name", ["message_text_in_group", "account_group_joined", "account_group_renamed"])
def test_every_way_a_group_comes_up_makes_it_once(name, deliver, run_due, company, number, enter):
    for _ in range(2):
        deliver(payload(name, number))
        run_due("inbound")

    assert set_aside(company) == []
    with enter(company):
        assert Contact.objects.filter(kind="group").count() == 1
        assert PhoneNumber.objects.count() == 1
