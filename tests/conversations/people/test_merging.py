"""Two contacts become one and two again: what moved is recorded, and undoing gives each back what was theirs."""

import pytest

from conversations.models import Channel, ConsentRecord, Contact, ContactIdentity, ContactMerge, Conversation, Message
from conversations.services.contacts import contact_merges
from tenants.accounts.models import AuditEntry
from tests.fixtures.webhooks import change, envelope, text_message

PHONE, BSUID = "31612345678", "NL.1349120865530274"
OTHER = "31687654321"
T = 1_795_000_000


@pytest.fixture
def two(deliver, run_due, company, number, enter):
    """Somebody known by number who wrote twice, and somebody known by id who wrote once and gave consent."""
    for at, body, who in (
        (T, "Met nummer", {"phone": PHONE}),
        (T + 60, "Nog iets", {"phone": PHONE}),
        (T + 120, "Zonder nummer", {"phone": None, "bsuid": BSUID}),
    ):
        deliver(envelope(number.waba_id, change(number, messages=[text_message(body, at=at, **who)])))
    run_due("inbound")
    with enter(company):
        by_phone, by_id = Contact.objects.get(wa_id=PHONE), Contact.objects.get(bsuid=BSUID)
        ConsentRecord.objects.create(
            contact=by_id, event="given", source="form", occurred_at=by_id.created_at, text="Ja graag"
        )
    return by_phone, by_id


def snapshot():
    """Who has what: messages, conversations, consents and current identities of every contact."""
    return {
        str(contact.pk): (
            sorted(Message.objects.filter(channel__contact=contact).values_list("body", flat=True)),
            sorted(Conversation.objects.filter(contact=contact).values_list("status", "close_reason")),
            contact.consents.count(),
            sorted(ContactIdentity.objects.filter(contact=contact, valid_to=None).values_list("kind", "value")),
            (contact.wa_id, contact.bsuid, contact.merged_into_id),
        )
        for contact in Contact.objects.order_by("pk")
    }


def test_a_merge_by_the_platform_is_recorded_and_can_be_undone(
    two, deliver, run_due, company, other_company, number, enter, supervisor
):
    by_phone, by_id = two
    with enter(company):
        before = snapshot()
    both = text_message("Ik ben het", at=T + 180, phone=PHONE, bsuid=BSUID)
    deliver(envelope(number.waba_id, change(number, messages=[both])))
    run_due("inbound")

    with enter(company):
        done = ContactMerge.objects.get()
        assert (done.kept_id, done.other_id, done.reason, done.actor_id) == (
            by_phone.pk, by_id.pk, "same_person", None,
        )  # fmt: skip
        assert Message.objects.filter(channel__contact=by_phone).count() == 4

        back = contact_merges.undo(done.pk, by=supervisor)

        assert back.pk == by_id.pk
        after = snapshot()
        assert after[str(by_phone.pk)] == before[str(by_phone.pk)]
        bodies, *rest = after[str(by_id.pk)]
        assert bodies == ["Ik ben het", "Zonder nummer"]  # written into the conversation that goes back
        assert rest == list(before[str(by_id.pk)][1:])
        assert Conversation.objects.open().count() == 2
        assert AuditEntry.objects.filter(action="contact.unmerged").count() == 1
    with enter(other_company):
        assert not ContactMerge.objects.exists()


def test_a_merge_by_hand_names_who_and_why(two, company, enter, supervisor):
    by_phone, by_id = two
    with enter(company):
        contact_merges.merge_by_hand(by_phone, by_id, by=supervisor, reason="Belde zelf op")
        done = ContactMerge.objects.get()
        entry = AuditEntry.objects.get(action="contact.merged")
    assert (done.reason, done.actor_id) == ("by_hand", supervisor.pk)
    assert (entry.reason, entry.actor_id, entry.details) == ("Belde zelf op", supervisor.pk, {"other": str(by_id.pk)})


def test_what_is_written_after_a_merge_stays_where_it_was_written(
    two, deliver, run_due, company, number, enter, supervisor
):
    by_phone, by_id = two
    with enter(company):
        contact_merges.merge_by_hand(by_phone, by_id, by=supervisor, reason="x")
        done = ContactMerge.objects.get()
    later = text_message("Later", at=T + 600, phone=PHONE)
    deliver(envelope(number.waba_id, change(number, messages=[later])))
    run_due("inbound")

    with enter(company):
        contact_merges.undo(done.pk, by=supervisor)
        owners = dict(Message.objects.values_list("body", "channel__contact"))
        assert len(owners) == 4
        pairs = Channel.objects.filter(contact__in=(by_phone, by_id)).count()
        assert pairs == 2
        for spell in Conversation.objects.all():
            assert spell.channel.contact_id == spell.contact_id
            assert set(spell.messages.values_list("channel", flat=True)) == {spell.channel_id}


def test_a_merge_is_undone_once_and_the_latest_first(two, company, enter, supervisor):
    by_phone, by_id = two
    with enter(company):
        third = Contact.objects.create(name="Derde", wa_id=OTHER)
        contact_merges.merge_by_hand(by_id, third, by=supervisor, reason="x")
        first = ContactMerge.objects.get()
        contact_merges.merge_by_hand(by_phone, by_id, by=supervisor, reason="x")
        second = ContactMerge.objects.exclude(pk=first.pk).get()

        with pytest.raises(contact_merges.NotUndoableAnyMore):
            contact_merges.undo(first.pk, by=supervisor)
        contact_merges.undo(second.pk, by=supervisor)
        contact_merges.undo(first.pk, by=supervisor)
        with pytest.raises(contact_merges.NotUndoableAnyMore):
            contact_merges.undo(first.pk, by=supervisor)
        third.refresh_from_db()
        assert (third.wa_id, third.merged_into_id) == (OTHER, None)


def test_only_two_different_people_are_merged(two, company, enter, supervisor):
    by_phone, _by_id = two
    with enter(company):
        group = Contact.objects.create(kind=Contact.Kind.GROUP, group_id="G1", name="Fietsclub")
        with pytest.raises(contact_merges.SamePerson):
            contact_merges.merge_by_hand(by_phone, by_phone, by=supervisor, reason="x")
        with pytest.raises(contact_merges.NotMergeable):
            contact_merges.merge_by_hand(by_phone, group, by=supervisor, reason="x")
        assert not ContactMerge.objects.exists()
