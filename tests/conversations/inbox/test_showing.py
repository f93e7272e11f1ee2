"""Every type shows as what it is, and nothing a stranger typed is ever more than text."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations import wording
from conversations.models import Contact, Conversation, ConversationEvent, MediaFile, Note
from conversations.status import MessageStatus
from conversations.templatetags.inbox import message_text
from tenants.accounts.models import User
from tests.conversations.inbox.conftest import HX, Inbox

EVIL = "\"><img src=x onerror=alert(1)><script>alert(2)</script>'{{ 7 }}{% x %}\u202e"


def thread(browser: Client, row: Conversation) -> str:
    response = browser.get(f"/inbox/{row.pk}/", headers=HX)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text", {}),
        ("location", {"latitude": 52.1, "longitude": 4.2, "name": EVIL, "address": EVIL, "url": EVIL}),
        ("contacts", {"contacts": [{"name": {"formatted_name": EVIL}, "phones": [{"phone": EVIL}]}]}),
        ("interactive", {"kind": "list_reply", "title": EVIL, "description": EVIL}),
        ("interactive", {"kind": "nfm_reply", "response": {EVIL: [EVIL, 1], "b": {"c": EVIL}}}),
        ("button", {"payload": EVIL, "text": EVIL}),
        ("order", {"product_items": [{"item_price": "x", "quantity": EVIL, "currency": EVIL}]}),
        ("system", {"body": EVIL}),
        ("unsupported", {"type": EVIL}),
        ("template", {"template": {"name": EVIL}, "buttons": [{"text": EVIL}, EVIL]}),
        (EVIL[:20], {"raw": EVIL}),
    ],
)
def test_markup_in_any_field_of_any_type_stays_text(
    kind: str, content: dict[str, Any], as_agent: Client, agent: User, inbox: Inbox
) -> None:
    row = inbox.conversation(EVIL, said=EVIL)
    with inbox.inside():
        Contact.objects.update(username=EVIL[:60], given_name=EVIL, language="<b>", market="<>")
        Note.objects.create(channel=row.channel, conversation=row, author=agent, body=EVIL, at=timezone.now())
        User.objects.filter(pk=agent.pk).update(name=EVIL[:80])
        media = MediaFile.objects.create(
            phone_number_id=row.phone_number_id,
            direction="in",
            kind="document",
            mime_type=EVIL,
            filename=EVIL,
            state="stored",
            storage_key="x",
            received_at=timezone.now(),
        )
    message = inbox.message(row, type=kind, body=EVIL, content=content)
    inbox.message(row, direction="out", author=agent, body=EVIL, quoted_wamid=message.wamid)
    inbox.message(row, type="reaction", quoted_wamid=message.wamid, content={"emoji": EVIL})
    inbox.message(row, type="document", media=media)

    for shown in (thread(as_agent, row), as_agent.get("/inbox/").content.decode()):
        assert "<img src=x" not in shown
        assert "<script>alert" not in shown
        assert "alert(2)" in shown  # it is there, as text


@pytest.mark.parametrize("content", [[], "text", 7, None, {"contacts": "x"}, {"contacts": [7]}, {"product_items": {}}])
@pytest.mark.parametrize("kind", ["location", "contacts", "interactive", "order", "template", "unsupported"])
def test_odd_structures_never_break_a_thread(kind: str, content: Any, as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation(said="Before")
    inbox.message(row, type=kind, content={} if content is None else content)

    assert "Before" in thread(as_agent, row)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("*bold* and _slanted_", "<strong>bold</strong> and <em>slanted</em>"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("*<b>*", "<strong>&lt;b&gt;</strong>"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        (
            'see https://a.example/?q="x"&y=1.',
            'see <a href="https://a.example/?q=" target="_blank" rel="noopener noreferrer nofollow ugc">'
            "https://a.example/?q=</a>&quot;x&quot;&amp;y=1.",
        ),
    ],
)
def test_marks_and_links_are_ours_and_the_rest_is_text(typed: str, shown: str) -> None:
    assert message_text(typed) == shown


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"type": "image", "body": "Look"}, "This file is missing"),
        ({"type": "unsupported", "content": {"type": "poll_creation"}}, "does not pass on a poll"),
        ({"type": "hologram"}, "new here (hologram)"),
        ({"revoked_at": timezone.now(), "body": ""}, "Deleted by the sender"),
        ({"body": "Changed", "edited_at": timezone.now()}, "Edited"),
        ({"body": "x", "forwarded": True}, "Forwarded"),
        ({"type": "location", "content": {"latitude": 52.37, "longitude": 4.89}}, "52.37000, 4.89000"),
        ({"body": "x" * 4000}, "Show all"),
    ],
)
def test_what_is_special_about_a_message_is_said(
    fields: dict[str, Any], words: str, as_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    inbox.message(row, **fields)

    assert words in thread(as_agent, row)


@pytest.mark.parametrize(
    ("state", "words"),
    [("pending", "being fetched"), ("refused", "not kept"), ("failed", "Ask the person"), ("removed", "was removed")],
)
def test_a_file_that_is_not_here_says_why(state: str, words: str, as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    with inbox.inside():
        media = MediaFile.objects.create(
            phone_number_id=row.phone_number_id, direction="in", kind="image", state=state, received_at=timezone.now()
        )
    inbox.message(row, type="image", media=media)

    assert words in thread(as_agent, row)


def test_a_failed_message_says_why_and_what_next_and_may_go_again_where_that_helps(
    as_agent: Client, agent: User, inbox: Inbox
) -> None:
    row = inbox.conversation()
    failed = {"direction": "out", "author": agent, "status": MessageStatus.FAILED}
    inbox.message(row, body="a", error_code=131026, **failed)
    assert "Send again" not in thread(as_agent, row)

    refused = inbox.message(row, body="b", refusal="window_closed", **failed)

    shown = thread(as_agent, row)
    assert "could not be delivered" in shown
    assert "24-hour reply window has closed" in shown
    assert shown.count("data-again") == 1
    first = as_agent.post(f"/inbox/{row.pk}/messages/{refused.pk}/again/", headers=HX)
    second = as_agent.post(f"/inbox/{row.pk}/messages/{refused.pk}/again/", headers=HX)
    assert first.status_code == second.status_code == 200
    assert [message.body for message in inbox.sent(row)].count("b") == 2
    assert "It was sent again below" in thread(as_agent, row)


def test_an_unknown_message_says_so_and_waits_before_it_may_go_again(
    as_agent: Client, agent: User, inbox: Inbox
) -> None:
    row = inbox.conversation()
    unknown = {"direction": "out", "author": agent, "status": MessageStatus.UNKNOWN}
    message = inbox.message(row, body="a", sending_at=timezone.now(), **unknown)

    assert "Not known whether it left" in thread(as_agent, row)
    assert "data-again" not in thread(as_agent, row)
    early = as_agent.post(f"/inbox/{row.pk}/messages/{message.pk}/again/", headers=HX)
    with inbox.inside():
        message.sending_at = timezone.now() - timedelta(minutes=11)
        message.save()

    assert early.status_code == 422
    assert "data-again" in thread(as_agent, row)
    assert as_agent.post(f"/inbox/{row.pk}/messages/{message.pk}/again/", headers=HX).status_code == 200


def test_reactions_sit_on_their_message_and_one_taken_back_is_gone(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    message = inbox.message(row, body="x")
    inbox.message(row, type="reaction", quoted_wamid=message.wamid, content={"emoji": "🎉"})
    assert "🎉" in thread(as_agent, row)

    inbox.message(row, type="reaction", quoted_wamid=message.wamid, content={"emoji": ""})

    assert "🎉" not in thread(as_agent, row)


def test_an_agent_reacts_and_takes_it_back(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    message = inbox.message(row, body="x")
    address = f"/inbox/{row.pk}/messages/{message.pk}/reaction/"

    given = as_agent.post(address, {"emoji": "👍"}, headers=HX)
    odd = as_agent.post(address, {"emoji": "<b>"}, headers=HX)
    taken = as_agent.post(address, {"emoji": ""}, headers=HX)

    assert "👍" in given.content.decode()
    assert odd.status_code == 422
    assert "👍" not in taken.content.decode()


@pytest.mark.parametrize(
    ("part", "label"),
    [
        (
            {"type": "button", "action": {"buttons": [{"type": "reply", "reply": {"id": "a", "title": "Fix it"}}]}},
            "Fix it",
        ),
        ({"type": "list", "action": {"button": "Choose a day", "sections": []}}, "Choose a day"),
        ({"type": "cta_url", "action": {"parameters": {"display_text": "Look", "url": "https://a.example"}}}, "Look"),
        ({"type": "location_request_message", "action": {"name": "send_location"}}, "Send location"),
        ({"type": "button", "action": {"buttons": [EVIL, {"reply": EVIL}]}}, "What do you need?"),
    ],
)
def test_what_we_offer_shows_as_choices_and_not_as_a_tap(
    part: dict[str, Any], label: str, as_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    inbox.message(row, direction="out", type="interactive", body="What do you need?", content={"interactive": part})

    page = thread(as_agent, row)

    assert label in page
    assert "Tapped a button" not in page
    assert "<script>" not in page


def test_a_phone_number_is_masked(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    with inbox.inside():
        number = str(row.contact.wa_id)

    shown = thread(as_agent, row)

    assert number not in shown and "+31 •••••••" in shown


@pytest.mark.parametrize("kind", ConversationEvent.Kind.values)
def test_whatever_happens_has_words_and_a_sign_of_its_own(kind: str) -> None:
    event = ConversationEvent(kind=kind, data={})

    assert wording.event_text(event) not in ("", kind)
    assert kind in wording.EVENT_ICONS
