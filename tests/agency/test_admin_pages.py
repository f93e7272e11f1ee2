"""A client's admin sees today's figures and manages people, keys and settings; others do not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Channel, Contact, Conversation, Direction, Draft, InboxSettings, Message, PhoneNumber
from conversations.services import figures
from conversations.status import MessageStatus
from tenants.accounts.models import ApiKey, AuditEntry, User
from tenants.accounts.roles import Role
from tenants.models import ClientCompany
from tests.architecture import html_rules
from tests.fixtures.companies import Enter

pytestmark = pytest.mark.usefixtures("db")

PAGES = ["/dashboard/", "/people/", "/api-keys/", "/settings/", "/billing/"]


def a_conversation(number: PhoneNumber, *, assignee: User | None = None) -> Conversation:
    now = timezone.now()
    contact = Contact.objects.create(name="Ana", wa_id="31612345678")
    channel = Channel.objects.create(contact=contact, phone_number=number)
    return Conversation.objects.create(
        contact=contact,
        phone_number=number,
        channel=channel,
        assignee=assignee,
        opened_at=now,
        last_message_at=now,
        waiting_since=now,
    )


def a_message(conversation: Conversation, *, direction: str, **fields: Any) -> Message:
    return Message.objects.create(
        conversation=conversation,
        channel_id=conversation.channel_id,
        phone_number_id=conversation.phone_number_id,
        direction=direction,
        sender_kind="contact" if direction == Direction.INBOUND else "human",
        type="text",
        body="Hallo",
        sequence=1,
        **fields,
    )


@pytest.mark.parametrize("path", PAGES)
def test_an_admin_sees_the_page_and_an_agent_does_not(path: str, as_admin: Client, as_agent: Client) -> None:
    page = as_admin.get(path)

    assert page.status_code == 200
    assert html_rules.breaches_in(page.content.decode()) == []
    assert as_agent.get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_signed_out_people_are_sent_to_sign_in(path: str, as_nobody: Client) -> None:
    assert as_nobody.get(path).headers["Location"].startswith("/accounts/login/")


def test_figures_count_this_company_only(
    company: ClientCompany, other_company: ClientCompany, number: PhoneNumber, agent: User, enter: Enter
) -> None:
    now = timezone.now()
    with enter(company):
        conversation = a_conversation(number)
        a_message(conversation, direction=Direction.INBOUND, at=now - timedelta(minutes=1))
        answer = a_message(
            conversation, direction=Direction.OUTBOUND, at=now, author=agent, status=MessageStatus.FAILED
        )
        day = figures.day_of(company, at=answer.at)

    with enter(other_company):
        elsewhere = figures.day_of(other_company, at=now)

    assert (day.received, day.sent, day.failed, day.begun, day.waiting) == (1, 1, 1, 1, 1)
    assert day.first_answer == timedelta(minutes=1)
    assert [(line.name, line.messages, line.conversations) for line in day.agents] == [(agent.name, 1, 1)]
    assert (elsewhere.received, elsewhere.sent, elsewhere.begun, elsewhere.waiting) == (0, 0, 0, 0)


def test_inviting_makes_a_person_and_sends_a_link(as_admin: Client, company: ClientCompany, enter: Enter) -> None:
    as_admin.post("/people/", {"name": "Noor", "email": "Noor@Fietsland.test", "role": "agent"})

    with enter(company):
        person = User.objects.get(email="noor@fietsland.test")
        assert person.role == Role.AGENT
        assert person.invitations.count() == 1


def test_an_address_that_is_taken_is_refused_in_the_form(as_admin: Client, agent: User) -> None:
    answer = as_admin.post("/people/", {"name": "Twice", "email": agent.email, "role": "agent"})

    assert answer.status_code == 422


def test_whoever_leaves_gives_conversations_back_and_is_out_at_once(
    as_admin: Client, as_agent: Client, agent: User, number: PhoneNumber, company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        conversation = a_conversation(number, assignee=agent)
        Draft.objects.create(conversation=conversation, user=agent, body="Unsent", changed_at=timezone.now())
    as_agent.post("/presence/", {"presence": "paused", "reason": "doctor"})

    as_admin.post(f"/people/{agent.pk}/off/")

    with enter(company):
        conversation.refresh_from_db()
        agent.refresh_from_db()
        assert conversation.assignee is None
        assert (agent.presence, agent.pause_reason, agent.seen_at, agent.presence_since) == ("away", "", None, None)
        assert not Draft.objects.exists()
    assert as_agent.get("/accounts/profile/").status_code == 302


def test_the_last_admin_stays(as_admin: Client, admin: User, company: ClientCompany, enter: Enter) -> None:
    as_admin.post(f"/people/{admin.pk}/off/")
    as_admin.post(f"/people/{admin.pk}/role/", {"role": "agent"})

    with enter(company):
        admin.refresh_from_db()
        assert (admin.is_active, admin.role) == (True, Role.ADMIN)


def test_people_of_another_company_are_not_there(as_admin: Client, other_agent: User) -> None:
    for action in ("off", "on", "invite"):
        assert as_admin.post(f"/people/{other_agent.pk}/{action}/").status_code == 404
    assert as_admin.post(f"/people/{other_agent.pk}/role/", {"role": "admin"}).status_code == 404


def test_a_key_is_shown_once_and_can_be_revoked(as_admin: Client, company: ClientCompany, enter: Enter) -> None:
    made = as_admin.post("/api-keys/", {"name": "Web shop", "scopes": ["messages:read"]})

    with enter(company):
        key = ApiKey.objects.get(name="Web shop")
    assert f"balie_{key.prefix}_" in made.content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    secret = made.context["secret"]
    call = {"Authorization": f"Bearer {secret}"}
    assert Client(headers={"host": "fietsland.test"}).get(f"/api/v1/messages/{key.pk}", headers=call).status_code == 404

    as_admin.post(f"/api-keys/{key.pk}/revoke/")

    assert secret not in as_admin.get("/api-keys/").content.decode()
    assert Client(headers={"host": "fietsland.test"}).get(f"/api/v1/messages/{key.pk}", headers=call).status_code == 401


def test_settings_are_kept_and_the_change_is_recorded(as_admin: Client, company: ClientCompany, enter: Enter) -> None:
    fields = {
        "response_minutes": 30,
        "privacy_url": "https://fietsland.test/privacy",
        "idle_close_days": 14,
        "reopen_hours": 24,
        "unknown_settles_minutes": 10,
    }

    as_admin.post("/settings/inbox/", fields)
    refused = as_admin.post("/settings/inbox/", {**fields, "idle_close_days": 0})

    assert refused.status_code == 422
    with enter(company):
        assert InboxSettings.load().idle_close_days == 14
        entry = AuditEntry.objects.get(action="settings.changed")
        assert "idle_close_days" in entry.details["fields"]
