"""What is queued leaves once, in order, and what came of it is written down."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.integrations.models import Event
from conversations.models import Conversation, Direction, Message, PhoneNumber
from conversations.services.outbox import outbox
from conversations.status import MessageStatus
from tenants import work
from tenants.context import inside
from tenants.models import MetaApp
from tests.conversations.outbound.people import Outbound, send_until_quiet
from tests.fixtures.work import RunDue


def test_a_queued_text_leaves_once_and_is_recorded_as_accepted(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    conversation = shop.conversation()
    message = shop.text(conversation, "Your bike is ready.")

    run_due("outbound")

    [sent] = shop.received()
    assert sent["content"]["text"]["body"] == "Your bike is ready."
    assert sent["biz_opaque_callback_data"] == f"msg:{message.pk}"
    stored = shop.fresh(message)
    assert stored.status == MessageStatus.ACCEPTED
    assert stored.wamid == sent["wamid"]
    assert stored.claimed_at and stored.sending_at and stored.accepted_at
    assert care.received() == []
    with inside(shop.company.schema_name):
        assert Event.objects.get(kind="message.status", object_id=message.pk).data == {"status": "accepted"}
        assert Conversation.objects.get(pk=conversation.pk).version > conversation.version
        assert PhoneNumber.objects.get().sender_until is None
    with inside(care.company.schema_name):
        assert not Event.objects.exists()


def test_both_companies_send_from_their_own_numbers(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    shop.text(shop.conversation("ana"), "from the shop")
    care.text(care.conversation("cor"), "from the carers")

    run_due("outbound")

    assert shop.bodies() == ["from the shop"]
    assert care.bodies() == ["from the carers"]


def test_texts_to_one_person_leave_in_the_order_they_were_written(
    shop: Outbound, care: Outbound, run_due: RunDue
) -> None:
    shop.simulator.post("options", latency_ms=50)
    conversation, other = shop.conversation(), shop.conversation("ben")
    for turn in range(8):
        shop.text(conversation, f"ana {turn}")
        shop.text(other, f"ben {turn}")

    send_until_quiet(shop, run_due)

    assert shop.bodies(person="ana") == [f"ana {turn}" for turn in range(8)]
    assert shop.bodies(person="ben") == [f"ben {turn}" for turn in range(8)]


def test_replies_leave_before_broadcasts(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    shop.update(shop.number, messages_per_second=2)  # claims one at a time
    crowd = [shop.conversation(f"person{turn}") for turn in range(3)]
    for turn, conversation in enumerate(crowd):
        shop.text(conversation, f"news {turn}", priority=Message.Priority.BROADCAST, sender_kind="rule_bot")
    shop.text(shop.conversation(), "reply")

    send_until_quiet(shop, run_due)

    assert shop.bodies()[0] == "reply"


def test_a_reply_pulls_the_broadcast_before_it_along(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    shop.update(shop.number, messages_per_second=2)
    for turn in range(3):
        news = shop.conversation(f"person{turn}")
        shop.text(news, f"news {turn}", priority=Message.Priority.BROADCAST, sender_kind="rule_bot")
    shop.text(news, "reply")

    send_until_quiet(shop, run_due)

    left = shop.bodies()
    assert left[0] == "news 2"
    assert left.index("reply") < left.index("news 1")


def test_a_refusal_fails_the_message_with_its_reason(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    shop.simulator.fault(kind="refuse", code=131026, count=1)
    message = shop.text(shop.conversation(), "Hello")

    run_due("outbound")

    stored = shop.fresh(message)
    assert (stored.status, stored.error_code) == (MessageStatus.FAILED, 131026)
    assert stored.failed_at
    assert shop.received() == []
    with inside(shop.company.schema_name):
        [fact] = Event.objects.filter(kind="message.status")
        assert fact.data == {"status": "failed", "error_code": 131026}


def test_a_window_that_closed_while_waiting_says_so(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    conversation = shop.conversation()
    message = shop.text(conversation, "Hello")
    shop.update(conversation.channel, last_inbound_at=timezone.now() - timedelta(hours=24))

    run_due("outbound")

    stored = shop.fresh(message)
    assert (stored.status, stored.refusal) == (MessageStatus.FAILED, "window_closed")
    assert shop.received() == []


def test_a_dead_token_stops_only_its_number_and_the_queue_leaves_once_in_order_after_the_reconnect(
    shop: Outbound, care: Outbound, run_due: RunDue
) -> None:
    first, second, late = shop.conversation("ana"), shop.conversation("ben"), shop.conversation("dirk")
    shop.simulator.post(f"tokens/{shop.number.waba_id}/revoke")
    for turn in range(3):
        shop.text(first, f"ana {turn}")
        shop.text(second, f"ben {turn}")
    expired = shop.text(late, "too late by then")
    care.text(care.conversation("cor"), "still sending")

    run_due("outbound")

    with inside(shop.company.schema_name):
        number = PhoneNumber.objects.get()
        assert (number.state, number.state_reason) == ("paused", "token_dead")
        waiting = Message.objects.filter(direction=Direction.OUTBOUND)
        assert {message.status for message in waiting} == {MessageStatus.QUEUED}
    assert (shop.received(), care.bodies()) == ([], ["still sending"])

    shop.simulator.post(f"tokens/{shop.number.waba_id}/restore")
    shop.update(late.channel, last_inbound_at=timezone.now() - timedelta(hours=24))
    shop.update(shop.number, state="live", state_reason="")
    with inside(shop.company.schema_name):
        work.mark(work.Kind.OUTBOUND, key=str(shop.number.pk))
    send_until_quiet(shop, run_due)

    assert shop.bodies(person="ana") == [f"ana {turn}" for turn in range(3)]
    assert shop.bodies(person="ben") == [f"ben {turn}" for turn in range(3)]
    assert shop.fresh(expired).refusal == "window_closed"


def test_a_token_that_was_replaced_meanwhile_does_not_stop_the_number(
    shop: Outbound, care: Outbound, run_due: RunDue
) -> None:
    with inside(shop.company.schema_name):
        number = PhoneNumber.objects.get()
        number.token = "not the token"
        number.save(update_fields=["token"])
    shop.text(shop.conversation(), "Hello")
    run_due("outbound")
    assert shop.received() == []

    with inside(shop.company.schema_name):
        number.refresh_from_db()
        assert number.state == "paused"
        number.token, number.state = "sandbox-token-1", "live"
        number.save(update_fields=["token", "state"])
        work.mark(work.Kind.OUTBOUND, key=str(number.pk))
    run_due("outbound")

    assert shop.bodies() == ["Hello"]


def test_a_payment_problem_holds_the_whole_queue(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    shop.simulator.fault(kind="refuse", code=131042, count=1)
    message = shop.text(shop.conversation(), "Hello")

    run_due("outbound")

    assert shop.fresh(message).status == MessageStatus.QUEUED
    with inside(shop.company.schema_name):
        number = PhoneNumber.objects.get()
    assert (number.state, number.state_reason) == ("paused", "error_131042")


def test_a_storm_of_429_loses_nothing_and_keeps_the_order(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    shop.simulator.fault(kind="rate_limit", probability=0.5, count=6)
    conversations = [shop.conversation(f"person{turn}") for turn in range(4)]
    for turn in range(3):
        for who, conversation in enumerate(conversations):
            shop.text(conversation, f"{who} {turn}")

    send_until_quiet(shop, run_due, seconds=90)

    for who in range(4):
        assert shop.bodies(person=f"person{who}") == [f"{who} {turn}" for turn in range(3)]


def test_too_much_for_one_person_waits_and_does_not_hold_up_others(
    shop: Outbound, care: Outbound, run_due: RunDue
) -> None:
    shop.simulator.fault(kind="refuse", code=131056, person="ana", count=1)
    slow = shop.text(shop.conversation("ana"), "slow")
    shop.text(shop.conversation("ben"), "quick")

    run_due("outbound")

    assert shop.bodies() == ["quick"]
    stored = shop.fresh(slow)
    assert stored.status == MessageStatus.QUEUED
    assert stored.not_before and stored.not_before > timezone.now()
    assert stored.attempts == 0


def test_a_passing_problem_is_tried_again_and_given_up_after_five_tries(
    shop: Outbound, care: Outbound, run_due: RunDue
) -> None:
    shop.simulator.fault(kind="refuse", code=131000)
    message = shop.text(shop.conversation(), "Hello")

    for _ in range(5):
        assert shop.fresh(message).status == MessageStatus.QUEUED
        shop.update(message, not_before=None)
        with inside(shop.company.schema_name):
            work.mark(work.Kind.OUTBOUND, key=str(shop.number.pk))
        run_due("outbound")

    stored = shop.fresh(message)
    assert (stored.status, stored.error_code, stored.attempts) == (MessageStatus.FAILED, 131000, 5)


def test_an_answer_that_was_lost_is_never_sent_again_and_holds_the_conversation_for_a_minute(
    shop: Outbound, care: Outbound, run_due: RunDue
) -> None:
    shop.simulator.fault(kind="drop_after_accept", person="ana", count=1)
    conversation = shop.conversation("ana")
    lost = shop.text(conversation, "lost")
    shop.text(conversation, "after it")
    shop.text(shop.conversation("ben"), "beside it")

    run_due("outbound")
    assert shop.fresh(lost).status == MessageStatus.UNKNOWN
    assert sorted(shop.bodies()) == ["beside it", "lost"]

    shop.update(lost, not_before=timezone.now())
    with inside(shop.company.schema_name):
        work.mark(work.Kind.OUTBOUND, key=str(shop.number.pk))
    run_due("outbound")

    assert shop.bodies(person="ana") == ["lost", "after it"]
    assert shop.fresh(lost).status == MessageStatus.UNKNOWN


def test_nothing_listening_at_the_platform_keeps_the_message(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    message = shop.text(shop.conversation(), "Hello")
    MetaApp.objects.filter(pk=shop.number.meta_app_id).update(graph_url="http://127.0.0.1:9")

    run_due("outbound")

    stored = shop.fresh(message)
    assert (stored.status, stored.attempts) == (MessageStatus.QUEUED, 0)


def test_a_delayed_text_leaves_when_its_time_has_come(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    shop.text(shop.conversation(), "Hello", delay=timedelta(seconds=1))
    run_due("outbound")
    assert shop.received() == []

    send_until_quiet(shop, run_due)

    assert shop.bodies() == ["Hello"]


def test_a_file_is_uploaded_once_and_the_text_after_it_waits_for_its_delivery(
    shop: Outbound, care: Outbound, run_due: RunDue
) -> None:
    conversation = shop.conversation()
    with inside(shop.company.schema_name):
        media = shop.picture()
        picture = outbox.queue_media(conversation, origin=shop.origin(), media=media, caption="Look")
    shop.text(conversation, "Nice?")

    run_due("outbound")

    [sent] = shop.received()
    assert (sent["type"], sent["payload"]["image"]["caption"]) == ("image", "Look")
    with inside(shop.company.schema_name):
        media.refresh_from_db()
        assert media.platform_id == sent["payload"]["image"]["id"]
        assert media.platform_id_until and media.platform_id_until > timezone.now() + timedelta(days=29)

    shop.update(picture, status=MessageStatus.DELIVERED)
    send_until_quiet(shop, run_due)

    assert [one["type"] for one in shop.received()] == ["image", "text"]


def test_a_file_that_is_gone_fails_its_message(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    conversation = shop.conversation()
    with inside(shop.company.schema_name):
        media = shop.picture()
        message = outbox.queue_media(conversation, origin=shop.origin(), media=media)
    shop.update(media, state="removed")

    run_due("outbound")

    assert shop.fresh(message).refusal == "file_refused"


def test_a_reaction_and_a_quoted_answer_name_their_message(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    conversation = shop.conversation()
    said = shop.simulator.say("ana", "Hallo?", number=shop.number.phone_number_id)
    asked = shop.wrote(conversation, wamid=said["wamid"])
    with inside(shop.company.schema_name):
        outbox.queue_reaction(conversation, origin=shop.origin(), target=asked, emoji="👍")
        outbox.queue_text(conversation, origin=shop.origin(), body="Yes", quoting=asked)

    send_until_quiet(shop, run_due)

    reaction, answer = shop.received()
    assert reaction["payload"]["reaction"] == {"message_id": said["wamid"], "emoji": "👍"}
    assert "context" not in reaction["payload"]
    assert answer["payload"]["context"] == {"message_id": said["wamid"]}


def test_a_read_receipt_leaves_when_somebody_answers_and_not_before(
    shop: Outbound, care: Outbound, run_due: RunDue
) -> None:
    conversation = shop.conversation()
    said = shop.simulator.say("ana", "Hallo?", number=shop.number.phone_number_id)
    shop.wrote(conversation, wamid=said["wamid"])
    run_due("receipts")
    assert shop.simulator.receipts == []

    shop.text(conversation, "Hello")
    run_due("receipts")
    run_due("receipts")

    [receipt] = shop.simulator.receipts
    assert receipt["message_id"] == said["wamid"]


def test_a_receipt_that_is_refused_harms_nothing(shop: Outbound, care: Outbound, run_due: RunDue) -> None:
    conversation = shop.conversation()
    shop.wrote(conversation, wamid="wamid.that-nobody-knows")
    shop.text(conversation, "Hello")

    run_due("receipts", "outbound")

    assert shop.simulator.receipts == []
    assert shop.bodies() == ["Hello"]


@pytest.mark.parametrize("state", ["paused", "setup", "stopped"])
def test_a_number_that_is_not_live_sends_nothing(shop: Outbound, care: Outbound, run_due: RunDue, state: str) -> None:
    message = shop.text(shop.conversation(), "Hello")
    shop.update(shop.number, state=state)

    run_due("outbound")

    assert shop.fresh(message).status == MessageStatus.QUEUED
    assert shop.received() == []
