"""What would give another client away, or is not filled in yet, leaves only when somebody says so."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conversations.models import PhoneNumber
from conversations.naming import Known, named_in
from conversations.services import inbox_settings
from conversations.services.writing import other_clients
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.roles import Role
from tenants.accounts.services import grants
from tenants.models import ClientCompany, StaffMembership
from tests.conversations.inbox.conftest import HX, Inbox
from tests.fixtures.companies import Enter
from tests.fixtures.people import browser_of

Post = Callable[..., Any]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    other_clients.forget()
    yield
    other_clients.forget()


@pytest.fixture
def as_staff_inside(staff_person: User, company: ClientCompany, other_company: ClientCompany, enter: Enter) -> Client:
    """Agency staff with grants to both companies, at work in the first."""
    membership = StaffMembership.objects.get(user=staff_person)
    for each in (company, other_company):
        grants.give(membership, company=each, role=Role.AGENT, given_by="The client")
    with enter(other_company):
        PhoneNumber.objects.update(
            display_number="+32 2 100 00 02", profile={"websites": ["https://www.zv-thuis.test/"]}
        )
        inbox_settings.change(by=User.objects.first(), other_phone="0800 55 66 77 8", other_mail="hulp@zv.test")
    with enter(company):
        inside = User.objects.get(staff_id=staff_person.pk)
    return browser_of(inside, company=company)


@pytest.mark.parametrize(
    "text",
    [
        "Bel ZORGVAST maar.",
        "zórgvast kan dat",
        "Kijk op zorgvast.test/contact",
        "Bel 02 100 00 02",
        "+32 (0)2 100 00 02 x",
        "Zie https://zv-thuis.test/tarieven",
        "Mail naar Hulp@ZV.test.",
        "of 0800-55667 78",
    ],
)
def test_naming_another_client_asks_before_it_leaves(
    as_staff_inside: Client, inbox: Inbox, reply: Post, text: str
) -> None:
    row = inbox.conversation()

    asked = reply(as_staff_inside, row, text)

    assert asked.status_code == 422
    assert asked.json() == {"asks": "names_other_client", "words": "This names Zorgvast. Send anyway?"}
    assert inbox.sent(row) == []


def test_a_file_whose_name_gives_another_client_away_asks_too(
    as_staff_inside: Client, inbox: Inbox, reply: Post
) -> None:
    row, file = inbox.conversation(), SimpleUploadedFile("Offerte Zorgvast.txt", b"text", "text/plain")

    asked = reply(as_staff_inside, row, file=file)

    assert (asked.status_code, asked.json()["asks"]) == (422, "names_other_client")
    assert inbox.sent(row) == []


def test_sent_anyway_it_leaves_and_the_record_does_not_name_the_other_client(
    as_staff_inside: Client, inbox: Inbox, reply: Post
) -> None:
    row = inbox.conversation()

    assert reply(as_staff_inside, row, "Zorgvast", confirmed="names_other_client").status_code == 200

    [message] = inbox.sent(row)
    assert message.metadata == {"sent_anyway": ["names_other_client"]}
    with inbox.inside():
        entry = AuditEntry.objects.get(action="message.sent_anyway")
    assert (entry.subject_id, entry.details) == (str(row.pk), {"asked": ["names_other_client"]})
    assert "zorgvast" not in f"{entry.details} {entry.reason}".lower()


def test_the_companys_own_words_and_longer_words_are_nobody_elses(
    as_staff_inside: Client, inbox: Inbox, reply: Post
) -> None:
    row = inbox.conversation()

    for text in ("Fietsland, fietsland.test, 020 100 00 01", "zorgvastheid en zorg vast", "Bel 0800 1234"):
        assert reply(as_staff_inside, row, text).status_code == 200, text


def test_a_companys_own_people_may_name_whom_they_like(as_agent: Client, inbox: Inbox, reply: Post) -> None:
    assert reply(as_agent, inbox.conversation(), "Zorgvast").status_code == 200


def test_a_client_whose_grant_has_ended_is_not_asked_about(
    as_staff_inside: Client, staff_person: User, other_company: ClientCompany, inbox: Inbox, reply: Post
) -> None:
    for grant in grants.in_force_for(staff_person):
        if grant.company_id == other_company.pk:
            grants.end(grant, ended_by="The client")

    assert reply(as_staff_inside, inbox.conversation(), "Zorgvast").status_code == 200


def test_buttons_ask_too(as_staff_inside: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    data = {"token": str(uuid4()), "body": "Which one?", "button1": "Zorgvast"}

    asked = as_staff_inside.post(f"/inbox/{row.pk}/offer/buttons/", data, headers=HX)
    sent = as_staff_inside.post(
        f"/inbox/{row.pk}/offer/buttons/", data | {"confirmed": "names_other_client"}, headers=HX
    )

    assert (asked.status_code, sent.status_code) == (422, 200)
    assert 'name="confirmed" value="names_other_client"' in asked.content.decode()


def test_what_is_not_filled_in_asks_and_both_questions_may_stand(
    as_agent: Client, as_staff_inside: Client, inbox: Inbox, reply: Post
) -> None:
    row = inbox.conversation()

    assert reply(as_agent, row, "Beste ⟦contact.name⟧,").json()["asks"] == "blanks_left"
    assert reply(as_agent, row, "Beste ⟦contact.name⟧,", confirmed="blanks_left").status_code == 200
    elsewhere = inbox.conversation("Piet")
    text = "Beste ⟦contact.name⟧ van Zorgvast"
    assert reply(as_staff_inside, elsewhere, text, confirmed="names_other_client").json()["asks"] == "blanks_left"


def test_legal_forms_are_left_out_and_an_own_name_that_holds_anothers_is_the_own() -> None:
    own = Known("Fietsland Utrecht B.V.")
    others = [Known("Fietsland"), Known("Bakkerij Jansen B.V."), Known("AB")]

    assert named_in("Fietsland Utrecht is open", others=others, own=own) == []
    assert named_in("Fietsland is open", others=others, own=own) == ["Fietsland"]
    assert named_in("bij  bakkerij jansen, AB", others=others, own=own) == ["Bakkerij Jansen B.V."]
