"""Integrators read what is hidden as bullets, see what is set apart only with a scope, and are stopped like people."""

import pytest

from conversations.models import Conversation, Message, SensitiveFinding
from tenants.accounts.roles import Scope
from tenants.models import ClientCompany
from tests.conversations.api.conftest import Integrator, integrator_of
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

    assert plain.send(asked | {"override_reason": "Our own account"}, key="k-2").status_code == 202
