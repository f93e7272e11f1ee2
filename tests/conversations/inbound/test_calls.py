"""A call is one line in the thread, whatever was told of it in what order; it opens the window and raises the hand."""

from itertools import permutations
from typing import Any

import pytest

from conversations.looks import calls
from conversations.models import Channel, Conversation, ConversationEvent
from tests.fixtures.webhooks import change, envelope

ANA = "31612345678"
AT = 1_795_000_000


@pytest.fixture
def tell(deliver, run_due, number):
    def told(*events: dict[str, Any], field: str = "calls") -> None:
        for event in events:
            call = {
                "id": "wacid.A",
                "from": ANA,
                "to": "x",
                "direction": "USER_INITIATED",
                "timestamp": str(AT),
            } | event
            deliver(envelope(number.waba_id, change(number, field="calls", **{field: [call]})))
            run_due("inbound")

    return told


RINGS = {"event": "connect"}
MISSED = {"event": "terminate", "status": "FAILED", "timestamp": str(AT + 20)}
SPOKE = {"event": "terminate", "status": ["COMPLETED"], "duration": 42, "timestamp": str(AT + 60)}


@pytest.mark.parametrize("events", list(permutations([RINGS, MISSED])))
def test_a_missed_call_raises_the_conversation_and_opens_the_window(events, tell, company, other_company, enter):
    tell(*events, *events)

    with enter(company):
        line = ConversationEvent.objects.get(kind="call")
        assert calls.call_of(line.data).state == "missed"
        row = Conversation.objects.get()
        assert (row.status, row.unread_count) == ("open", 1)
        assert row.waiting_since is not None
        assert Channel.objects.get().last_inbound_at is not None
    with enter(other_company):
        assert not ConversationEvent.objects.exists()


@pytest.mark.parametrize("events", list(permutations([RINGS, SPOKE])))
def test_who_spoke_to_somebody_waits_no_longer(events, tell, company, enter):
    tell(*events)

    with enter(company):
        call = calls.call_of(ConversationEvent.objects.get(kind="call").data)
        assert (call.state, call.length) == ("answered", "0:42")
        row = Conversation.objects.get()
        assert (row.waiting_since, row.unread_count) == (None, 0)
        assert Channel.objects.get().last_inbound_at is not None


def test_what_was_written_during_the_call_still_waits(tell, write_from, company, enter):
    tell(RINGS)
    write_from(ANA, "Ik sta voor de deur", at=AT + 30)
    tell(SPOKE)

    with enter(company):
        row = Conversation.objects.get()
        assert int(row.waiting_since.timestamp()) == AT + 30
        assert row.unread_count == 1


def test_our_own_call_raises_nothing(tell, company, enter):
    ours = {"direction": "BUSINESS_INITIATED", "from": "x", "to": ANA}
    tell({"type": "call", "status": "RINGING", "recipient_id": ANA}, field="statuses")
    tell({**ours, **SPOKE})

    with enter(company):
        call = calls.call_of(ConversationEvent.objects.get(kind="call").data)
        assert (call.state, call.inbound) == ("answered", False)
        assert Conversation.objects.get().unread_count == 0
        assert Channel.objects.get().last_inbound_at is None
