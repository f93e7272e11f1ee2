"""A person at the client is asked by mail, answers by a link, and the answer returns as a note."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connections
from django.test import Client
from django.utils import timezone

from conversations.models import ClientQuestion, Conversation, InboxSettings, Note
from conversations.services.personal_data import Events
from conversations.services.questions import question_ends, question_mail
from tenants.accounts.models import AuditEntry
from tests.conversations.inbox.conftest import HX, Inbox
from tests.fixtures.people import browser

TO = {"name": "Jan Janssen", "email": "jan@example.test"}
QUESTION = "When is order 77 delivered?"


@pytest.fixture
def link() -> Any:
    """The path of the link in the last mail."""

    def found() -> str:
        [path] = re.findall(r"https?://[^/\s]+(/answer/\w+/)", mail.outbox[-1].body)
        return str(path)

    return found


@pytest.fixture
def at_home(company: Any) -> Iterator[Client]:
    """A browser of somebody who has no account."""
    return browser("fietsland.test")


def ask(client: Client, row: Conversation, **more: str) -> Any:
    return client.post(f"/inbox/{row.pk}/ask/", {**TO, "body": QUESTION, **more}, headers=HX)


def mail_out(inbox: Inbox) -> None:
    with inbox.inside():
        assert question_mail.send_due()


def test_a_question_leaves_once_with_nothing_of_the_customer_and_the_conversation_waits(
    as_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation("Marieke de Vries", said="A secret of hers")

    told = ask(as_agent, row)
    mail_out(inbox)
    mail_out(inbox)

    [letter] = mail.outbox
    assert letter.to == ["jan@example.test"]
    assert QUESTION in letter.body and "/answer/" in letter.body
    assert "Marieke" not in letter.body + letter.subject and "secret" not in letter.body
    assert inbox.fresh(row).hold == "client"
    assert "Asked Jan Janssen" in told.content.decode()
    with inbox.inside():
        token = letter.body.split("/answer/")[1].split("/")[0]
        assert not ClientQuestion.objects.filter(token_hash=token).exists()


def test_the_answer_returns_as_a_note_ends_the_waiting_and_raises_the_conversation(
    as_agent: Client, at_home: Client, inbox: Inbox, link: Any
) -> None:
    row = inbox.conversation()
    ask(as_agent, row)
    mail_out(inbox)
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(waiting_since=None, unread_count=0)

    page = at_home.get(link()).content.decode()
    told = at_home.post(link(), {"name": "Jan Janssen", "body": "On Friday"})

    thread = as_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode()
    fresh = inbox.fresh(row)
    assert QUESTION in page and "Marieke" not in page
    assert told.status_code == 200 and "Bedankt" in told.content.decode()
    assert "Answer of Jan Janssen" in thread and "On Friday" in thread
    assert fresh.hold == "" and fresh.waiting_since is not None and fresh.due_at is not None
    with inbox.inside():
        note = Note.objects.get()
        assert note.author_id is None and note.signed == "Jan Janssen"
        asked = set(AuditEntry.objects.filter(action__startswith="question.").values_list("action", flat=True))
    assert asked == {"question.asked", "question.answered"}


def test_a_link_takes_one_answer_and_says_so_afterwards(
    as_agent: Client, at_home: Client, inbox: Inbox, link: Any
) -> None:
    ask(as_agent, inbox.conversation())
    mail_out(inbox)
    at_home.post(link(), {"name": "Jan", "body": "On Friday"})

    again = at_home.post(link(), {"name": "Jan", "body": "No, on Monday"})

    assert again.status_code == 410 and "Al beantwoord" in again.content.decode()
    with inbox.inside():
        assert Note.objects.count() == 1


def test_of_two_answers_at_once_one_counts(committed: None, as_agent: Client, inbox: Inbox, link: Any) -> None:
    ask(as_agent, inbox.conversation())
    mail_out(inbox)
    path, start, codes = link(), threading.Barrier(2), []

    def answer(body: str) -> None:
        client = browser("fietsland.test")
        start.wait(60)
        try:
            codes.append(client.post(path, {"name": "Jan", "body": body}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=answer, args=[body]) for body in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(codes) == [200, 410]
    with inbox.inside():
        assert Note.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"withdrawn_at": timezone.now()}, "Niet meer nodig"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "Deze link is verlopen"),
    ],
)
def test_an_ended_link_says_why(
    as_agent: Client, at_home: Client, inbox: Inbox, link: Any, change: dict[str, Any], words: str
) -> None:
    ask(as_agent, inbox.conversation())
    mail_out(inbox)
    with inbox.inside():
        ClientQuestion.objects.update(**change)

    told = at_home.get(link())

    assert told.status_code == 410 and words in told.content.decode()
    assert at_home.post(link(), {"name": "Jan", "body": "Late"}).status_code == 410


def test_an_unknown_link_leads_nowhere_and_another_companys_host_knows_none(
    as_agent: Client, at_home: Client, inbox: Inbox, other_company: Any, link: Any
) -> None:
    ask(as_agent, inbox.conversation())
    mail_out(inbox)

    assert at_home.get("/answer/0123456789abcdef/").status_code == 404
    assert browser("zorgvast.test").get(link()).status_code == 404


def test_too_many_calls_from_one_place_have_to_wait(at_home: Client) -> None:
    codes = [at_home.get("/answer/guess/").status_code for _ in range(35)]

    assert codes[0] == 404 and codes[-1] == 429


def test_withdrawing_the_last_question_ends_the_waiting(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    ask(as_agent, row)
    with inbox.inside():
        question = ClientQuestion.objects.get()

    told = as_agent.post(f"/inbox/{row.pk}/questions/{question.pk}/withdraw/", headers=HX)
    mail_out(inbox)

    assert told.status_code == 200 and "Asked Jan" not in told.content.decode().split("thread-list")[0]
    assert inbox.fresh(row).hold == ""
    assert mail.outbox == []


def test_reminding_mails_the_same_link_again_but_not_within_the_hour(
    as_agent: Client, at_home: Client, inbox: Inbox, link: Any
) -> None:
    row = inbox.conversation()
    ask(as_agent, row)
    mail_out(inbox)
    first = link()
    with inbox.inside():
        question = ClientQuestion.objects.get()
    path = f"/inbox/{row.pk}/questions/{question.pk}/remind/"
    assert as_agent.post(path, headers=HX).status_code == 422
    with inbox.inside():
        earlier = timezone.now() - timedelta(hours=2)
        ClientQuestion.objects.update(asked_at=earlier, mailed_at=earlier, expires_at=timezone.now())

    assert as_agent.post(path, headers=HX).status_code == 200
    mail_out(inbox)

    assert len(mail.outbox) == 2 and "Herinnering" in mail.outbox[1].subject
    assert link() == first
    assert at_home.get(first).status_code == 200


def test_an_answer_to_a_closed_conversation_opens_it_again(
    as_agent: Client, at_home: Client, inbox: Inbox, link: Any
) -> None:
    row = inbox.conversation()
    ask(as_agent, row)
    mail_out(inbox)
    as_agent.post(f"/inbox/{row.pk}/close/", headers=HX)

    at_home.post(link(), {"name": "Jan", "body": "On Friday"})

    fresh = inbox.fresh(row)
    assert fresh.status == "open" and fresh.waiting_since is not None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"email": "no address"}, "not an e-mail address"),
        ({"name": ""}, "Say who is asked"),
        ({"body": " "}, "Write the question first"),
        ({"body": "x" * 4097}, "4096"),
    ],
)
def test_what_cannot_be_asked_comes_back_with_the_reason(
    as_agent: Client, inbox: Inbox, data: dict[str, str], words: str
) -> None:
    row = inbox.conversation()

    told = ask(as_agent, row, **data)

    assert told.status_code == 422 and words in told.content.decode()
    with inbox.inside():
        assert not ClientQuestion.objects.exists()


def test_people_of_the_companys_list_are_asked_in_their_language(
    as_agent: Client, as_admin: Client, at_home: Client, inbox: Inbox, link: Any
) -> None:
    row = inbox.conversation()
    person = {"name": "Petra", "email": "petra@example.test", "about": "Invoices", "language": "de"}
    assert as_admin.post("/settings/client-people/", person).status_code == 302

    assert "Petra" in as_agent.get(f"/inbox/{row.pk}/ask/", headers=HX).content.decode()
    ask(as_agent, row, person="petra@example.test")
    with inbox.inside():
        assert ClientQuestion.objects.get().to_email == "petra@example.test"
        assert InboxSettings.load().client_people == [person]

    mail_out(inbox)
    assert "Guten Tag Petra" in mail.outbox[0].body and "Eine Frage" in at_home.get(link()).content.decode()

    as_admin.post("/settings/client-people/", {"remove": "petra@example.test"})
    with inbox.inside():
        assert InboxSettings.load().client_people == []
    late = ask(as_agent, row, person="petra@example.test")
    assert late.status_code == 422 and "no longer in the list" in late.content.decode()


def test_a_mail_server_that_is_away_is_tried_again(as_agent: Client, inbox: Inbox, settings: Any) -> None:
    ask(as_agent, inbox.conversation())
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 9
    with inbox.inside():
        assert not question_mail.send_due()
        assert ClientQuestion.objects.get().mailed_at is None

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail_out(inbox)

    assert len(mail.outbox) == 1


def test_at_most_five_questions_are_open_at_once(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    codes = [ask(as_agent, row).status_code for _ in range(6)]

    assert codes == [200] * 5 + [422]


def test_a_question_leaves_with_the_lines_of_its_thread(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    ask(as_agent, row)
    as_agent.post(f"/inbox/{row.pk}/close/", headers=HX)
    later = timezone.now() + timedelta(days=1)

    with inbox.inside():
        events = Events()
        events.let_go(events.find(later, limit=100), cut_off=later)
        assert not ClientQuestion.objects.exists()


@pytest.mark.parametrize("rest", ["snoozed", "customer"])
def test_an_answer_ends_whatever_rest_the_conversation_is_at(
    as_agent: Client, at_home: Client, inbox: Inbox, link: Any, rest: str
) -> None:
    row = inbox.conversation()
    ask(as_agent, row)
    mail_out(inbox)
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(hold=rest, hold_until=timezone.now() + timedelta(days=3))

    at_home.post(link(), {"name": "Jan", "body": "On Friday"})

    assert inbox.fresh(row).hold == ""


@pytest.mark.parametrize(
    ("ended", "why", "words"),
    [
        ({"expires_at": timedelta(seconds=1)}, "expired", "No answer came before the link ended"),
        ({"asked_at": timedelta(days=1, hours=1), "mailed_at": None}, "unsent", "could not be sent"),
    ],
)
def test_what_waits_for_an_answer_that_cannot_come_returns_once(
    as_agent: Client, inbox: Inbox, ended: dict[str, timedelta | None], why: str, words: str
) -> None:
    row = inbox.conversation()
    ask(as_agent, row)
    mail_out(inbox)
    with inbox.inside():
        assert question_ends.end_due() == 0
        changes = {name: timezone.now() - ago if ago else None for name, ago in ended.items()}
        ClientQuestion.objects.update(**changes)
        Conversation.objects.filter(pk=row.pk).update(hold_since=timezone.now() - timedelta(days=15), unread_count=0)
        assert question_ends.end_due() == 1
        assert question_ends.end_due() == 0

    assert (inbox.fresh(row).hold, inbox.fresh(row).unread_count) == ("", 1)
    assert words in as_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode()

    as_agent.post(f"/inbox/{row.pk}/wait/", {"for": "client"}, headers=HX)
    with inbox.inside():
        assert question_ends.end_due() == 0  # somebody decided to wait all the same


def test_of_several_that_were_asked_one_is_still_waited_for(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    ask(as_agent, row)
    ask(as_agent, row, email="piet@example.test")
    mail_out(inbox)
    with inbox.inside():
        ClientQuestion.objects.filter(to_email="jan@example.test").update(expires_at=timezone.now())
        Conversation.objects.filter(pk=row.pk).update(hold_since=timezone.now() - timedelta(days=15))
        assert question_ends.end_due() == 0


def test_a_reminder_waits_for_the_client_again(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    ask(as_agent, row)
    with inbox.inside():
        long_ago = timezone.now() - timedelta(days=15)
        ClientQuestion.objects.update(asked_at=long_ago, mailed_at=long_ago, expires_at=timezone.now())
        Conversation.objects.filter(pk=row.pk).update(hold="", hold_since=None)
        question = ClientQuestion.objects.get()

    as_agent.post(f"/inbox/{row.pk}/questions/{question.pk}/remind/", headers=HX)

    assert inbox.fresh(row).hold == "client"


def test_a_question_asks_first_as_a_message_does(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    number = "Zijn BSN is 111222333, klopt dat?"

    stopped = ask(as_agent, row, body=number)
    blank = ask(as_agent, row, body="Is ⟦order⟧ er al?")

    assert stopped.status_code == 422 and "Why it has to be sent" in stopped.content.decode()
    assert number in stopped.content.decode()  # nothing that was typed is lost
    assert blank.status_code == 422 and "Send anyway" in blank.content.decode()
    with inbox.inside():
        assert not ClientQuestion.objects.exists()
        assert AuditEntry.objects.filter(action="sensitive.stopped").count() == 1
    assert ask(as_agent, row, body="Is ⟦order⟧ er al?", confirmed="blanks_left").status_code == 200
    assert ask(as_agent, row, body=number, override_reason="Voor de verzekering").status_code == 200
    thread = as_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode()
    assert "Zijn BSN is" in thread and "111222333" not in thread  # in the mail, not under everybody's eyes
    with inbox.inside():
        assert AuditEntry.objects.get(action="sensitive.overridden").reason == "Voor de verzekering"
