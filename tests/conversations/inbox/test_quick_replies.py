"""Prepared answers: found by a word, in the customer's language, filled in, one's own first, kept by who may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Contact, InboxSettings, QuickReply
from tenants.accounts.models import AuditEntry, User
from tests.architecture.html_rules import assert_clean
from tests.conversations.inbox.conftest import HX, Inbox

Post = Callable[..., Any]
HELLO = {"nl": "Hoi {{contact.first_name}}, met {{agent.name}} van {{company.name}}.", "de": "Guten Tag!"}


def add(inbox: Inbox, shortcut: str, texts: dict[str, str] = HELLO, **fields: Any) -> QuickReply:
    with inbox.inside():
        return QuickReply.objects.create(shortcut=shortcut, title=shortcut.title(), texts=texts, **fields)


def offered(browser: Client, row: Any, search: str = "") -> str:
    response = browser.get(f"/inbox/{row.pk}/replies/", {"q": search}, headers=HX)
    assert response.status_code == 200
    return response.content.decode()


def test_ones_own_stand_first_then_the_most_used_and_nobody_elses(
    as_agent: Client, agent: User, second_agent: User, inbox: Inbox, other_inbox: Inbox
) -> None:
    row = inbox.conversation()
    add(inbox, "seldom")
    add(inbox, "often", used=9)
    add(inbox, "mine", owner=agent)
    add(inbox, "hers", owner=second_agent)
    add(other_inbox, "elsewhere")

    shown = offered(as_agent, row)

    assert shown.index("/mine") < shown.index("/often") < shown.index("/seldom")
    assert "/hers" not in shown and "/elsewhere" not in shown
    assert "/often" in offered(as_agent, row, "oft") and "/seldom" not in offered(as_agent, row, "oft")


def test_the_text_comes_in_the_customers_language_filled_in_and_is_counted(
    as_agent: Client, agent: User, inbox: Inbox
) -> None:
    row, reply = inbox.conversation("Marieke Jansen"), add(inbox, "hello")
    address = f"/inbox/{row.pk}/replies/{reply.pk}/"
    with inbox.inside():
        User.objects.filter(pk=agent.pk).update(alias="Team fiets")

    assert as_agent.post(address, headers=HX).json()["text"] == "Hoi Marieke, met Team fiets van Fietsland."
    with inbox.inside():
        Contact.objects.update(market="DE")
    assert as_agent.post(address, headers=HX).json()["text"] == "Guten Tag!"
    with inbox.inside():
        Contact.objects.update(language="nl")
    assert as_agent.post(address, headers=HX).json()["text"].startswith("Hoi")
    with inbox.inside():
        assert QuickReply.objects.get().used == 3


def test_what_nobody_knows_is_marked_and_asks_before_it_leaves(as_agent: Client, inbox: Inbox, reply: Post) -> None:
    row = inbox.conversation()
    prepared = add(inbox, "order", {"nl": "Bestelling {{field.order}} voor {{ contact.name }}: {{field.day}}"})
    with inbox.inside():
        Contact.objects.update(fields={"order": "A-12"})

    text = as_agent.post(f"/inbox/{row.pk}/replies/{prepared.pk}/", headers=HX).json()["text"]

    assert text == "Bestelling A-12 voor Marieke: ⟦field.day⟧"
    assert reply(as_agent, row, text).json()["asks"] == "blanks_left"


def test_a_colleagues_own_reply_is_not_to_be_had(
    as_agent: Client, second_agent: User, as_other_agent: Client, inbox: Inbox
) -> None:
    row, hers, shared = inbox.conversation(), add(inbox, "hers", owner=second_agent), add(inbox, "hello")

    assert as_agent.post(f"/inbox/{row.pk}/replies/{hers.pk}/", headers=HX).status_code == 404
    assert as_agent.get(f"/replies/{hers.pk}/").status_code == 404
    assert as_agent.post(f"/replies/{hers.pk}/remove/").status_code == 404
    assert as_agent.get(f"/replies/{shared.pk}/").status_code == 404
    assert as_other_agent.post(f"/inbox/{row.pk}/replies/{shared.pk}/", headers=HX).status_code == 404


def test_everybody_keeps_their_own_and_only_supervisors_the_shared_ones(
    as_agent: Client, as_supervisor: Client, agent: User, inbox: Inbox
) -> None:
    given = {"shortcut": "Groet", "title": "Groet", "text_nl": "Hoi {{contact.name}}", "text_de": ""}

    assert as_agent.post("/settings/replies/new/", given).status_code == 403
    assert as_agent.post("/replies/new/", given).status_code == 302
    assert as_supervisor.post("/settings/replies/new/", given).status_code == 302

    with inbox.inside():
        rows = {row.owner_id: row for row in QuickReply.objects.all()}
        entries = AuditEntry.objects.filter(action="quick_reply.made")
        told = sorted((entry.details["shortcut"], entry.details["shared"]) for entry in entries)
    assert set(rows) == {None, agent.pk}
    assert rows[None].shortcut == "groet" and rows[None].texts == {"nl": "Hoi {{contact.name}}"}
    assert told == [("groet", False), ("groet", True)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"shortcut": "two words"},
        {"shortcut": ""},
        {"text_nl": "  "},
        {"text_nl": "x" * 4097},
        {"shortcut": "taken"},
        {"text_nl": "Hoi {{contact.nmae}}"},
    ],
)
def test_what_cannot_be_is_refused_in_its_place(as_supervisor: Client, inbox: Inbox, wrong: dict[str, str]) -> None:
    add(inbox, "taken")
    given = {"shortcut": "free", "title": "Free", "text_nl": "Hoi"}

    answer = as_supervisor.post("/settings/replies/new/", given | wrong)

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()


def test_one_is_changed_and_removed_and_the_pages_hold(as_supervisor: Client, inbox: Inbox) -> None:
    reply = add(inbox, "hello", {"nl": "Hoi", "fr": "Bonjour"})
    with inbox.inside():
        InboxSettings.objects.update_or_create(pk=1, defaults={"contact_fields": [{"key": "Bike", "name": "Bike"}]})
    given = {"shortcut": "hallo", "title": "Hallo", "text_nl": "Dag {{ field.bike }}", "text_en": "Hello"}

    for path in ("/settings/replies/", "/settings/replies/new/", f"/settings/replies/{reply.pk}/", "/replies/"):
        response = as_supervisor.get(path)
        assert response.status_code == 200
        assert_clean(response.content.decode())
    assert as_supervisor.post(f"/settings/replies/{reply.pk}/", given).status_code == 302
    with inbox.inside():
        assert QuickReply.objects.get().texts == {"nl": "Dag {{ field.bike }}", "en": "Hello", "fr": "Bonjour"}
    assert as_supervisor.post(f"/settings/replies/{reply.pk}/remove/").status_code == 302
    with inbox.inside():
        assert not QuickReply.objects.exists()


@pytest.mark.parametrize(
    ("language", "formal", "informal"),
    [("nl", "u", "je"), ("de-AT", "Sie", "du"), ("fr", "vous", "tu"), ("en", "", "")],
)
def test_the_field_speaks_the_customers_language_and_says_how_to_address_her(
    as_agent: Client, inbox: Inbox, language: str, formal: str, informal: str
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        Contact.objects.update(language=language)

    for form, word in (("formal", formal), ("informal", informal), ("", "")):
        with inbox.inside():
            InboxSettings.objects.update_or_create(pk=1, defaults={"form_of_address": form})
        shown = as_agent.get(f"/inbox/{row.pk}/", headers=HX).content.decode()
        assert f'lang="{language[:2]}" spellcheck="true"' in shown
        assert f'data-language="{language[:2]}"' in shown  # in which articles are looked for
        assert (f'<span lang="{language[:2]}">{word}</span>' in shown) is bool(word)


def test_news_say_when_the_customers_language_is_another_one(as_agent: Client, inbox: Inbox) -> None:
    row, since = inbox.conversation(), timezone.now().isoformat()
    with inbox.inside():
        Contact.objects.update(language="de")

    news = as_agent.get(f"/inbox/{row.pk}/news/", {"since": since}, headers=HX).content.decode()

    assert 'data-tongue="de"' in news


@pytest.mark.parametrize(
    ("chosen", "below"),
    [
        ({"signature": "alias"}, "– Agent"),
        ({"signature": "text", "signature_text": "Fietsland"}, "Fietsland"),
    ],
)
def test_the_signature_stands_below_an_answer_once_and_goes_when_it_is_taken_back(
    as_agent: Client, as_admin: Client, inbox: Inbox, reply: Post, chosen: dict[str, str], below: str
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        settings = InboxSettings.load()
    given = {name: getattr(settings, name) for name in ("idle_close_days", "reopen_hours")}
    answer = as_admin.post("/settings/inbox/", given | {"unknown_settles_minutes": 10} | chosen)
    assert answer.status_code == 302

    assert f'data-signature="{below}"' in as_agent.get(f"/inbox/{row.pk}/composer/", headers=HX).content.decode()
    assert reply(as_agent, row, "Tot morgen").status_code == 200
    [message] = inbox.sent(row)
    assert message.body == f"Tot morgen\n\n{below}"
    undone = as_agent.post(f"/inbox/{row.pk}/messages/{message.pk}/undo/", headers=HX)
    assert undone.json() == {"body": "Tot morgen"}
    assert reply(as_agent, row, "x" * 4090).status_code == 422
