"""What goes out with personal numbers in it stops, whoever sends it, until somebody says why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations.errors import SensitiveContent
from conversations.models import Message, SensitiveFinding
from conversations.services.outbox import outbox
from tenants.accounts.models import AuditEntry
from tenants.models import ClientCompany
from tests.conversations.guard.conftest import Settings
from tests.conversations.guard.test_coming_in import BSN, IBAN, SICK
from tests.conversations.inbox.conftest import Inbox
from tests.fixtures.companies import Enter

Reply = Callable[..., Any]


def test_a_reply_with_an_account_number_stops_and_nothing_is_stored_of_it(
    inbox: Inbox, as_agent: Client, reply: Reply
) -> None:
    row = inbox.conversation()

    response = reply(as_agent, row, f"Maak het over naar {IBAN}")

    assert response.status_code == 422
    assert response.json()["asks"] == "sensitive_content" and response.json()["reason"]
    assert inbox.sent(row) == []
    with inbox.inside():
        finding = SensitiveFinding.objects.get()
        assert (finding.action, finding.outbound, finding.message) == ("stopped", True, None)
        assert "0417" not in finding.preview
        assert AuditEntry.objects.filter(action="sensitive.stopped").exists()


def test_with_a_reason_it_leaves_whole_and_is_hidden_for_readers(
    inbox: Inbox, as_agent: Client, as_second_agent: Client, reply: Reply
) -> None:
    row = inbox.conversation()

    response = reply(as_agent, row, f"Naar {IBAN}", confirmed="sensitive_content:The customer asked for our account")

    assert response.status_code == 200
    [message] = inbox.sent(row)
    assert message.body == f"Naar {IBAN}"
    assert "0417" not in as_second_agent.get(f"/inbox/{row.pk}/").content.decode()
    with inbox.inside():
        finding = SensitiveFinding.objects.get()
        assert (finding.action, finding.reason) == ("overridden", "The customer asked for our account")
        assert AuditEntry.objects.get(action="sensitive.overridden").reason == finding.reason


def test_an_answer_without_a_reason_is_no_override(inbox: Inbox, as_agent: Client, reply: Reply) -> None:
    row = inbox.conversation()

    assert reply(as_agent, row, f"bsn {BSN}", confirmed="sensitive_content").status_code == 422
    assert reply(as_agent, row, f"bsn {BSN}", confirmed="sensitive_content: ").status_code == 422


def test_where_patients_write_only_cleared_people_may_override_and_words_stop_too(
    high_risk: ClientCompany, inbox: Inbox, as_agent: Client, cleared: Client, reply: Reply
) -> None:
    row, other = inbox.conversation(), inbox.conversation("Bram")
    said = "sensitive_content:Asked for"

    assert reply(as_agent, row, f"bsn {BSN}", confirmed=said).status_code == 422
    assert reply(as_agent, row, SICK).status_code == 422
    assert reply(cleared, other, f"bsn {BSN}", confirmed=said).status_code == 200


@pytest.mark.parametrize("kind", ["rule_bot", "ai_bot", "api"])
def test_no_machine_passes_by_the_guard(inbox: Inbox, kind: str) -> None:
    row = inbox.conversation()

    with inbox.inside(), pytest.raises(SensitiveContent):
        outbox.queue_text(row, origin=outbox.Origin(sender_kind=kind), body=f"bsn {BSN}")
    with inbox.inside():
        assert not Message.objects.filter(direction="out").exists()


def test_an_ordinary_reply_leaves(inbox: Inbox, as_agent: Client, reply: Reply, enter: Enter) -> None:
    row = inbox.conversation()

    assert (
        reply(as_agent, row, "Uw fiets is klaar. Bel gerust 030 123 45 67 over bestelling 123456782.").status_code
        == 200
    )


def test_a_number_in_pieces_stops_at_the_piece_that_completes_it(inbox: Inbox, as_agent: Client, reply: Reply) -> None:
    row = inbox.conversation()
    for piece in ("NL91", "ABNA", "0417 1643"):
        assert reply(as_agent, row, piece).status_code == 200

    stopped = reply(as_agent, row, "00")

    assert (stopped.status_code, stopped.json()["asks"]) == (422, "sensitive_content")
    assert [one.body for one in inbox.sent(row)] == ["NL91", "ABNA", "0417 1643"]
    assert reply(as_agent, row, "01").status_code == 200


def test_pieces_that_left_before_are_hidden_with_the_one_that_was_let_pass(
    inbox: Inbox, as_agent: Client, reply: Reply
) -> None:
    row = inbox.conversation()
    for piece in ("4111", "1111", "1111"):
        reply(as_agent, row, piece)

    assert reply(as_agent, row, "1111", confirmed="sensitive_content:Asked for").status_code == 200

    assert all(one.masks == [[0, 4, "card"]] for one in inbox.sent(row))
    with inbox.inside():
        whole = SensitiveFinding.objects.get(part_of=None)
        assert whole.action == "overridden" and whole.parts.filter(action="overridden").count() == 3


def test_the_companys_own_account_may_leave_in_pieces(
    inbox: Inbox, as_agent: Client, reply: Reply, settings_of: Settings
) -> None:
    settings_of(own_accounts=["NL91ABNA0417164300"])
    row = inbox.conversation()

    assert {reply(as_agent, row, piece).status_code for piece in ("NL91", "ABNA", "0417 1643", "00")} == {200}
