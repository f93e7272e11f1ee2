"""What was written and not sent is there on every device of its writer, and goes with what is sent."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, Draft, Note
from tests.conversations.inbox.conftest import HX, Inbox

Post = Callable[..., Any]


def keep(browser: Client, row: Conversation, body: str, **more: Any) -> Any:
    return browser.post(f"/inbox/{row.pk}/draft/", {"mode": "reply", "body": body, **more}, headers=HX)


def drafts(inbox: Inbox) -> list[tuple[str, str]]:
    with inbox.inside():
        return list(Draft.objects.order_by("mode").values_list("mode", "body"))


def test_a_draft_stands_in_the_field_on_another_device_and_for_nobody_else(
    as_agent: Client, as_second_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()

    assert keep(as_agent, row, "Half a sent").status_code == 200
    keep(as_agent, row, "Call her back", mode="note")

    shown = as_agent.get(f"/inbox/{row.pk}/").content.decode()
    assert "Half a sent</textarea>" in shown
    assert "Call her back</textarea>" in shown
    assert "Half a sent" not in as_second_agent.get(f"/inbox/{row.pk}/").content.decode()


def test_a_draft_keeps_its_quote_and_an_empty_one_goes(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    message = inbox.message(row, body="Which one?")

    keep(as_agent, row, "The red one", quoting=str(message.pk))
    shown = as_agent.get(f"/inbox/{row.pk}/").content.decode()
    assert f'name="quoting" value="{message.pk}"' in shown
    assert "data-quoting-text" in shown and ">Which one?</span></p>" in shown
    known = keep(as_agent, row, "The red").json()["known_at"]
    keep(as_agent, row, "  ", known_at=known)

    assert drafts(inbox) == []


def test_of_two_devices_the_one_typed_on_last_wins_and_both_are_told(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    known = keep(as_agent, row, "On the desk").json()["known_at"]

    on_the_phone = keep(as_agent, row, "On the phone")
    late = keep(as_agent, row, "On the desk, typed before", known_at=known, age=60_000)

    assert on_the_phone.json()["replaced"] is True
    assert (late.status_code, late.json()["body"]) == (409, "On the phone")
    assert drafts(inbox) == [("reply", "On the phone")]


def test_the_same_device_goes_on_without_a_word(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    known = keep(as_agent, row, "One").json()["known_at"]
    told = keep(as_agent, row, "One two", known_at=known).json()

    assert told["replaced"] is False
    assert datetime.fromisoformat(told["known_at"]) > timezone.now() - timedelta(minutes=1)


def test_sending_takes_the_draft_away_but_not_the_next_one(as_agent: Client, inbox: Inbox, reply: Post) -> None:
    row = inbox.conversation()
    keep(as_agent, row, "Tomorrow")

    reply(as_agent, row, "Tomorrow at ten")
    assert drafts(inbox) == []

    keep(as_agent, row, "And one more thing")
    reply(as_agent, row, "Sent a minute ago, without a connection", age="60000")
    assert drafts(inbox) == [("reply", "And one more thing")]


def test_a_draft_that_came_late_goes_with_its_own_words(as_agent: Client, inbox: Inbox, reply: Post) -> None:
    row = inbox.conversation()
    keep(as_agent, row, "Come at ten.\r\n")  # saved so slowly that it seems to be typed after the press

    assert reply(as_agent, row, "Come at ten.", age="60000").status_code == 200

    assert drafts(inbox) == []


def test_a_refused_reply_leaves_the_draft_where_it_is(as_agent: Client, inbox: Inbox, reply: Post) -> None:
    row = inbox.conversation()
    keep(as_agent, row, "Too much")

    assert reply(as_agent, row, "x" * 4097).status_code == 422

    assert drafts(inbox) == [("reply", "Too much")]


def test_a_note_takes_its_own_draft_away(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    keep(as_agent, row, "To her")
    keep(as_agent, row, "To you", mode="note")

    as_agent.post(f"/inbox/{row.pk}/note/", {"body": "To you all"}, headers=HX)

    assert drafts(inbox) == [("reply", "To her")]


def test_too_long_or_without_a_mode_is_refused_and_elsewhere_it_is_not_found(
    as_agent: Client, as_other_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()

    assert keep(as_agent, row, "x" * 8193).status_code == 422
    assert keep(as_agent, row, "x", mode="shout").status_code == 422
    assert keep(as_other_agent, row, "x").status_code == 404
    assert drafts(inbox) == []


def test_a_quote_far_above_the_shown_page_and_without_words_is_kept_and_goes_with_the_file(
    as_agent: Client, inbox: Inbox, reply: Post
) -> None:
    row = inbox.conversation(minutes_ago=900)
    old = inbox.message(row, body="The very first", at=timezone.now() - timedelta(hours=14))
    for number in range(40):
        inbox.message(row, body=f"Later {number}")

    keep(as_agent, row, "", quoting=str(old.pk))
    assert f'name="quoting" value="{old.pk}"' in as_agent.get(f"/inbox/{row.pk}/").content.decode()
    sent = reply(as_agent, row, quoting=str(old.pk), file=SimpleUploadedFile("a.txt", b"text", "text/plain"))

    assert sent.status_code == 200
    assert drafts(inbox) == []


def test_a_note_pressed_twice_is_one_note(as_agent: Client, as_second_agent: Client, inbox: Inbox) -> None:
    row, token = inbox.conversation(), str(uuid4())

    for _press in range(2):
        keep(as_agent, row, "Call her back", mode="note")  # the answer to the first press was lost
        answer = as_agent.post(f"/inbox/{row.pk}/note/", {"body": "Call her back", "token": token}, headers=HX)
        assert answer.status_code == 200 and "Call her back" in answer.content.decode()
    assert drafts(inbox) == []
    as_second_agent.post(f"/inbox/{row.pk}/note/", {"body": "So do I", "token": token}, headers=HX)

    with inbox.inside():
        assert sorted(Note.objects.values_list("body", flat=True)) == ["Call her back", "So do I"]
