"""Danger words put a conversation first, tell whoever leads at once and once, and end with a note."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, ConversationEvent, Note
from conversations.services import housekeeping, queue
from conversations.services.guard import danger_telling
from tenants.accounts.models import AuditEntry, User
from tenants.models import ClientCompany
from tests.conversations.guard.conftest import Settings
from tests.conversations.guard.test_coming_in import last
from tests.conversations.inbox.conftest import HX, Inbox
from tests.fixtures.companies import Enter
from tests.fixtures.webhooks import WriteFrom

RunDue = Callable[..., int]


@pytest.fixture
def danger(settings_of: Settings) -> None:
    settings_of(
        danger_words={"nl": ["gaslek", "kan niet ademen"]},
        danger_protocol="Bel eerst zelf.",
        emergency_number="112",
        duty_number="06 11 22 33 44",
    )


def test_a_danger_word_shows_the_protocol_and_tells_leads_once_without_content(
    danger: None, company: ClientCompany, enter: Enter, write_from: WriteFrom, run_due: RunDue, as_agent: Client
) -> None:
    write_from(None, "Help, een GASLEK in de keuken")
    row = last(company, enter).conversation
    run_due("housekeeping")
    with enter(company):
        danger_telling.tell(str(row.pk))  # again: nobody is told twice

    assert row.danger_at is not None
    card = as_agent.get(f"/inbox/{row.pk}/composer/").content.decode()
    assert "Bel eerst zelf." in card and "112" in card and "06 11 22 33 44" in card and "gaslek" in card
    told = [message.to[0] for message in mail.outbox]
    assert told and len(told) == len(set(told))
    assert all("keuken" not in message.body and str(row.pk) in message.body for message in mail.outbox)


def test_danger_is_raised_once_and_ends_with_a_note(
    danger: None, company: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client
) -> None:
    write_from(None, "gaslek")
    write_from(None, "ik kan niet ademen")
    row = last(company, enter).conversation
    with enter(company):
        assert row.events.filter(kind="danger_seen").count() == 1

    assert as_agent.post(f"/inbox/{row.pk}/danger/over/", {"note": ""}, headers=HX).status_code == 422
    assert as_agent.post(f"/inbox/{row.pk}/danger/over/", {"note": "112 was there"}, headers=HX).status_code == 200

    with enter(company):
        assert Conversation.objects.get(pk=row.pk).danger_at is None
        assert Note.objects.get(conversation=row).body == "112 was there"
        assert row.events.filter(kind="danger_over").exists()
        assert AuditEntry.objects.filter(action="danger.dealt_with").exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"text": "Er is een gas\u200blek"},
        {
            "type": "interactive",
            "interactive": {
                "type": "nfm_reply",
                "nfm_reply": {"name": "flow", "body": "Sent", "response_json": '{"what": "Ik kan niet ademen"}'},
            },
        },
        {"type": "button", "button": {"text": "Gaslek", "payload": "x"}},
    ],
    ids=["unseen sign", "form", "button"],
)
def test_danger_is_seen_in_whatever_way_somebody_answers(
    danger: None, company: ClientCompany, enter: Enter, write_from: WriteFrom, sent: dict[str, Any]
) -> None:
    write_from(None, **sent)

    assert last(company, enter).conversation.danger_at is not None


def test_a_name_on_a_card_is_no_danger(
    danger: None, company: ClientCompany, enter: Enter, write_from: WriteFrom
) -> None:
    write_from(None, type="contacts", contacts=[{"name": {"formatted_name": "Jan Gaslek", "first_name": "Jan"}}])

    assert last(company, enter).conversation.danger_at is None


def test_words_of_one_company_mean_nothing_to_another(
    danger: None,
    other_company: ClientCompany,
    other_number: object,
    other_meta_app: object,
    enter: Enter,
    write_from: WriteFrom,
) -> None:
    write_from(None, "gaslek", to=other_number, app=other_meta_app)

    with enter(other_company):
        assert Conversation.objects.get().danger_at is None


def test_admins_keep_words_by_language_and_try_a_text_on_them(
    as_admin: Client, as_agent: Client, company: ClientCompany, enter: Enter
) -> None:
    data = {"danger_words_nl": "gaslek\n gas  lek \ngaslek", "danger_words_*": "112", "danger_protocol": "Bel."}

    assert as_admin.post("/settings/danger/", data).status_code == 302
    page = as_admin.get("/settings/danger/", {"try": "Er is een gas lek!"}).content.decode()

    assert "gas lek</bdi>" in page and "Bel." in page
    assert "No emergency number is set." in page
    as_admin.post("/settings/danger/", data | {"emergency_number": "112"})
    assert "neither a greeting nor an away text" in as_admin.get("/settings/danger/").content.decode()
    assert as_agent.get("/settings/danger/").status_code == 403


def test_nobody_closes_a_danger_away(
    danger: None, company: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client, as_supervisor: Client
) -> None:
    write_from(None, "gaslek")
    row = last(company, enter).conversation

    refused = as_agent.post(f"/inbox/{row.pk}/close/", headers=HX)
    as_supervisor.post("/inbox/bulk/", {"act": "close", "ids": [str(row.pk)]}, headers=HX)
    with enter(company):
        Conversation.objects.update(last_message_at=timezone.now() - timedelta(days=99))
        ConversationEvent.objects.update(at=timezone.now() - timedelta(days=99))
        housekeeping.keep("")
        assert Conversation.objects.get().status != "closed"
    assert refused.status_code == 422 and "what was done about it" in refused.content.decode()

    as_agent.post(f"/inbox/{row.pk}/danger/over/", {"note": "112 was there"}, headers=HX)
    assert as_agent.post(f"/inbox/{row.pk}/close/", headers=HX).status_code == 200


@pytest.mark.parametrize("sort", list(queue.Sort))
def test_danger_outranks_every_sort_of_what_is_snoozed_as_well(inbox: Inbox, agent: User, sort: queue.Sort) -> None:
    rows = [inbox.conversation(f"P{minutes}", minutes_ago=minutes) for minutes in (50, 40, 30)]
    with inbox.inside():
        Conversation.objects.update(hold="snoozed", hold_until=timezone.now() + timedelta(hours=1))
        Conversation.objects.filter(pk=rows[1].pk).update(danger_at=timezone.now())
        page = queue.page(queue.Asked(queue.View.SNOOZED, sort), user=agent)

    assert page.rows[0].pk == rows[1].pk and len(page.rows) == 3
