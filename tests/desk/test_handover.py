"""The end of a shift at the desk: what somebody holds at several clients goes to others with notes, in one press."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client

from conversations.desk.models import StaffPresence
from conversations.models import Conversation, Note
from conversations.services import summary
from tenants.accounts.models import Presence, User
from tenants.accounts.services import grants
from tenants.context import inside
from tenants.models import ClientCompany, StaffGrant
from tests.architecture.html_rules import assert_clean
from tests.desk.conftest import Waits, counted, give, row_at

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/desk/handover/"


def hold(company: ClientCompany, row: Conversation, staff: User) -> None:
    me = row_at(company, staff)
    with inside(company.schema_name):
        Conversation.objects.filter(pk=row.pk).update(assignee=me)
        summary.refresh([row.pk])


def fresh(company: ClientCompany, row: Conversation) -> Conversation:
    with inside(company.schema_name):
        return Conversation.objects.select_related("assignee").get(pk=row.pk)


def notes(company: ClientCompany, row: Conversation) -> list[str]:
    with inside(company.schema_name):
        return list(Note.objects.filter(conversation=row.pk).values_list("body", flat=True))


@pytest.fixture
def both(
    granted_both: None, staff_person: User, company: ClientCompany, other_company: ClientCompany, waits: Waits
) -> tuple[Conversation, Conversation]:
    """One conversation that she holds at each of two clients; she is there."""
    StaffPresence.objects.update_or_create(staff=staff_person, defaults={"presence": Presence.AVAILABLE})
    rows = waits(company, "Marieke", minutes_ago=3), waits(other_company, "Gerda", minutes_ago=30)
    for at, row in zip((company, other_company), rows, strict=True):
        hold(at, row, staff_person)
    return rows


@pytest.fixture
def colleague(staff_owner: User, company: ClientCompany) -> User:
    """Somebody else of the agency, who answers for the first client only."""
    give(staff_owner, company)
    return staff_owner


def press(browser: Client, *held: tuple[ClientCompany, Conversation], **more: str) -> Any:
    return browser.post(PAGE, {"conversation": [f"{at.pk}:{row.pk}" for at, row in held]} | more)


def test_all_that_she_holds_is_listed_with_its_client_who_waits_longest_first(
    as_staff: Client, company: ClientCompany, other_company: ClientCompany, both: Any, waits: Waits
) -> None:
    waits(company, "Van niemand")

    page = as_staff.get(PAGE).content.decode()

    assert page.index("Gerda") < page.index("Marieke")
    assert company.name in page and other_company.name in page
    assert "Van niemand" not in page
    assert PAGE in as_staff.get("/desk/").content.decode()
    assert_clean(page)


def test_each_goes_to_a_colleague_or_the_queue_with_its_note_and_she_is_away(
    as_staff: Client,
    staff_person: User,
    colleague: User,
    company: ClientCompany,
    other_company: ClientCompany,
    both: Any,
) -> None:
    given = {f"{both[0].pk}-note": "Belt om vijf uur", f"{both[1].pk}-note": "Wacht op de foto"}
    given |= {"all-to": f"person:{colleague.pk}", f"{both[1].pk}-to": "queue"}

    answer = press(as_staff, (company, both[0]), (other_company, both[1]), **given)

    assert answer.status_code == 302
    there, here = fresh(company, both[0]), fresh(other_company, both[1])
    assert there.assignee is not None and there.assignee.staff_id == colleague.pk
    assert here.assignee is None
    assert notes(company, both[0]) == ["Belt om vijf uur"]
    assert notes(other_company, both[1]) == ["Wacht op de foto"]
    assert StaffPresence.objects.get(staff=staff_person).presence == Presence.AWAY
    said = [str(one) for one in get_messages(answer.wsgi_request)]
    assert said == ["2 conversations are handed over. You are away now."]
    assert "You hold no conversation" in as_staff.get(PAGE).content.decode()
    assert connection.schema_name == "public"


def test_who_has_no_access_there_does_not_get_it_and_the_queue_does(
    as_staff: Client, staff_owner: User, company: ClientCompany, both: Any
) -> None:
    answer = press(as_staff, (company, both[0]), **{"all-to": f"person:{staff_owner.pk}"})

    assert fresh(company, both[0]).assignee is None
    assert "Marieke" in " ".join(str(one) for one in get_messages(answer.wsgi_request))


def test_where_a_client_cannot_be_reached_she_stays_and_reads_her_notes_again(
    as_staff: Client,
    staff_person: User,
    granted: StaffGrant,
    company: ClientCompany,
    other_company: ClientCompany,
    both: Any,
) -> None:
    grants.end(granted, ended_by="Admin <a@client.test>")
    given = {f"{both[0].pk}-note": "Belt om vijf uur", f"{both[1].pk}-note": "Wacht op de foto"}

    page = press(as_staff, (company, both[0]), (other_company, both[1]), **given).content.decode()

    assert "Belt om vijf uur" in page and "Wacht op de foto" not in page
    assert notes(company, both[0]) == []
    assert notes(other_company, both[1]) == ["Wacht op de foto"]
    assert StaffPresence.objects.get(staff=staff_person).presence == Presence.AVAILABLE


def test_conversations_of_colleagues_stay_with_them(
    as_staff: Client, colleague: User, company: ClientCompany, both: Any, waits: Waits
) -> None:
    theirs = waits(company, "Van een ander")
    hold(company, theirs, colleague)

    press(as_staff, (company, theirs))

    kept = fresh(company, theirs).assignee
    assert kept is not None and kept.staff_id == colleague.pk


@pytest.mark.parametrize("odd", ["x", "x:y", ":", "\x00:1"])
def test_odd_lines_lose_nothing(as_staff: Client, odd: str, company: ClientCompany, both: Any) -> None:
    assert as_staff.post(PAGE, {"conversation": [odd], "all-to": "person:x"}).status_code == 302


def test_the_list_costs_the_same_with_few_and_with_many(
    as_staff: Client, staff_person: User, company: ClientCompany, both: Any, waits: Waits
) -> None:
    as_staff.get(PAGE)
    with counted() as few:
        as_staff.get(PAGE)
    for number in range(5):
        hold(company, waits(company, f"Nog een {number}"), staff_person)
    with counted() as many:
        as_staff.get(PAGE)
    assert len(many) == len(few)


def test_a_note_that_may_not_be_kept_says_why_and_loses_nothing_that_was_typed(
    as_staff: Client,
    staff_person: User,
    colleague: User,
    company: ClientCompany,
    other_company: ClientCompany,
    both: Any,
) -> None:
    to = f"person:{colleague.pk}"
    given = {f"{both[0].pk}-note": "BSN 123456782 klopt", f"{both[0].pk}-to": to, f"{both[1].pk}-note": "Belt terug"}

    answer = press(as_staff, (company, both[0]), (other_company, both[1]), **given)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Marieke: This holds sensitive data" in page
    assert "BSN 123456782 klopt</textarea>" in page
    assert f'<option value="{to}" selected>' in page
    assert (notes(company, both[0]), notes(other_company, both[1])) == ([], ["Belt terug"])
    assert StaffPresence.objects.get(staff=staff_person).presence == Presence.AVAILABLE
    assert_clean(page)
