"""Explicit consent, proved by a message, opens words about health to cleared people in the thread, until it ends."""

import pytest
from django.test import Client

from conversations.models import ConsentRecord, Conversation, Message
from tenants.accounts.models import AuditEntry
from tenants.models import ClientCompany
from tests.conversations.guard.test_coming_in import BSN, SICK, last
from tests.conversations.inbox.conftest import HX
from tests.fixtures.companies import Enter
from tests.fixtures.webhooks import WriteFrom

AGREES = "Ja, u mag dit van mij gebruiken"


@pytest.fixture
def told(high_risk: ClientCompany, enter: Enter, agent: object, write_from: WriteFrom) -> Message:
    """What somebody wrote about her health, and that she agrees; its last message is the proof."""
    write_from(None, f"{SICK}, bsn {BSN}")
    write_from(None, AGREES)
    return last(high_risk, enter)


def page(browser: Client, message: Message) -> str:
    return str(browser.get(f"/inbox/{message.conversation_id}/").content.decode())


def answer(browser: Client, told: Message, **data: object) -> int:
    return browser.post(f"/inbox/{told.conversation_id}/consent/", data, headers=HX).status_code


def test_it_is_kept_with_the_message_that_proves_it_and_opens_words_and_no_numbers(
    told: Message, high_risk: ClientCompany, enter: Enter, cleared: Client
) -> None:
    before = page(cleared, told)
    assert "medicatie" not in before and f'<option value="{told.pk}">' in before

    assert answer(cleared, told, message=told.pk) == 200
    after = page(cleared, told)

    assert "medicatie" in after and BSN not in after
    assert "Explicit consent to special data" in after and f"?at={told.pk}" in after
    assert "health and other special data" in after  # among the contact's consents
    assert "medicatie" not in cleared.get("/inbox/").content.decode()
    with enter(high_risk):
        kept = ConsentRecord.objects.get(purpose="special_data")
        assert (kept.event, kept.wamid, kept.text) == ("given", told.wamid, AGREES)
        assert AuditEntry.objects.filter(action="consent.recorded", subject_id=str(told.pk)).exists()
        assert Message.objects.exclude(pk=told.pk).get().masks  # nothing is opened in what is stored


def test_it_ends_at_once_and_an_earlier_message_proves_no_new_one(
    told: Message, high_risk: ClientCompany, enter: Enter, write_from: WriteFrom, cleared: Client
) -> None:
    answer(cleared, told, message=told.pk)
    assert answer(cleared, told, answer="withdrawn") == answer(cleared, told, answer="withdrawn") == 200

    assert "medicatie" not in page(cleared, told)
    assert answer(cleared, told, message=told.pk) == 422
    with enter(high_risk):
        assert ConsentRecord.objects.filter(purpose="special_data", event="withdrawn").count() == 1


def test_it_takes_a_message_of_hers_and_a_clearance(
    told: Message, high_risk: ClientCompany, enter: Enter, as_agent: Client, cleared: Client
) -> None:
    assert answer(as_agent, told, message=told.pk) == 404
    for chosen in ("", "odd", told.conversation_id):
        assert answer(cleared, told, message=chosen) == 422
    with enter(high_risk):
        assert not ConsentRecord.objects.filter(purpose="special_data").exists()
        Conversation.objects.update(sensitive=False)

    assert answer(as_agent, told, message=told.pk) == 422
    answer(cleared, told, message=told.pk)
    assert "medicatie" not in page(as_agent, told)
