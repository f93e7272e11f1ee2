"""Greeting and away: in the person's language, once, within R-S03, with the numbers where danger is near."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, InboxSettings, Message
from conversations.services import automation
from tenants.models import ClientCompany
from tests.conversations.guard.conftest import Settings
from tests.conversations.guard.test_coming_in import last
from tests.conversations.inbox.conftest import Inbox
from tests.fixtures.companies import Enter
from tests.fixtures.webhooks import WriteFrom

RunDue = Callable[..., int]
NEVER = {"mon": [["00:00", "00:01"]]}


@pytest.fixture
def said(company: ClientCompany, enter: Enter, run_due: RunDue) -> Callable[[], list[Message]]:
    """Does what is due and gives what went out by itself."""

    def done() -> list[Message]:
        run_due("housekeeping")
        with enter(company):
            return list(Message.objects.filter(sender_kind="rule_bot").order_by("at"))

    return done


Said = Callable[[], list[Message]]


def test_a_new_conversation_is_greeted_once_in_the_companys_language(
    settings_of: Settings, write_from: WriteFrom, said: Said, company: ClientCompany, enter: Enter
) -> None:
    settings_of(greeting={"nl": "Welkom!", "de": "Willkommen!"})
    write_from(None, "Hallo")
    write_from(None, "Bent u daar?")

    [greeting] = said()

    assert greeting.body == "Welkom!"
    assert (greeting.priority, greeting.author) == (Message.Priority.AUTOMATION, None)
    with enter(company):
        row = Conversation.objects.select_related("last_message").get()
        assert row.waiting_since is not None  # a machine is no answer
        assert row.last_message is not None and row.last_message.body == "Bent u daar?"  # nor hides it the question
        automation.welcome(str(greeting.conversation_id))
    assert len(said()) == 1


def test_outside_hours_the_away_text_says_when_somebody_is_there(
    settings_of: Settings, write_from: WriteFrom, said: Said
) -> None:
    settings_of(
        hours=NEVER, away={"nl": "We zijn dicht tot {opens}."}, greeting={"nl": "Welkom!"}, closed_on_holidays=False
    )
    write_from(None, "Hallo")

    [away] = said()

    assert away.body.startswith("We zijn dicht tot maandag ") and away.body.endswith("00:00.")


def test_at_most_one_unasked_message_in_a_day_to_one_person(
    settings_of: Settings, write_from: WriteFrom, said: Said, company: ClientCompany, enter: Enter
) -> None:
    settings_of(greeting={"nl": "Welkom!"})
    write_from(None, "Hallo")
    assert len(said()) == 1
    with enter(company):
        Conversation.objects.update(status="closed", closed_at=timezone.now() - timedelta(days=3))
    write_from(None, "Nog iets")
    assert len(said()) == 1

    with enter(company):
        Conversation.objects.exclude(status="closed").update(
            status="closed", closed_at=timezone.now() - timedelta(days=3)
        )
        Message.objects.filter(direction="out").update(at=F("at") - timedelta(days=2))
    write_from(None, "En weer")
    assert len(said()) == 2


def test_where_danger_is_near_texts_carry_the_numbers_and_are_not_held_back(
    settings_of: Settings, write_from: WriteFrom, said: Said, company: ClientCompany, enter: Enter
) -> None:
    settings_of(
        greeting={"nl": "Welkom!"}, danger_words={"nl": ["gaslek"]}, emergency_number="112", duty_number="0900 1"
    )
    write_from(None, "Hallo")
    assert len(said()) == 1
    with enter(company):
        Conversation.objects.update(status="closed", closed_at=timezone.now() - timedelta(days=3))
    write_from(None, "Nog iets")

    first, second = said()

    assert first.body == second.body == "Welkom!\n\nBij direct gevaar: bel 112. Spoed: 0900 1."


@pytest.mark.parametrize("text", ["Automatisch antwoord: ik ben er niet", "Out of office until Monday"])
def test_a_machine_is_not_answered(settings_of: Settings, write_from: WriteFrom, said: Said, text: str) -> None:
    settings_of(greeting={"nl": "Welkom!"})
    write_from(None, text)

    assert said() == []


def test_admins_write_the_texts_and_see_how_they_read(as_admin: Client, as_agent: Client) -> None:
    data: dict[str, Any] = {"greeting_nl": "Welkom!", "away_de": "Wir sind zu."}

    assert as_admin.post("/settings/greeting/", data).status_code == 302
    page = as_admin.get("/settings/greeting/").content.decode()

    assert "Welkom!</p>" in page and "Wir sind zu." in page
    assert as_agent.get("/settings/greeting/").status_code == 403


def test_a_text_that_would_be_stopped_is_refused_when_it_is_written(as_admin: Client, settings_of: Settings) -> None:
    data = {"greeting_nl": "Betaal op NL91 ABNA 0417 1643 00."}

    refused = as_admin.post("/settings/greeting/", data)
    settings_of(own_accounts=["NL91ABNA0417164300"])

    assert refused.status_code == 422 and "would be stopped" in refused.content.decode()
    assert as_admin.post("/settings/greeting/", data).status_code == 302


def test_admins_set_the_other_ways_and_see_what_follows(
    as_admin: Client, as_agent: Client, company: ClientCompany, enter: Enter
) -> None:
    data = {"blur_media": "always", "term_lists": "on"}

    assert as_admin.post("/settings/contact-page/", {"other_phone": "030 1"}).status_code == 302
    assert as_admin.post("/settings/sensitive/", data | {"other_phone": ""}).status_code == 302
    page = as_admin.get("/settings/sensitive/").content.decode()

    assert "Per telefoon: 030 1." in page and "come in blurred" in page
    assert as_agent.get("/settings/sensitive/").status_code == 403


def test_nothing_goes_out_by_itself_after_somebody_answered(
    settings_of: Settings, write_from: WriteFrom, said: Said, company: ClientCompany, enter: Enter, as_agent: Client
) -> None:
    settings_of(greeting={"nl": "Welkom!"})
    write_from(None, "Hallo")
    row = last(company, enter)
    with enter(company):
        Message.objects.filter(pk=row.pk).update(at=row.at - timedelta(hours=2))

    assert said() == []  # too late to greet


def test_who_writes_after_closing_is_told_so_although_somebody_answered_in_the_afternoon(
    settings_of: Settings, write_from: WriteFrom, said: Said, company: ClientCompany, enter: Enter, inbox: Inbox
) -> None:
    settings_of(
        hours=NEVER, away={"nl": "Dicht."}, danger_words={"*": ["gas"]}, emergency_number="112", greeting={"nl": "Hoi"}
    )
    write_from(None, "Hallo")
    row = last(company, enter).conversation
    inbox.message(row, direction="out", body="Dag!", at=timezone.now() - timedelta(hours=3))

    [away] = said()

    assert away.body.endswith("Bij direct gevaar: bel 112.")


def test_the_numbers_are_said_although_something_else_in_the_text_may_not_be(
    settings_of: Settings, write_from: WriteFrom, said: Said
) -> None:
    settings_of(
        greeting={"nl": "Betaal op NL91 ABNA 0417 1643 00."}, danger_words={"*": ["gas"]}, emergency_number="112"
    )
    write_from(None, "Hallo")

    assert [message.body for message in said()] == ["Bij direct gevaar: bel 112."]


def test_however_long_a_text_is_the_numbers_stand_below_it(settings_of: Settings, inbox: Inbox) -> None:
    settings_of(greeting={"nl": "a" * 5000}, danger_words={"*": ["gas"]}, emergency_number="112")
    with inbox.inside():
        text = automation.compose(InboxSettings.load(), away=False, language="nl")

    assert len(text) <= 4096 and text.endswith("bel 112.")
