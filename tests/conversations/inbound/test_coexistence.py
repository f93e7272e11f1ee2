"""A number shared with the phone app: its past, its address book, and what its owner answers there."""

import os
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.integrations.models import Event
from conversations.models import (
    Channel,
    Contact,
    Conversation,
    ConversationEvent,
    MediaFile,
    Message,
    NumberSync,
    WebhookCall,
)
from conversations.services.handling import conversations
from conversations.services.inbound import draining
from conversations.status import MessageStatus
from tests.conversations.inbound.snapshots import set_aside
from tests.fixtures.webhooks import change, envelope

ANA, BO = "31612345678", "31687654321"
PAST = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def hand_over(deliver, run_due, number):
    """``hand_over(threads, phase=…, progress=…)``: one chunk of history arrives."""

    def handed(threads: dict[str, list[dict[str, Any]]], *, apply: bool = True, **metadata: Any) -> None:
        listed = [{"id": phone, "messages": messages} for phone, messages in threads.items()]
        chunk = {"metadata": {"phase": 0, "chunk_order": 1, "progress": 10} | metadata, "threads": listed}
        deliver(envelope(number.waba_id, change(number, field="history", history=[chunk])))
        if apply:
            run_due("inbound")

    return handed


@pytest.fixture
def ours(number) -> str:
    return number.display_number.lstrip("+")


def past(wamid: str, sender: str, *, minutes: int = 0, status: str = "READ", **more: Any) -> dict[str, Any]:
    at = int((PAST + timedelta(minutes=minutes)).timestamp())
    said = {"id": wamid, "from": sender, "timestamp": str(at), "history_context": {"status": status}}
    return said | ({"type": "text", "text": {"body": wamid}} | more)


def sync(number, kind: str, **more: Any) -> NumberSync:
    given = {"legal_basis": "contract: customers", "asked_at": timezone.now()} | more
    return NumberSync.objects.create(phone_number=number, kind=kind, **given)


def test_the_past_comes_as_one_closed_conversation_that_waits_for_nobody(
    hand_over, ours, company, other_company, number, enter
):
    with enter(company):
        sync(number, "history")
    hand_over({ANA: [past("h1", ANA), past("h2", ours, minutes=1), past("h3", ANA, minutes=2)], BO: [past("h4", BO)]})

    with enter(company):
        spell = Conversation.objects.get(contact__wa_id=ANA)
        assert (spell.status, spell.close_reason, spell.unread_count) == ("closed", "imported", 0)
        assert (spell.waiting_since, spell.opened_at) == (None, PAST)
        assert spell.closed_at == spell.last_message_at == PAST + timedelta(minutes=2)
        assert spell.last_message.wamid == "h3"
        assert Channel.objects.exclude(last_inbound_at=None).count() == 0
        said = Message.objects.filter(conversation=spell).order_by("at", "sequence", "id")
        assert [(m.wamid, m.direction, m.sender_kind) for m in said] == [
            ("h1", "in", "contact"),
            ("h2", "out", "phone_app"),
            ("h3", "in", "contact"),
        ]
        assert [m.status for m in said] == [MessageStatus.RECEIVED, MessageStatus.READ, MessageStatus.RECEIVED]
        assert all(m.created_at == m.at and m.received_at is None for m in said)
        assert [fact.kind for fact in Event.objects.all()] == ["history.taken_in"]
        assert Event.objects.get().data["messages"] == 4
        assert ConversationEvent.objects.get(conversation=spell).at == spell.closed_at
    with enter(other_company):
        assert not Message.objects.exists()


def test_chunks_in_any_order_and_twice_leave_the_same(hand_over, ours, company, number, enter):
    with enter(company):
        sync(number, "history")
    newer = {ANA: [past("h3", ANA, minutes=50), past("h4", ours, minutes=60)]}
    older = {ANA: [past("h1", ANA), past("h2", ours, minutes=10), past("h3", ANA, minutes=50)]}
    for chunk, progress in ((newer, 100), (older, 40), (newer, 100), (older, 40)):
        hand_over(chunk, progress=progress)

    with enter(company):
        spell = Conversation.objects.get()
        assert list(Message.objects.order_by("at").values_list("wamid", flat=True)) == ["h1", "h2", "h3", "h4"]
        assert (spell.opened_at, spell.closed_at) == (PAST, PAST + timedelta(minutes=60))
        assert spell.last_message.wamid == "h4"
        assert ConversationEvent.objects.get().at == spell.closed_at
        told = NumberSync.objects.get()
        assert (told.state, told.progress, told.taken_in) == ("done", 100, 4)


def test_a_new_message_begins_a_conversation_of_its_own(hand_over, write_from, company, enter):
    moment = timezone.now() - timedelta(minutes=5)
    hand_over({ANA: [past("h1", ANA, timestamp=str(int(moment.timestamp())))]})
    write_from(ANA, "Nu")

    with enter(company):
        held, live = Conversation.objects.order_by("opened_at")
        assert (held.status, held.close_reason) == ("closed", "imported")
        assert (live.status, live.unread_count) == ("open", 1)
        conversations.close(live, by=None)
        assert conversations.live_of(live.channel) == live


def test_writing_first_to_somebody_of_the_past_begins_a_conversation(hand_over, company, enter):
    hand_over({ANA: [past("h1", ANA, timestamp=str(int(timezone.now().timestamp()) - 60))]})

    with enter(company):
        begun = conversations.live_of(Channel.objects.get())
        assert begun != Conversation.objects.get(close_reason="imported")


def test_thousands_of_messages_cost_few_statements(hand_over, ours, company, number, enter):
    threads = {
        f"3161{n:07d}": [past(f"t{n}.{m}", ours if m % 2 else f"3161{n:07d}", minutes=m) for m in range(25)]
        for n in range(120)
    }
    hand_over(threads, apply=False)

    with enter(company), CaptureQueriesContext(connection) as captured:
        draining.drain()

    with enter(company):
        assert Message.objects.count() == 3000
        assert Contact.objects.count() == Conversation.objects.count() == 120
    assert len(captured) < 60


def test_files_take_the_place_kept_for_them_whichever_comes_first(
    hand_over, deliver, run_due, number, ours, company, enter
):
    def file_of(wamid: str, sender: str) -> None:
        image = {"id": f"9{wamid[-1]}", "mime_type": "image/jpeg", "sha256": "x", "caption": "Kijk"}
        message = {"id": wamid, "from": sender, "timestamp": "1795000000", "type": "image", "image": image}
        deliver(envelope(number.waba_id, change(number, field="history", messages=[message])))
        run_due("inbound")

    placeholder = {"type": "media_placeholder"}
    file_of("h1", ANA)
    with enter(company):
        assert not Message.objects.exists()
        assert not Conversation.objects.exists()
    hand_over({ANA: [past("h1", ANA, **placeholder), past("h2", ours, **placeholder), past("h3", ANA, **placeholder)]})
    for _ in range(2):
        file_of("h2", ours)
    run_due("inbound")

    with enter(company):
        found = Message.objects.order_by("wamid").values_list(
            "wamid", "type", "body", "direction", "media__platform_id"
        )
        assert list(found) == [
            ("h1", "image", "Kijk", "in", "91"),
            ("h2", "image", "Kijk", "out", "92"),
            ("h3", "media_placeholder", "", "in", None),
        ]
        assert MediaFile.objects.count() == 2
        assert Channel.objects.get().last_inbound_at is None
    assert set_aside(company) == []


def test_an_owner_who_keeps_the_past_is_told(deliver, run_due, company, number, enter):
    with enter(company):
        sync(number, "history")
    errors = [{"code": 2593109, "title": "History sync is turned off by the business"}]
    deliver(envelope(number.waba_id, change(number, field="history", history=[{"errors": errors}])))
    run_due("inbound")

    with enter(company):
        told = NumberSync.objects.get()
        assert (told.state, told.error_code, told.taken_in) == ("refused", 2593109, 0)


def entry(name: str | None, phone: str = BO, *, action: str = "add", at: int = 1_795_000_000) -> dict[str, Any]:
    contact = {"phone_number": f"+{phone}"} | ({"full_name": name} if name else {})
    return {"type": "contact", "contact": contact, "action": action, "metadata": {"timestamp": str(at)}}


@pytest.fixture
def address_book(deliver, run_due, number):
    def told(*entries: dict[str, Any]) -> None:
        deliver(envelope(number.waba_id, change(number, field="smb_app_state_sync", state_sync=list(entries))))
        run_due("inbound")

    return told


@pytest.mark.parametrize("basis", [None, ""])
def test_the_address_book_waits_in_the_journal_for_a_ground(basis, address_book, run_due, company, number, enter):
    if basis is not None:
        with enter(company):
            sync(number, "contacts", legal_basis=basis)
    address_book(entry("Bo de Wit"))

    with enter(company):
        assert not Contact.objects.exists()
        assert WebhookCall.objects.get().error.startswith("waits:basis:")
        NumberSync.objects.all().delete()
        sync(number, "contacts")
    address_book(entry("Cem", "31687654322"))
    run_due("inbound")

    with enter(company):
        assert sorted(Contact.objects.values_list("given_name", flat=True)) == ["Bo de Wit", "Cem"]
        assert NumberSync.objects.get().taken_in == 2
        assert not WebhookCall.objects.exclude(error="").exists()


def test_names_of_the_address_book_never_beat_ours_and_follow_time(address_book, company, number, enter):
    with enter(company):
        sync(number, "contacts")
        Contact.objects.create(wa_id=ANA, given_name="Mevrouw Visser")
    address_book(entry("Ana werk", ANA), entry("Bo"), entry("Bo de Wit", at=1_795_000_100))
    address_book(entry("Bo oud", at=1_794_000_000))

    with enter(company):
        names = dict(Contact.objects.values_list("wa_id", "given_name"))
        assert names == {ANA: "Mevrouw Visser", BO: "Bo de Wit"}
        assert Contact.objects.get(wa_id=BO).last_message_at is None


def test_removing_an_entry_on_the_phone_deletes_nobody_here(address_book, company, number, enter):
    with enter(company):
        sync(number, "contacts")
    address_book(entry("Bo"), entry(None, "31687654399", action="remove"))
    address_book(entry(None, action="remove", at=1_795_000_100))

    with enter(company):
        assert Contact.objects.get().given_name == "Bo"


def test_what_the_owner_answers_on_the_phone_is_shown_as_such(deliver, run_due, write_from, number, company, enter):
    write_from(ANA, "Is het klaar?")
    echo = {"from": number.display_number, "to": ANA, "id": "e1", "timestamp": str(int(timezone.now().timestamp()))}
    echo |= {"type": "text", "text": {"body": "Ja"}}
    deliver(envelope(number.waba_id, change(number, field="smb_message_echoes", message_echoes=[echo])))
    run_due("inbound")

    with enter(company):
        answer = Message.objects.get(wamid="e1")
        assert (answer.direction, answer.sender_kind, answer.status) == ("out", "phone_app", MessageStatus.SENT)
        assert Conversation.objects.get().waiting_since is None


def test_changes_of_megabytes_are_taken_a_few_at_a_time(deliver, number, company, enter):
    for _ in range(3):
        junk = b64encode(os.urandom(1_600_000)).decode()
        deliver(envelope(number.waba_id, change(number, field="tracking_events", junk=junk)))

    with enter(company):
        assert [draining.next_batch(), draining.next_batch(), draining.next_batch()] == [2, 1, 0]
