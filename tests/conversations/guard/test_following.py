"""A number sent after the question for it, or in two parts, is hidden although the message alone says nothing."""

import pytest
from django.db import transaction
from django.test import Client

from conversations.detectors import following
from conversations.models import Message, SensitiveFinding
from conversations.services.guard import guard_purging
from tenants.models import ClientCompany
from tests.conversations.guard.test_coming_in import BSN, last
from tests.conversations.inbox.conftest import Inbox
from tests.fixtures.companies import Enter
from tests.fixtures.webhooks import WriteFrom


@pytest.mark.parametrize(
    ("before", "text", "found"),
    [
        ("Wat is uw BSN?", BSN, ["bsn"]),
        ("Goedemorgen! Wat is uw BSN? Dan zoek ik het voor u op.", BSN, ["bsn"]),
        ("mijn bsn is", BSN, ["bsn"]),
        ("Uw BSN heb ik niet nodig. Wat is uw bestelnummer?", BSN, []),
        ("Wat is het ordernummer?", BSN, []),
        ("mijn wachtwoord is", "Welkom123", ["secret"]),
        ("Wie lautet Ihr Passwort?", "Sommer2026", ["secret"]),
        ("mijn wachtwoord is vergeten", "1234AB", []),
        ("Uw wachtwoord resetten we telefonisch. Wat is uw nummer?", "0612345678", []),
        ("Wat is uw wachtwoord?", "Dat zeg ik niet om 12:30", []),
        ("Wat is de pincode?", "4821", ["secret"]),
        ("Wie ist Ihre Steuer-ID?", "65929970489", ["de_tax_id"]),
        ("Hoe laat komt u?", "1430", []),
    ],
)
def test_what_was_asked_for_is_what_the_answer_is(before: str, text: str, found: list[str]) -> None:
    assert [hit.detector for hit in following.named(text, [before])] == found


def test_an_answer_to_the_agents_question_is_hidden_and_goes_within_a_day(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, inbox: Inbox, as_agent: Client
) -> None:
    write_from(None, "Hallo")
    row = last(company, enter).conversation
    inbox.message(row, direction="out", body="Wat is uw BSN?", at=last(company, enter).at)
    write_from(None, BSN)
    message = last(company, enter)

    assert BSN not in as_agent.get(f"/inbox/{row.pk}/").content.decode()
    with enter(company):
        assert SensitiveFinding.objects.get(message=message).detector == "bsn"
        with transaction.atomic():
            guard_purging.burn(message)
    assert BSN not in last(company, enter).body


def test_a_card_sent_in_two_messages_is_hidden_in_both(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client
) -> None:
    write_from(None, "Mijn kaart: 4111 1111")
    write_from(None, "1111 1111")
    second = last(company, enter)

    shown = as_agent.get(f"/inbox/{second.conversation_id}/").content.decode()
    assert "4111 1111" not in shown and "1111 1111" not in shown
    with enter(company):
        first = Message.objects.exclude(pk=second.pk).get()
        assert (first.masks, second.masks) == ([[12, 21, "card"]], [[0, 4, "card"]])
        assert set(SensitiveFinding.objects.values_list("message", "detector")) == {
            (first.pk, "card"),
            (second.pk, "card"),
        }


def test_numbers_that_only_follow_each_other_stay(company: ClientCompany, enter: Enter, write_from: WriteFrom) -> None:
    write_from(None, "Bestelling 4111 1112")
    write_from(None, "1111 1111")
    write_from(None, "1430")

    with enter(company):
        assert not SensitiveFinding.objects.exists()
