"""A number sent after the question for it, or in two parts, is hidden although the message alone says nothing."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.detectors import following
from conversations.models import Message, PhoneNumber, SensitiveFinding
from conversations.services.guard import guard_purging
from tenants.models import ClientCompany
from tests.conversations.guard.conftest import Settings
from tests.conversations.guard.test_coming_in import BSN, last
from tests.conversations.inbox.conftest import HX, Inbox
from tests.fixtures.companies import Enter
from tests.fixtures.webhooks import Deliver, WriteFrom, change, envelope, text_message


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


def masked(company: ClientCompany, enter: Enter) -> list[tuple[str, list[list[int | str]] | None]]:
    with enter(company):
        return [(one.body, one.masks) for one in Message.objects.order_by("at", "sequence")]


@pytest.mark.parametrize(
    ("said", "hidden", "detector"),
    [
        (["4111", "1111", "1111", "1111"], [0, 1, 2, 3], "card"),
        (["4111 1111", "1111", "1111"], [0, 1, 2], "card"),
        (["Mijn kaart: 4111", "wacht even", "1111...", "1111", "1111 geldig tot 12/27"], [0, 2, 3, 4], "card"),
        (["NL91", "ABNA", "0417", "1643", "00"], [0, 1, 2, 3, 4], "iban"),
        (["NL91ABNA", "ja?", "0417 1643", "00"], [0, 2, 3], "iban"),
        (["mijn bsn is", "123", "456", "782"], [1, 2, 3], "bsn"),
        (["mijn bsn is 123", "456", "782"], [0, 1, 2], "bsn"),
        (["４１１１", "11\u200b11", "١١١١", "11\u00ad11"], [0, 1, 2, 3], "card"),
    ],
)
def test_a_number_in_many_messages_is_hidden_in_each_and_is_one_finding(
    company: ClientCompany,
    enter: Enter,
    write_from: WriteFrom,
    as_agent: Client,
    said: list[str],
    hidden: list[int],
    detector: str,
) -> None:
    for text in said:
        write_from(None, text)

    found = masked(company, enter)
    assert [n for n, (_body, masks) in enumerate(found) if masks] == hidden
    with enter(company):
        [whole] = SensitiveFinding.objects.filter(part_of=None)
        assert (whole.detector, whole.message_id) == (detector, last(company, enter).pk)
        assert whole.parts.count() == len(hidden) - 1
        assert not any(text in part.preview for part in SensitiveFinding.objects.all() for text in said)
        assert whole.conversation.events.filter(kind="sensitive_seen").count() == 1
    shown = as_agent.get(f"/inbox/{whole.conversation_id}/").content.decode()
    assert not any(f">{said[n]}<" in shown for n in hidden)


@pytest.mark.parametrize(
    "said",
    [
        ["4111", "1111", "1111", "1112"],
        ["06", "1234", "5678"],
        ["Bestelling 4512", "en 4513", "om 12:30", "10"],
        ["NL91", "ABNA", "0417", "1643", "01"],
        ["123", "456", "782"],
        ["2", "1", "4"],
    ],
)
def test_numbers_that_make_none_together_stay(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, said: list[str]
) -> None:
    for text in said:
        write_from(None, text)

    with enter(company):
        assert not SensitiveFinding.objects.exists()


def test_parts_long_ago_or_of_somebody_else_are_none(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, inbox: Inbox
) -> None:
    now = timezone.now()
    for minutes in (14, 13, 12):
        write_from(None, "4111" if minutes == 14 else "1111", at=now - timedelta(minutes=minutes))
    write_from(None, "1111", at=now)
    write_from("31687654321", "4111", at=now)
    row = last(company, enter).conversation
    for _part in range(3):
        inbox.message(row, direction="out", body="1111", at=now)
    write_from("31687654321", "1111", at=now)

    with enter(company):
        assert not SensitiveFinding.objects.exists()


def test_parts_that_come_in_one_batch_are_put_together(
    company: ClientCompany, enter: Enter, number: PhoneNumber, deliver: Deliver, run_due: Callable[..., int]
) -> None:
    now = time.time() - 60
    said = [text_message(text, at=now + n) for n, text in enumerate(["4111", "1111", "1111", "1111"])]
    deliver(envelope(number.waba_id, change(number, messages=said)))
    run_due("inbound")

    assert [masks for _body, masks in masked(company, enter)] == [[[0, 4, "card"]]] * 4


def test_one_query_a_batch_tells_what_was_said_before(
    number: PhoneNumber, deliver: Deliver, run_due: Callable[..., int]
) -> None:
    def looks(texts: list[str]) -> int:
        said = [text_message(text, phone=f"3161{n:07d}") for n, text in enumerate(texts)]
        deliver(envelope(number.waba_id, change(number, messages=said)))
        with CaptureQueriesContext(connection) as queries:
            run_due("inbound")
        return sum("CROSS JOIN LATERAL" in query["sql"] for query in queries)

    assert looks(["Is mijn fiets klaar?"] * 5) == 0
    assert looks(["4111", "1111", "bestelling 12345"] * 5) == 1


def test_the_verdict_about_one_part_is_that_about_all_and_can_be_taken_back(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client
) -> None:
    for text in ("4111", "1111", "1111", "1111"):
        write_from(None, text)
    row = last(company, enter).conversation
    with enter(company):
        part = SensitiveFinding.objects.exclude(part_of=None).latest("id")
    judge = f"/inbox/{row.pk}/findings/{part.pk}/"

    assert as_agent.post(judge, {"verdict": "wrong"}, headers=HX).status_code == 200
    assert [masks for _body, masks in masked(company, enter)] == [None] * 4
    assert as_agent.post(judge, {"verdict": "right"}, headers=HX).status_code == 200
    assert [masks for _body, masks in masked(company, enter)] == [[[0, 4, "card"]]] * 4


def test_every_part_goes_within_a_day(company: ClientCompany, enter: Enter, write_from: WriteFrom) -> None:
    for text in ("4111", "1111", "1111", "1111"):
        write_from(None, text)
    with enter(company):
        SensitiveFinding.objects.update(at=F("at") - timedelta(hours=21))
        guard_purging.purge()

        assert set(Message.objects.values_list("body", flat=True)) == {"••••"}
        assert set(SensitiveFinding.objects.values_list("action", flat=True)) == {"purged"}


def test_the_companys_own_account_in_parts_stays(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, settings_of: Settings
) -> None:
    settings_of(own_accounts=["NL91ABNA0417164300"])
    for text in ("NL91", "ABNA", "0417", "1643", "00"):
        write_from(None, text)

    with enter(company):
        assert not SensitiveFinding.objects.exists()
