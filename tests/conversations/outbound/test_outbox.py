"""What may be queued, what is found again instead, what can be taken back and sent once more."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from conversations.errors import (
    ConversationClosed,
    DelayInvalid,
    NoRecipient,
    NotRepeatable,
    NotUndoable,
    NumberCannotSend,
    TextInvalid,
    TokenReused,
    WindowClosed,
)
from conversations.models import Channel, Contact, Conversation, Direction, Message
from conversations.services.outbox import outbox
from conversations.status import MessageStatus
from tenants.context import inside
from tests.conversations.outbound.people import Outbound
from tests.fixtures.work import RunDue


@pytest.fixture(autouse=True)
def both(shop: Outbound, care: Outbound) -> None:
    """Two companies in every test."""


def test_a_text_within_the_window_waits_in_the_outbox_and_ends_the_waiting(shop: Outbound, care: Outbound) -> None:
    conversation = shop.conversation()

    message = shop.text(conversation, "  Hello  ")

    with inside(shop.company.schema_name):
        stored = Conversation.objects.get(pk=conversation.pk)
        assert (message.status, message.body) == (MessageStatus.QUEUED, "Hello")
        assert stored.waiting_since is None
        assert stored.last_message_id == message.pk
    with inside(care.company.schema_name):
        assert not Message.objects.exists()


def test_a_text_after_the_window_is_refused_and_not_stored(shop: Outbound) -> None:
    conversation = shop.conversation(wrote=timedelta(hours=24))

    with pytest.raises(WindowClosed):
        shop.text(conversation, "Too late")

    with inside(shop.company.schema_name):
        assert not Message.objects.filter(direction=Direction.OUTBOUND).exists()


@pytest.mark.parametrize("body", ["", "   ", "\n", "x" * 4097])
def test_a_text_without_signs_or_with_too_many_is_refused(shop: Outbound, body: str) -> None:
    with pytest.raises(TextInvalid):
        shop.text(shop.conversation(), body)


@pytest.mark.parametrize(
    ("body", "kept"),
    [("x" * 4096, "x" * 4096), ("a\x00b", "a\ufffdb"), ("a\ud800b", "a\ufffdb"), ("שלום 👋🏽 <b>", "שלום 👋🏽 <b>")],
)
def test_a_text_of_any_signs_is_kept(shop: Outbound, body: str, kept: str) -> None:
    assert shop.fresh(shop.text(shop.conversation(), body)).body == kept


def test_nothing_is_queued_for_a_stopped_number_a_closed_conversation_or_nobody(shop: Outbound) -> None:
    conversation = shop.conversation()

    shop.update(shop.number, state="stopped")
    with pytest.raises(NumberCannotSend):
        shop.text(conversation, "no")
    shop.update(shop.number, state="live")
    shop.update(conversation, status="closed")
    with pytest.raises(ConversationClosed):
        shop.text(conversation, "no")
    shop.update(conversation, status="open")
    shop.update(conversation.contact, wa_id=None, bsuid=None)
    with pytest.raises(NoRecipient):
        shop.text(conversation, "no")


def test_a_paused_number_keeps_taking_messages(shop: Outbound) -> None:
    conversation = shop.conversation()
    shop.update(shop.number, state="paused")

    assert shop.text(conversation, "for later").status == MessageStatus.QUEUED


def test_the_same_id_twice_is_one_message(shop: Outbound) -> None:
    conversation = shop.conversation()

    first = shop.text(conversation, "once", client_token="t1")
    second = shop.text(conversation, "once", client_token="t1")

    assert first.pk == second.pk


def test_the_same_id_for_another_text_or_person_is_refused(shop: Outbound) -> None:
    conversation, other = shop.conversation(), shop.conversation("ben")
    shop.text(conversation, "once", client_token="t1")

    with pytest.raises(TokenReused):
        shop.text(conversation, "something else", client_token="t1")
    with pytest.raises(TokenReused):
        shop.text(other, "once", client_token="t1")


def test_the_same_id_in_two_companies_is_two_messages(shop: Outbound, care: Outbound) -> None:
    first = shop.text(shop.conversation(), "hello", client_token="t1")
    second = care.text(care.conversation("cor"), "hello", client_token="t1")

    assert first.pk != second.pk


def test_two_tabs_at_the_same_moment_send_one_message(shop: Outbound) -> None:
    conversation = shop.conversation()
    made = _at_once(4, lambda _: shop.text(conversation, "hello", client_token="t1").pk)

    assert len(set(made)) == 1
    with inside(shop.company.schema_name):
        assert Message.objects.filter(direction=Direction.OUTBOUND).count() == 1


def test_texts_written_at_the_same_moment_have_one_order(shop: Outbound) -> None:
    conversation = shop.conversation()
    _at_once(4, lambda turn: shop.text(conversation, f"text {turn}").pk)

    with inside(shop.company.schema_name):
        sequences = list(Message.objects.filter(direction=Direction.OUTBOUND).values_list("sequence", flat=True))
    assert len(set(sequences)) == 4


def _at_once(count: int, work: Any) -> list[Any]:
    made: list[Any] = []
    ready = threading.Barrier(count)

    def run(turn: int) -> None:
        try:
            ready.wait(60)
            made.append(work(turn))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[turn]) for turn in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(made) == count
    return made


@pytest.mark.parametrize("delay", [timedelta(seconds=-1), timedelta(seconds=11)])
def test_the_undo_time_is_ten_seconds_at_most(shop: Outbound, delay: timedelta) -> None:
    with pytest.raises(DelayInvalid):
        shop.text(shop.conversation(), "hello", delay=delay)


def test_a_delayed_text_can_be_taken_back_and_then_never_leaves(shop: Outbound, run_due: RunDue) -> None:
    conversation = shop.conversation()
    message = shop.text(conversation, "Oops", delay=timedelta(seconds=10))
    run_due("outbound")

    with inside(shop.company.schema_name):
        assert outbox.undo(message, by=shop.agent) == "Oops"
    run_due("outbound")

    assert shop.received() == []
    with inside(shop.company.schema_name):
        stored = Conversation.objects.get(pk=conversation.pk)
        assert stored.waiting_since == conversation.waiting_since
        assert stored.last_direction == Direction.INBOUND


def test_what_has_left_or_is_somebody_elses_cannot_be_taken_back(
    shop: Outbound, second_agent: Any, run_due: RunDue
) -> None:
    conversation = shop.conversation()
    waiting = shop.text(conversation, "mine", delay=timedelta(seconds=9))
    with inside(shop.company.schema_name), pytest.raises(NotUndoable):
        outbox.undo(waiting, by=second_agent)
    gone = shop.text(shop.conversation("ben"), "gone")
    run_due("outbound")

    with inside(shop.company.schema_name):
        with pytest.raises(NotUndoable):
            outbox.undo(gone, by=shop.agent)
        outbox.undo(waiting, by=shop.agent)
        with pytest.raises(NotUndoable):
            outbox.undo(waiting, by=shop.agent)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_taking_back_two_answers_in_any_order_lets_the_person_wait_since_the_first_question(
    shop: Outbound, order: tuple[int, int]
) -> None:
    conversation = shop.conversation()
    answers = [shop.text(conversation, text, delay=timedelta(seconds=9)) for text in ("one", "two")]

    waiting = []
    with inside(shop.company.schema_name):
        for turn in order:
            outbox.undo(answers[turn], by=shop.agent)
            waiting.append(Conversation.objects.get(pk=conversation.pk).waiting_since)

    assert waiting == [None, conversation.waiting_since]


def test_a_question_that_came_after_the_answer_still_waits_when_the_second_answer_is_taken_back(
    shop: Outbound,
) -> None:
    conversation = shop.conversation()
    shop.text(conversation, "first answer")
    asked = shop.wrote(conversation, at=timezone.now().replace(microsecond=0))
    second = shop.text(conversation, "second answer", delay=timedelta(seconds=9))

    with inside(shop.company.schema_name):
        outbox.undo(second, by=shop.agent)
        assert Conversation.objects.get(pk=conversation.pk).waiting_since == asked.at


def test_what_a_machine_sends_does_not_end_the_waiting(shop: Outbound) -> None:
    conversation = shop.conversation()

    shop.text(conversation, "We are closed.", sender_kind="rule_bot", priority=Message.Priority.AUTOMATION)

    with inside(shop.company.schema_name):
        assert Conversation.objects.get(pk=conversation.pk).waiting_since == conversation.waiting_since
        assert Channel.objects.get(pk=conversation.channel_id).receipt_wamid == ""


def test_a_reaction_needs_an_emoji_and_a_message_of_this_thread(shop: Outbound) -> None:
    conversation, other = shop.conversation(), shop.conversation("ben")
    with inside(shop.company.schema_name):
        target = Message.objects.get(conversation=conversation)
        foreign = Message.objects.get(conversation=other)
        for emoji, message in (("ok", target), ("👍", foreign)):
            with pytest.raises(TextInvalid):
                outbox.queue_reaction(conversation, origin=shop.origin(), target=message, emoji=emoji)
        queued = outbox.queue_reaction(conversation, origin=shop.origin(), target=target, emoji="👍")

    assert queued.content == {"message_id": target.wamid, "emoji": "👍"}


def test_a_failed_message_is_sent_again_once_and_leads_to_the_first(shop: Outbound, run_due: RunDue) -> None:
    shop.simulator.fault(kind="refuse", code=131063, count=1)
    message = shop.text(shop.conversation(), "Please take this")
    run_due("outbound")
    assert shop.fresh(message).status == MessageStatus.FAILED

    with inside(shop.company.schema_name):
        copy = outbox.send_again(shop.fresh(message), by=shop.agent)
        same = outbox.send_again(shop.fresh(message), by=shop.agent)
    run_due("outbound")

    assert copy.pk == same.pk
    assert copy.content["again_of"] == str(message.pk)
    assert shop.bodies() == ["Please take this"]
    assert shop.fresh(message).status == MessageStatus.FAILED


def test_what_the_platform_would_refuse_again_is_not_sent_again(shop: Outbound, run_due: RunDue) -> None:
    shop.simulator.fault(kind="refuse", code=131026, count=1)
    message = shop.text(shop.conversation(), "Hello")
    run_due("outbound")

    with inside(shop.company.schema_name), pytest.raises(NotRepeatable):
        outbox.send_again(shop.fresh(message), by=shop.agent)


def test_an_unknown_message_may_be_sent_again_only_after_it_had_time_to_settle(shop: Outbound, run_due: RunDue) -> None:
    shop.simulator.post("options", statuses=False)
    shop.simulator.fault(kind="drop_after_accept", count=1)
    message = shop.text(shop.conversation(), "Did it arrive?")
    run_due("outbound")
    assert shop.fresh(message).status == MessageStatus.UNKNOWN

    with inside(shop.company.schema_name):
        with pytest.raises(NotRepeatable):
            outbox.send_again(shop.fresh(message), by=shop.agent)
        shop.update(message, sending_at=timezone.now() - timedelta(minutes=11))
        copy = outbox.send_again(shop.fresh(message), by=shop.agent)

    assert copy.body == "Did it arrive?"


def test_a_restored_contact_is_written_to_by_whichever_address_is_known(shop: Outbound, run_due: RunDue) -> None:
    conversation = shop.conversation()
    with inside(shop.company.schema_name):
        bsuid = Contact.objects.get(pk=conversation.contact_id).bsuid
    shop.update(conversation.contact, wa_id=None)

    shop.text(conversation, "Without a number")
    run_due("outbound")

    [sent] = shop.received()
    assert sent["payload"]["recipient"] == bsuid
    assert "to" not in sent["payload"]
