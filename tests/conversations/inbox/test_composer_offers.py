"""The composer's dialogs: what is filled in is shown as it will look, sent once, and refused at its field."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from conversations import places
from conversations.models import InboxSettings, Message
from tenants.accounts.models import User
from tests.conversations.inbox.conftest import HX, Inbox

ROWS = {
    "row1": "Tuesday",
    "description1": "9 to 12",
    "row2": "Monday",
    "section1": "This week",
    "section2": "Next week",
}
FILLED: dict[str, dict[str, str]] = {
    "buttons": {"body": "Solved?", "button1": "Yes", "button2": "No", "header": "Order 12"},
    "list": {"body": "When?", "button": "Choose a day", **ROWS},
    "link": {"body": "Follow it", "label": "Follow", "url": "https://example.org/t/1"},
    "ask_location": {"body": "Where are you?"},
    "ask_phone_number": {"body": "May we have your number?"},
    "location": {"place": "52.0907, 5.1214", "name": "Fietsland"},
    "contacts": {"name": "Bo de Wit", "phone": "+31687654321"},
    "flow": {"flow_id": "771001", "body": "Plan your visit", "label": "Plan"},
}
SHOWN = {
    "buttons": "Yes",
    "list": "Choose a day",
    "link": "Follow",
    "ask_location": "Where are you?",
    "ask_phone_number": "May we have your number?",
    "location": "Fietsland",
    "contacts": "Bo de Wit",
    "flow": "Plan",
}


@pytest.fixture(autouse=True)
def known_forms(inbox: Inbox) -> None:
    with inbox.inside():
        InboxSettings.objects.update_or_create(pk=1, defaults={"forms": "771001 | Plan a visit | DAY\n771002|Ask"})


def post(browser: Client, row: Any, kind: str, fields: dict[str, str], **more: str) -> Any:
    data = {"token": str(uuid4()), **fields, **more}
    return browser.post(f"/inbox/{row.pk}/offer/{kind}/", data, headers=HX)


@pytest.mark.parametrize("kind", FILLED)
def test_every_dialog_opens_shows_its_bubble_and_sends_once(
    kind: str, as_agent: Client, agent: User, inbox: Inbox
) -> None:
    row, token = inbox.conversation(), str(uuid4())
    dialog = as_agent.get(f"/inbox/{row.pk}/offer/{kind}/")
    assert dialog.status_code == 200

    preview = post(as_agent, row, kind, FILLED[kind], preview="1")
    assert SHOWN[kind] in preview.content.decode()
    assert inbox.sent(row) == []

    first = post(as_agent, row, kind, FILLED[kind], token=token)
    again = post(as_agent, row, kind, FILLED[kind], token=token)

    assert (first.status_code, again.status_code) == (200, 200)
    assert SHOWN[kind] in first.content.decode()
    [message] = inbox.sent(row)
    assert message.author == agent
    assert message.not_before is not None  # can be taken back
    assert inbox.fresh(row).assignee_id == agent.pk


def test_a_row_that_names_a_heading_begins_a_section(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    post(as_agent, row, "list", FILLED["list"])

    [message] = inbox.sent(row)
    sections = message.content["interactive"]["action"]["sections"]
    assert [(one["title"], len(one["rows"])) for one in sections] == [("This week", 1), ("Next week", 1)]


def test_a_form_opens_at_the_screen_of_the_settings(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    post(as_agent, row, "flow", FILLED["flow"])
    post(as_agent, row, "flow", FILLED["flow"] | {"flow_id": "771002"})

    actions = [message.content["interactive"]["action"]["parameters"]["flow_action"] for message in inbox.sent(row)]
    assert actions == ["navigate", "data_exchange"]


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("buttons", {"button1": ""}, "This field is required"),
        ("buttons", {"button1": "x" * 21}, "at most 20"),
        ("buttons", {"button2": "Yes"}, "Two choices are the same"),
        ("list", {"section2": "This week"}, "Two sections have the same heading"),
        ("link", {"url": "javascript:alert(1)"}, "must begin with https"),
        ("ask_location", {"body": ""}, "This field is required"),
        ("location", {"place": "https://maps.app.goo.gl/abc"}, "No place is in this"),
        ("contacts", {"phone": ""}, "Give a phone number"),
        ("flow", {"flow_id": "666"}, "Select a valid choice"),
    ],
)
def test_what_does_not_fit_stays_in_the_dialog_with_its_reason(
    kind: str, changes: dict[str, str], words: str, as_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()

    refused = post(as_agent, row, kind, FILLED[kind] | changes)

    assert refused.status_code == 422
    page = refused.content.decode()
    assert words in page
    assert "data-offer-form" in page
    assert inbox.sent(row) == []


def test_a_quoted_message_goes_along(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    with inbox.inside():
        quoted = Message.objects.get(conversation=row)

    post(as_agent, row, "buttons", FILLED["buttons"], quoting=str(quoted.pk))

    assert inbox.sent(row)[0].quoted_wamid == quoted.wamid


def test_who_does_not_hold_the_conversation_is_told_who_does(
    as_agent: Client, as_second_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    post(as_agent, row, "buttons", FILLED["buttons"])

    refused = post(as_second_agent, row, "link", FILLED["link"])

    assert refused.status_code == 422
    assert "(Agent)" in refused.content.decode()


def test_the_number_is_asked_for_first_where_there_is_none_and_forms_only_where_there_are_some(
    as_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    page = f"/inbox/{row.pk}/composer/"

    def offers() -> list[str]:
        return [part.split('"')[0] for part in as_agent.get(page).content.decode().split('data-offer="')[1:]]

    assert offers()[0] == "buttons"
    assert "flow" in offers()
    with inbox.inside():
        type(row.contact).objects.filter(pk=row.contact_id).update(wa_id=None, bsuid="NL.1")
        InboxSettings.objects.update(forms="")
    assert offers()[0] == "ask_phone_number"
    assert "flow" not in offers()


def test_an_unknown_dialog_and_another_companys_conversation_are_not_found(
    as_agent: Client, inbox: Inbox, other_inbox: Inbox
) -> None:
    assert as_agent.get(f"/inbox/{inbox.conversation().pk}/offer/hologram/").status_code == 404
    assert as_agent.get(f"/inbox/{other_inbox.conversation().pk}/offer/buttons/").status_code == 404


def test_the_page_may_ask_for_the_microphone_and_nothing_else(as_agent: Client, inbox: Inbox) -> None:
    policy = as_agent.get(f"/inbox/{inbox.conversation().pk}/")["Permissions-Policy"]

    assert "microphone=(self)" in policy
    assert "camera=()" in policy


@pytest.mark.parametrize(
    ("pasted", "place"),
    [
        ("52.0907, 5.1214", (52.0907, 5.1214)),
        ("(-33.9;151.2)", (-33.9, 151.2)),
        ("geo:52.09,5.12?z=17", (52.09, 5.12)),
        ("52°5'26.5\"N 5°7'17\"E", (52.090694, 5.121389)),
        ("https://www.google.com/maps/place/X/@52.1,5.2,17z/data=!3m1!4b1!4m5!3d52.0907!4d5.1214", (52.0907, 5.1214)),
        ("https://www.google.com/maps/@52.0907,5.1214,15z", (52.0907, 5.1214)),
        ("https://maps.google.com/?q=52.0907,5.1214", (52.0907, 5.1214)),
        ("https://www.openstreetmap.org/?mlat=52.0907&mlon=5.1214#map=17/52.1/5.2", (52.0907, 5.1214)),
        ("https://www.openstreetmap.org/#map=17/52.0907/5.1214", (52.0907, 5.1214)),
        ("https://maps.apple.com/?ll=52.0907,5.1214", (52.0907, 5.1214)),
        ("https://maps.app.goo.gl/AbCd", None),
        ("91.0, 5.0", None),
        ("Oudegracht 1, Utrecht", None),
        ("", None),
    ],
)
def test_a_place_is_read_from_what_people_paste(pasted: str, place: tuple[float, float] | None) -> None:
    assert places.read(pasted) == place
