"""A group looks like one: marked in the queue, with the member's name on each bubble, not by colour alone."""

from django.test import Client
from django.utils import timezone

from conversations.models import Channel, Contact, ConversationEvent, PhoneNumber
from tests.conversations.inbox.conftest import HX, Inbox


def test_members_are_named_on_bubbles_reactions_and_in_the_queue(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation("Zondagrit")
    with inbox.inside():
        Contact.objects.filter(pk=row.contact_id).update(kind="group", group_id="g1", wa_id=None)
        bo, cem = (Contact.objects.create(name=name, wa_id=f"3168765432{n}") for n, name in enumerate(["Bo", "Cem"]))
    asked = inbox.message(row, body="Wie gaat mee?", participant=bo)
    inbox.message(row, type="reaction", quoted_wamid=asked.wamid, content={"emoji": "🚲"}, participant=cem)
    inbox.message(row, body="Ik!", participant=cem, quoted_wamid=asked.wamid)

    shown = as_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode()
    queue = as_agent.get("/inbox/").content.decode()

    assert shown.count(">Bo</span>") == 1 and ">Cem</span>" in shown
    assert 'title="Cem">🚲' in shown
    assert "<strong>Bo</strong>" in shown
    assert "Cem: Ik!" in queue
    assert 'data-kind="group"' in queue


def test_a_line_says_who_joined(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation("Zondagrit")
    with inbox.inside():
        bo = Contact.objects.create(name="Bo", wa_id="31687654321")
        ConversationEvent.objects.create(
            channel=row.channel,
            conversation=row,
            kind="group_changed",
            at=timezone.now(),
            data={"change": "participants_add", "joined": [str(bo.pk), "gone", 7], "subject": "<b>"},
        )

    assert "Bo joined" in as_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode()


def test_queries_of_a_group_do_not_grow_with_its_members(as_agent: Client, inbox: Inbox, count_queries) -> None:
    row = inbox.conversation("Zondagrit")
    with inbox.inside():
        Contact.objects.filter(pk=row.contact_id).update(kind="group", group_id="g1", wa_id=None)

    def members(count: int, start: int) -> None:
        for n in range(start, start + count):
            with inbox.inside():
                member = Contact.objects.create(name=f"M{n}", wa_id=f"316876500{n:02d}")
                ConversationEvent.objects.create(
                    channel=Channel.objects.get(pk=row.channel_id),
                    conversation=row,
                    kind="group_changed",
                    at=timezone.now(),
                    data={"change": "participants_add", "joined": [str(member.pk)]},
                )
            inbox.message(row, body="x", participant=member)
            ours = inbox.message(row, direction="out", body="y", content={"recipients": {str(member.pk): {}}})
            inbox.message(row, type="reaction", quoted_wamid=ours.wamid, content={"emoji": "👍"}, participant=member)

    members(1, 0)
    with inbox.inside():
        assert PhoneNumber.objects.count() == 1
    as_agent.get(f"/inbox/{row.pk}/", headers=HX)
    with count_queries() as few:
        as_agent.get(f"/inbox/{row.pk}/", headers=HX)
    members(5, 1)
    with count_queries() as many:
        as_agent.get(f"/inbox/{row.pk}/", headers=HX)

    assert len(many) == len(few)
