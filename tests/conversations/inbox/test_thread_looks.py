"""Each type of message looks like what it is: orders with sums, forms with labels, cards, places, origins, calls."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from conversations.looks import calls, forms, orders, origins
from conversations.models import Contact, Conversation, ConversationEvent, MediaFile, Message
from conversations.templatetags import looks
from tests.conversations.inbox.conftest import HX, Inbox


def thread(browser: Client, row: Conversation) -> str:
    return browser.get(f"/inbox/{row.pk}/", headers=HX).content.decode()


def article(price: Any = 12.5, quantity: Any = 2, currency: Any = "EUR", **more: Any) -> dict[str, Any]:
    return {"product_retailer_id": "bel", "quantity": quantity, "item_price": price, "currency": currency} | more


def order(*items: Any) -> orders.Order:
    return orders.order_of(Message(type="order", content={"product_items": list(items)}))


def test_an_order_is_a_list_with_a_sum_per_currency() -> None:
    with translation.override("nl"):
        made = order(article(), article("1049.95", 1), article(20, 3, "usd"))

    assert [line.total for line in made.lines] == ["EUR 25,00", "EUR 1.049,95", "USD 60,00"]
    assert list(made.sums) == ["EUR 1.074,95", "USD 60,00"]
    assert made.lines[0].price == "EUR 12,50"
    assert not made.partly


@pytest.mark.parametrize(
    "odd",
    [
        article("x"),
        article(None),
        article("NaN"),
        article("Infinity"),
        article(-1),
        article(quantity="many"),
        article(quantity=10**30),
        article(quantity=True),
        article(currency=None),
        article("1e999999"),
    ],
)
def test_a_price_that_cannot_be_read_is_left_out_and_said(odd: Any) -> None:
    made = order(article(), odd)

    assert made.partly
    assert len(made.sums) == 1
    assert made.lines[1].total == ""


def test_sums_are_exact() -> None:
    assert list(order(*[article(0.1, 1)] * 3).sums) == ["EUR 0.30"]


def test_a_form_shows_labels_and_what_stands_inside_others() -> None:
    content = {
        "response": {
            "flow_token": "secret",
            "screen_0_FrameSize_1": "0_Klein_(50)",
            "first_name": "Ana",
            "wishes": ["seat", "bag"],
            "news": False,
            "bikes": [{"brand": "Gazelle"}, {"brand": "Batavus"}],
            "address": {"street": "Kade 1", "empty": {}},
        }
    }

    answers = [(one.label, one.value, one.depth) for one in forms.form_answers(content)]

    assert answers == [
        ("Frame size", "Klein (50)", 0),
        ("First name", "Ana", 0),
        ("Wishes", "seat, bag", 0),
        ("News", "No", 0),
        ("Bikes 1", "", 0),
        ("Brand", "Gazelle", 1),
        ("Bikes 2", "", 0),
        ("Brand", "Batavus", 1),
        ("Address", "", 0),
        ("Street", "Kade 1", 1),
    ]


def test_a_form_keeps_the_order_it_was_filled_in() -> None:
    content = {"fields": ["zip", "a", 7, "gone"], "response": {"a": "1", "other": "2", "zip": "3"}}

    assert [one.label for one in forms.form_answers(content)] == ["Zip", "A", "Other"]


def test_forms_of_any_depth_and_size_stay_small() -> None:
    deep: dict[str, Any] = {"a": "end"}
    for _ in range(200):
        deep = {"a": deep}

    assert len(forms.form_answers({"response": deep})) < 10
    assert len(forms.form_answers({"response": {str(n): "x" for n in range(1000)}})) <= 30
    assert forms.form_answers({"response": ["x"]}) == []


LOOKS: list[tuple[dict[str, Any], list[str]]] = [
    ({"type": "order", "content": {"product_items": [article()]}}, ["bel", "EUR 25.00", "Together"]),
    ({"type": "interactive", "body": "Tomorrow", "content": {"kind": "button_reply"}}, ["Chose", "Tomorrow"]),
    (
        {"type": "interactive", "content": {"kind": "list_reply", "description": "All of it"}},
        ["Chose from the list"],
    ),
    ({"type": "interactive", "content": {"kind": "call_permission_reply", "response": "accept"}}, ["Allows calls"]),
    (
        {"type": "interactive", "content": {"kind": "call_permission_reply", "response": "x"}},
        ["Does not want calls"],
    ),
    (
        {
            "type": "interactive",
            "content": {
                "kind": "nfm_reply",
                "name": "address_message",
                "response": {"values": {"city": "Utrecht"}, "saved_address_id": "17"},
            },
        },
        ["Gave an address", "City", "Utrecht"],
    ),
    ({"type": "interactive", "content": {"kind": "new_reply"}}, ["new here"]),
    ({"body": "x", "forwarded": True, "content": {"frequently_forwarded": True}}, ["Forwarded many times"]),
    (
        {"body": "Red?", "content": {"referred_product": {"product_retailer_id": "bike-12"}}},
        ["About article", "bike-12"],
    ),
    (
        {
            "body": "Hi",
            "content": {"referral": {"headline": "Autumn", "source_url": "https://fb.me/x", "body": "Now"}},
        },
        ["Came from an advertisement", "Autumn", 'href="https://fb.me/x"'],
    ),
    ({"body": "Hi", "content": {"referral": {"source_type": "post"}}}, ["Came from a post"]),
    ({"type": "unsupported", "content": {"type": "poll_creation"}}, ["a poll", "Ask to send it another way"]),
    ({"type": "unsupported", "content": {"errors": [{"code": 131060}]}}, ["does not pass on this first message"]),
    ({"type": "image", "content": {"errors": [{"code": 131052}]}}, ["could not fetch this file from the phone"]),
    ({"type": "media_placeholder"}, ["A file on the phone"]),
    ({"type": "audio", "quoted_wamid": "wacid.ABC"}, ["Voicemail after a call"]),
    ({"type": "contacts", "content": {"contacts": [{"origin": "contact_request"}]}}, ["Own number"]),
    (
        {"type": "location", "content": {"latitude": 1.5, "longitude": 2, "name": "Dom"}},
        ["Dom", "openstreetmap.org"],
    ),
]


def test_each_type_says_what_it_is(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    for fields, _words in LOOKS:
        inbox.message(row, **fields)

    shown = thread(as_agent, row)

    assert [word for _fields, words in LOOKS for word in words if word not in shown] == []


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.example", "ftp://x.example", "http://[", 7, None])
def test_an_advertisement_links_nowhere_but_to_the_web(link: Any) -> None:
    found = origins.referral(Message(content={"referral": {"source_url": link}}))

    assert found is not None and found.link == ""


ODD: list[Any] = [[], "x", {"versions": "x"}, {"versions": [7, {"at": "never"}, {}]}, {"referral": []}]


def test_odd_content_breaks_no_look(as_supervisor: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    for content in ODD:
        for kind in ("text", "order", "interactive", "contacts", "audio", "unsupported"):
            inbox.message(row, type=kind, content=content, edited_at=timezone.now())
    inbox.message(row, body="After")

    assert "After" in thread(as_supervisor, row)


def test_asking_again_is_written_in_the_persons_language() -> None:
    with translation.override("en"):
        assert origins.ask_again(Message(), "xx") == origins.ask_again(Message(), "")
        assert "Could you" in origins.ask_again(Message(), "en")


def test_earlier_versions_show_to_those_who_may_remove_and_to_nobody_else(
    as_agent: Client, as_supervisor: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    at = timezone.now().isoformat()
    versions = [{"wamid": "a", "at": at, "body": "The bant"}, {"wamid": "b", "at": at, "body": "The band"}]
    inbox.message(row, body="The band", edited_at=timezone.now(), content={"versions": versions})

    assert "The bant" in thread(as_supervisor, row)
    agents = thread(as_agent, row)
    assert "Edited" in agents and "The bant" not in agents


def test_all_times_of_a_message_and_its_way_here_can_be_asked_for(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    at = timezone.now().replace(microsecond=0)
    message = inbox.message(row, body="x", at=at)
    with inbox.inside():
        Message.objects.filter(pk=message.pk).update(received_at=at + timedelta(seconds=42))

    shown = thread(as_agent, row)

    assert "Received here" in shown
    assert "It took 42 seconds to get here." in shown


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({"inbound": True, "events": {"connect": ""}}, "ringing"),
        ({"inbound": True, "events": {"connect": "", "terminate": ""}, "status": "failed"}, "missed"),
        ({"inbound": True, "events": {"terminate": ""}}, "missed"),
        ({"inbound": True, "events": {"connect": "", "terminate": ""}, "duration": 42}, "answered"),
        ({"inbound": True, "events": {"terminate": ""}, "status": "completed"}, "answered"),
        ({"inbound": True, "events": {"connect": "", "rejected": ""}}, "rejected"),
        ({"inbound": False, "events": {"ringing": ""}}, "calling"),
        ({"inbound": False, "events": {"ringing": "", "accepted": ""}}, "answered"),
        ({"inbound": False, "events": {"ringing": "", "terminate": ""}}, "unanswered"),
        ({"inbound": False, "events": {"rejected": ""}}, "declined"),
        ({}, "calling"),
    ],
)
def test_what_became_of_a_call_is_told_from_what_came(data: dict[str, Any], state: str) -> None:
    assert calls.call_of(data).state == state
    assert calls.call_text(data)


def test_a_missed_call_says_how_to_come_back_and_others_do_not(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    def call(**data: Any) -> None:
        with inbox.inside():
            ConversationEvent.objects.create(
                channel=row.channel, conversation=row, kind="call", at=timezone.now(), data=data
            )

    call(inbound=True, events={"terminate": ""}, duration=3725)
    assert "Ask when to call" not in thread(as_agent, row)
    assert "1:02:05" in thread(as_agent, row)
    call(inbound=True, events={"terminate": ""})

    shown = thread(as_agent, row)
    assert shown.count("Ask when to call") == 1
    assert "needs the person" in shown


def test_a_shared_card_opens_one_conversation_with_that_person(
    as_agent: Client, inbox: Inbox, other_inbox: Inbox
) -> None:
    row = inbox.conversation()
    cards = [
        {"name": {"formatted_name": "No number"}},
        {"name": {"formatted_name": "Bo"}, "phones": [{"phone": "+31 6 12345678", "wa_id": "31612345678"}]},
    ]
    message = inbox.message(row, type="contacts", content={"contacts": cards})
    address = f"/inbox/{row.pk}/messages/{message.pk}/cards/"
    assert f"{address}1/write/" in thread(as_agent, row)

    first = as_agent.post(f"{address}1/write/")
    second = as_agent.post(f"{address}1/write/")

    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert as_agent.post(f"{address}0/write/").status_code == 404
    assert as_agent.post(f"{address}7/write/").status_code == 404
    with inbox.inside():
        begun = Conversation.objects.get(contact__wa_id="31612345678")
        assert (begun.phone_number_id, begun.messages.count()) == (row.phone_number_id, 0)
        assert begun.contact.shown_name == "Bo"
    with other_inbox.inside():
        assert not Contact.objects.filter(wa_id="31612345678").exists()


def test_a_voice_message_can_be_played_searched_and_sped_up(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    with inbox.inside():
        media = MediaFile.objects.create(
            phone_number_id=row.phone_number_id,
            direction="in",
            kind="audio",
            voice=True,
            state="stored",
            storage_key="x",
            duration_ms=5100,
            waveform=[0, 50, 100, "x", 9999],
            received_at=timezone.now(),
        )
    inbox.message(row, type="audio", media=media)

    shown = thread(as_agent, row)

    wave = shown.partition('class="voice-wave"')[2].partition("</svg>")[0]
    assert wave.count("<rect") == looks.WAVE_BARS
    assert 'type="range"' in shown and "data-speed" in shown and "0:06" in shown
    assert 'height="26.0"' in wave  # the loudest is as high as the box and never higher


@pytest.mark.parametrize(
    ("mime_type", "filename", "kind", "icon"),
    [
        ("application/pdf", "a.pdf", "PDF", "file-text"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "a.xlsx", "XLSX", "file-spreadsheet"),
        ("application/octet-stream", "a.ods", "ODS", "file"),
        ("application/zip", "", "ZIP", "file-archive"),
        ("", "", "", "file"),
        ("x/y", "a.<b>", "Y", "file"),
    ],
)
def test_a_document_says_its_kind(mime_type: str, filename: str, kind: str, icon: str) -> None:
    media = MediaFile(mime_type=mime_type, filename=filename)

    assert (looks.file_kind(media), looks.file_icon(media)) == (kind, icon)


def test_calls_are_allowed_until_a_moment_that_can_be_read() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    for told, shown in ((1_795_600_000, True), ("1795600000", True), ("soon", False), (10**30, False), (None, False)):
        message = Message(at=at, content={"expiration_timestamp": told})
        assert (looks.permission_until(message) is not None) == shown
