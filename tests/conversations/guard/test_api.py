"""Integrators read what is hidden as bullets, see what is set apart only with a scope, and are stopped like people."""

import pytest
from django.test import Client
from django.urls import reverse

from conversations.models import Conversation, Message, SensitiveFinding
from tenants.accounts.models import AuditEntry
from tenants.accounts.roles import Scope
from tenants.models import ClientCompany
from tests.conversations.api.conftest import Integrator, integrator_of, problem_of
from tests.conversations.guard.test_coming_in import BSN, IBAN
from tests.conversations.inbox.conftest import Inbox

READS = [Scope.CONVERSATIONS_READ, Scope.MESSAGES_READ, Scope.MESSAGES_SEND]


@pytest.fixture
def plain(company: ClientCompany) -> Integrator:
    """An integrator without the scope for what is set apart."""
    return integrator_of(company, scopes=READS)


def test_hidden_parts_are_bullets(inbox: Inbox, plain: Integrator) -> None:
    row = inbox.conversation()
    message = inbox.message(row, body=f"bsn {BSN}", masks=[[4, 13, "bsn"]])

    assert plain.get(f"/api/v1/messages/{message.pk}").json()["text"] == "bsn ••••••"


def test_what_is_set_apart_needs_a_scope_of_its_own(inbox: Inbox, plain: Integrator, company: ClientCompany) -> None:
    row = inbox.conversation()
    message = inbox.message(row, body="Hallo")
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(sensitive=True)

    trusted = integrator_of(company, scopes=[*READS, Scope.SENSITIVE_READ])
    for path in (f"conversations/{row.pk}", f"conversations/{row.pk}/messages", f"messages/{message.pk}"):
        assert plain.get(f"/api/v1/{path}").status_code == 404
        assert trusted.get(f"/api/v1/{path}").status_code == 200
    assert plain.get("/api/v1/conversations").json()["results"] == []


def test_a_send_with_an_account_number_is_a_problem_with_a_code_until_a_reason_is_given(
    inbox: Inbox, plain: Integrator
) -> None:
    row = inbox.conversation()
    asked = {"conversation_id": str(row.pk), "text": {"body": f"Naar {IBAN}"}}

    stopped = plain.send(asked)
    assert (stopped.status_code, stopped.json()["code"]) == (422, "sensitive_content")
    with inbox.inside():
        assert SensitiveFinding.objects.get().action == "stopped"
        assert not Message.objects.filter(direction="out").exists()


def test_a_key_overrides_only_with_a_scope_of_its_own_and_stands_in_the_trail(
    inbox: Inbox, plain: Integrator, company: ClientCompany
) -> None:
    row = inbox.conversation()
    asked = {"conversation_id": str(row.pk), "text": {"body": f"Naar {IBAN}"}, "override_reason": "Asked for it"}

    refused = plain.send(asked)
    assert problem_of(refused, status=403) == "override_scope_missing"
    assert Scope.SENSITIVE_OVERRIDE in refused.json()["detail"]
    with inbox.inside():
        assert not Message.objects.filter(direction="out").exists()
        assert SensitiveFinding.objects.get().action == "stopped"
        assert AuditEntry.objects.get(action="sensitive.stopped").actor_kind == "api_key"

    trusted = integrator_of(company, scopes=[*READS, Scope.SENSITIVE_OVERRIDE])
    assert trusted.send(asked, key="k-2").status_code == 202
    assert trusted.send(asked | {"override_reason": " "}, key="k-3").status_code == 422
    with inbox.inside():
        entry = AuditEntry.objects.get(action="sensitive.overridden")
        assert (entry.actor_kind, entry.reason) == ("api_key", "Asked for it")
        assert SensitiveFinding.objects.get(action="overridden").reason == "Asked for it"


def test_no_key_may_override_unless_that_was_ticked_where_it_is_made(as_admin: Client) -> None:
    page = as_admin.get(reverse("admin:keys")).content.decode()

    box = page[page.index('value="sensitive:override"') - 60 :][:160]
    assert "checked" not in box and "Send sensitive data all the same" in page
