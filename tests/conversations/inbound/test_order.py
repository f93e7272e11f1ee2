"""Whatever order and however often things come: the same inbox in the end."""

from datetime import timedelta
from itertools import count, pairwise

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations.models import Contact, Conversation, InboxSettings, Message, WebhookCall
from conversations.services.handling import conversations
from conversations.status import MessageStatus
from tenants.accounts.models import User
from tests.conversations.inbound.snapshots import inbox_of, set_aside
from tests.fixtures import baseline
from tests.fixtures.webhooks import change, envelope, status_of, text_message

T = 1_795_000_000
PHONE, NEW_PHONE, BSUID = "31612345678", "31687654321", "NL.111"


def story(number):
    """A conversation in which everything happens that can be told in any order."""
    m = "wamid.STORY"
    person = {"contacts": [{"profile": {"name": "Ana"}, "wa_id": PHONE, "user_id": BSUID}]}

    def messages(*given, **more):
        return change(number, messages=list(given), **person, **more)

    edited = {"original_message_id": f"{m}1", "message": {"type": "text", "text": {"body": "Hallo!"}}}
    twice = {"original_message_id": f"{m}1", "message": {"type": "text", "text": {"body": "Hallo!!"}}}
    echo = {"from": "31201000001", "to": PHONE, "id": f"{m}E", "timestamp": str(T + 50), "type": "text"}
    liked = {"message_id": f"{m}E", "emoji": "👍"}
    who = {"phone": PHONE, "bsuid": BSUID}
    return [
        messages(text_message("Hallo", at=T, wamid=f"{m}1", **who)),
        messages(text_message("Is iemand daar?", at=T + 10, wamid=f"{m}2", phone=PHONE, bsuid=BSUID)),
        messages(text_message(at=T + 12, wamid=f"{m}3", type="edit", edit=edited, **who)),
        messages(text_message(at=T + 13, wamid=f"{m}4", type="edit", edit=twice, **who)),
        messages(text_message("Vergissing", at=T + 20, wamid=f"{m}5", **who)),
        messages(text_message(at=T + 21, wamid=f"{m}6", type="revoke", revoke={"original_message_id": f"{m}5"}, **who)),
        messages(text_message(at=T + 22, wamid=f"{m}7", type="reaction", reaction=liked, **who)),
        change(number, field="smb_message_echoes", message_echoes=[{**echo, "text": {"body": "Ja hoor"}}]),
        change(number, statuses=[status_of(f"{m}E", "delivered", at=T + 52)]),
        change(number, statuses=[status_of(f"{m}E", "read", at=T + 53)]),
        messages(text_message("STOP", at=T + 60, wamid=f"{m}8", **who)),
        change(
            number,
            field="user_preferences",
            user_preferences=[
                {
                    "wa_id": PHONE,
                    "user_id": BSUID,
                    "category": "marketing_messages",
                    "value": "resume",
                    "timestamp": T + 70,
                }
            ],
        ),
        messages(text_message("Nog iets", at=T + 80, wamid=f"{m}9", **who)),
    ]


_expected: list[dict] = []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(list(range(13))), cuts=st.sets(st.integers(1, 12), max_size=2), twice=st.booleans())
def test_any_order_and_any_number_of_times_gives_the_same_inbox(
    deliver, run_due, company, other_company, number, order, cuts, twice
):
    changes = story(number)
    if not _expected:
        _tell(deliver, run_due, number, changes, cuts=set())
        _expected.append(inbox_of(company))
    baseline.restore()

    _tell(deliver, run_due, number, [changes[place] for place in order], cuts=cuts)
    if twice:
        _tell(deliver, run_due, number, [changes[place] for place in reversed(order)], cuts=set())

    assert inbox_of(company) == _expected[0]
    assert set_aside(company) == []
    assert inbox_of(other_company)["messages"] == []


def _tell(deliver, run_due, number, changes, *, cuts):
    """Deliver the changes in several posts, applied in between."""
    for start, end in pairwise([0, *sorted(cuts), len(changes)]):
        assert deliver(envelope(number.waba_id, *changes[start:end])).status_code == 200
        run_due("inbound")


@pytest.mark.parametrize("first", ["change", "message"])
def test_a_new_number_leads_to_the_same_person_whatever_comes_first(deliver, run_due, company, number, enter, first):
    system = {"type": "user_changed_number", "wa_id": NEW_PHONE, "user_id": "NL.222", "previous_user_id": BSUID}
    news = change(
        number,
        messages=[{"type": "system", "from": PHONE, "id": "wamid.S", "timestamp": str(T + 100), "system": system}],
    )
    before = change(number, messages=[text_message("Oud nummer", at=T, phone=PHONE, bsuid=BSUID)])
    after = change(number, messages=[text_message("Nieuw nummer", at=T + 200, phone=NEW_PHONE, bsuid="NL.222")])
    for one in (news, before, after) if first == "change" else (after, before, news):
        deliver(envelope(number.waba_id, one))
        run_due("inbound")

    with enter(company):
        contact = Contact.objects.get(merged_into=None)
        assert (contact.wa_id, contact.bsuid) == (NEW_PHONE, "NL.222")
        assert Message.objects.filter(channel__contact=contact).count() == 2
        values = set(contact.identities.filter(valid_to=None).values_list("value", flat=True))
        assert values == {NEW_PHONE, "NL.222"}


def test_two_contacts_that_turn_out_to_be_one_are_merged(deliver, run_due, company, number, enter):
    for who in ({"phone": PHONE}, {"phone": None, "bsuid": BSUID}, {"phone": PHONE, "bsuid": BSUID}):
        deliver(envelope(number.waba_id, change(number, messages=[text_message("Ik", **who)])))
        run_due("inbound")

    with enter(company):
        contact = Contact.objects.get(merged_into=None)
        assert (contact.wa_id, contact.bsuid) == (PHONE, BSUID)
        assert Contact.objects.exclude(merged_into=None).get().merged_into == contact
        assert contact.channels.get().messages.count() == 3
        assert Conversation.objects.open().count() == 1
        assert contact.channels.get().events.filter(data__change="merged").exists()


def test_people_who_turn_out_to_be_one_within_a_post_are_merged(deliver, run_due, company, number, enter):
    who = [
        {"phone": "31600000001"},
        {"phone": PHONE},
        {"phone": None, "bsuid": BSUID},
        {"phone": PHONE, "bsuid": BSUID},
    ]
    changes = [change(number, messages=[text_message("Ik", **one)]) for one in [*who, {"phone": "31600000002"}]]

    deliver(envelope(number.waba_id, *changes))
    run_due("inbound")

    assert set_aside(company) == []
    with enter(company):
        assert Contact.objects.filter(merged_into=None).count() == 3
        contact = Contact.objects.get(wa_id=PHONE)
        assert contact.bsuid == BSUID
        assert contact.channels.get().messages.count() == 3


def test_a_known_number_is_never_overwritten_with_nothing(deliver, run_due, company, number, enter):
    for phone in (PHONE, None):
        deliver(envelope(number.waba_id, change(number, messages=[text_message("Ik", phone=phone, bsuid=BSUID)])))
        run_due("inbound")

    with enter(company):
        assert Contact.objects.get().wa_id == PHONE


def test_a_message_soon_after_closing_reopens_and_a_later_one_begins_anew(write_from, company, enter, agent):
    wamid = write_from(PHONE, "Eerste", at=timezone.now() - timedelta(hours=60))
    with enter(company):
        first = Message.objects.get(wamid=wamid).conversation
        _close(first, at=timezone.now() - timedelta(hours=50))

    write_from(PHONE, "Na elf uur", at=timezone.now() - timedelta(hours=39))
    with enter(company):
        first.refresh_from_db()
        assert first.status == "open"
        assert first.waiting_since is not None
        _close(first, at=timezone.now() - timedelta(hours=30))

    write_from(PHONE, "Na een dag en meer", at=timezone.now() - timedelta(hours=1))
    with enter(company):
        first.refresh_from_db()
        assert first.status == "closed"
        second = Conversation.objects.open().get()
        assert second.channel_id == first.channel_id
        assert second.messages.get().body == "Na een dag en meer"


def test_what_is_reopened_goes_to_who_answered_it_unless_she_left(write_from, company, enter, agent):
    for there in (True, False):
        write_from(PHONE, "Hallo")
        with enter(company):
            row = Conversation.objects.get()
            Conversation.objects.update(assignee=agent)
            conversations.close(row, by=agent)
            User.objects.filter(pk=agent.pk).update(is_active=there)
        write_from(PHONE, "Nog iets")
        with enter(company):
            row = Conversation.objects.get()
            assert (row.status, row.assignee_id) == ("open", agent.pk if there else None)
            conversations.close(row, by=agent)
            Conversation.objects.update(assignee=agent)
            assert conversations.reopen(row, by=agent).assignee_id == (agent.pk if there else None)


def test_the_company_decides_how_long_a_conversation_can_be_reopened(write_from, company, enter):
    write_from(PHONE, "Eerste", at=timezone.now() - timedelta(hours=5))
    with enter(company):
        InboxSettings.objects.create(reopen_hours=1)
        _close(Conversation.objects.get(), at=timezone.now() - timedelta(hours=2))

    write_from(PHONE, "Later")

    with enter(company):
        assert Conversation.objects.count() == 2


def test_a_message_that_comes_twice_does_not_reopen(write_from, deliver, run_due, company, number, enter):
    wamid = write_from(PHONE, "Eerste")
    with enter(company):
        _close(Conversation.objects.get(), at=timezone.now())

    deliver(envelope(number.waba_id, change(number, messages=[text_message("Eerste", wamid=wamid)])))
    run_due("inbound")

    with enter(company):
        assert Conversation.objects.get().status == "closed"


def test_a_poisonous_change_is_set_aside_and_the_rest_goes_on(deliver, run_due, company, other_company, number, enter):
    fine = [change(number, messages=[text_message(f"{n}", at=T + n)]) for n in range(6)]
    poison = change(number, messages=[text_message("Gif", wamid="w" * 200)])
    deliver(envelope(number.waba_id, *fine[:3], poison, *fine[3:]))

    run_due("inbound")

    with enter(company):
        assert [m.body for m in Message.objects.order_by("at")] == [str(n) for n in range(6)]
        call = WebhookCall.objects.exclude(error="").get()
        assert "DataError" in call.error
        assert "Gif" not in call.error
        assert "Gif" in call.body


def test_a_status_before_the_message_is_recorded_is_not_lost(write_from, deliver, run_due, company, number, enter):
    """The platform is quicker than our own record of its answer: our id in the status leads to the message."""
    write_from(PHONE, "Hallo?")
    with enter(company):
        ours = _sending(Conversation.objects.get())
    news = status_of("wamid.NEW", "delivered", at=T, biz_opaque_callback_data=f"msg:{ours.pk}")
    deliver(envelope(number.waba_id, change(number, statuses=[news])))
    run_due("inbound")

    with enter(company):
        ours.refresh_from_db()
        assert (ours.status, ours.wamid) == (MessageStatus.DELIVERED, "wamid.NEW")


def test_a_status_with_another_companys_message_id_changes_nothing(
    write_from, deliver, run_due, company, other_company, number, other_number, other_meta_app, enter
):
    write_from(PHONE, "Hallo?")
    with enter(company):
        ours = _sending(Conversation.objects.get())
    news = status_of("wamid.X", "read", biz_opaque_callback_data=f"msg:{ours.pk}")
    deliver(envelope(other_number.waba_id, change(other_number, statuses=[news])), app=other_meta_app)
    run_due("inbound")

    with enter(company):
        ours.refresh_from_db()
        assert (ours.status, ours.wamid) == (MessageStatus.SENDING, None)


def _close(conversation, *, at):
    Conversation.objects.filter(pk=conversation.pk).update(status="closed", closed_at=at, waiting_since=None)


_sequence = count(1)


def _sending(conversation):
    return Message.objects.create(
        conversation=conversation,
        channel_id=conversation.channel_id,
        phone_number_id=conversation.phone_number_id,
        direction="out",
        sender_kind="human",
        type="text",
        at=timezone.now(),
        sequence=next(_sequence),
        status=MessageStatus.SENDING,
    )
