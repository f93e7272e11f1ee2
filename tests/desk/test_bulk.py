"""Many conversations of several clients at once, and the labels of each client on its rows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, InboxSettings, Label
from tenants.accounts.models import User
from tenants.accounts.services import grants
from tenants.context import inside
from tenants.models import ClientCompany, StaffGrant
from tests.architecture.html_rules import assert_clean
from tests.desk.conftest import HX, Waits, give, row_at

pytestmark = pytest.mark.usefixtures("db")
BULK = "/desk/bulk/"


def do(browser: Client, act: str, *rows: Conversation, **more: str) -> Any:
    ids = ",".join(str(row.pk) for row in rows)
    return browser.post(BULK, {"act": act, "ids": ids} | more, headers=HX)


def fresh(company: ClientCompany, row: Conversation) -> Conversation:
    with inside(company.schema_name):
        return Conversation.objects.get(pk=row.pk)


@pytest.fixture
def both(
    granted_both: None, company: ClientCompany, other_company: ClientCompany, waits: Waits
) -> tuple[Conversation, Conversation]:
    return waits(company, "Marieke"), waits(other_company, "Gerda")


class TestMany:
    def test_taking_snoozing_and_closing_rows_of_several_clients(
        self, as_staff: Client, staff_person: User, company: ClientCompany, other_company: ClientCompany, both: Any
    ) -> None:
        assert "Done with 2 conversations" in do(as_staff, "take", *both).content.decode()
        for at, row in zip((company, other_company), both, strict=True):
            assert fresh(at, row).assignee_id == row_at(at, staff_person).pk

        do(as_staff, "snooze", *both, until="tomorrow")
        assert {fresh(company, both[0]).hold, fresh(other_company, both[1]).hold} == {"snoozed"}
        do(as_staff, "close", *both)
        assert {fresh(company, both[0]).status, fresh(other_company, both[1]).status} == {"closed"}
        assert connection.schema_name == "public"

    def test_what_one_client_refuses_does_not_stop_the_other_and_is_told_with_its_name(
        self, as_staff: Client, company: ClientCompany, other_company: ClientCompany, both: Any
    ) -> None:
        with inside(other_company.schema_name):
            InboxSettings.objects.update_or_create(pk=1, defaults={"close_reasons": ["Klaar"]})

        told = do(as_staff, "close", *both).content.decode()

        assert "Done with 1 conversation" in told
        assert f"Gerda</bdi> ({other_company.name})" in told
        assert fresh(company, both[0]).status == "closed"
        assert fresh(other_company, both[1]).status == "open"

    def test_a_client_that_cannot_answer_is_told_and_the_other_is_done(
        self, as_staff: Client, company: ClientCompany, other_company: ClientCompany, both: Any
    ) -> None:
        with connection.cursor() as cursor:
            table = f"{other_company.schema_name}.conversations_conversationevent"
            cursor.execute(f"ALTER TABLE {table} RENAME TO kept_away")

        told = do(as_staff, "take", *both).content.decode()

        assert f"<strong>{other_company.name}</strong>: It cannot be reached" in told
        assert fresh(company, both[0]).assignee_id
        assert fresh(other_company, both[1]).assignee_id is None

    def test_what_a_colleague_holds_is_asked_about_first(
        self, as_staff: Client, company: ClientCompany, agent: User, granted: StaffGrant, waits: Waits
    ) -> None:
        grants.give(as_staff_membership(granted), company=company, role="supervisor", given_by="Admin")
        row = waits(company, "Marieke", assignee=agent)

        asked = do(as_staff, "take", row).content.decode()
        assert "data-bulk-over" in asked and agent.name in asked
        assert fresh(company, row).assignee_id == agent.pk
        do(as_staff, "take", row, over="1")
        assert fresh(company, row).assignee_id != agent.pk

    def test_what_a_colleague_holds_is_closed_only_when_that_was_said(
        self, as_staff: Client, company: ClientCompany, agent: User, granted: StaffGrant, waits: Waits
    ) -> None:
        row = waits(company, "Marieke", assignee=agent)
        one = f"/desk/{company.pk}/inbox/{row.pk}/close/"

        asked = do(as_staff, "close", row).content.decode()
        alone = as_staff.post(one, headers=HX)

        assert 'data-bulk-over="close"' in asked and agent.name in asked
        assert (alone.status_code, alone["X-Ask"]) == (422, "close")
        assert agent.name in alone.content.decode()
        assert fresh(company, row).status == "open"
        do(as_staff, "close", row, over="1")
        assert fresh(company, row).status == "closed"

    def test_giving_goes_to_a_colleague_where_she_has_access_and_says_where_not(
        self, as_staff: Client, staff_owner: User, company: ClientCompany, other_company: ClientCompany, both: Any
    ) -> None:
        give(staff_owner, company)
        dialog = as_staff.get(f"{BULK}?act=give", headers=HX).content.decode()
        assert f'value="{staff_owner.pk}"' in dialog

        told = do(as_staff, "give", *both, to=str(staff_owner.pk)).content.decode()

        assert "Done with 1 conversation" in told
        assert f"<strong>{other_company.name}</strong>: This person may not answer" in told
        assert fresh(company, both[0]).assignee_id == row_at(company, staff_owner).pk
        assert fresh(other_company, both[1]).assignee_id is None
        do(as_staff, "give", both[0], to="queue")
        assert fresh(company, both[0]).assignee_id in (None, row_at(company, staff_owner).pk)

    @pytest.mark.parametrize("bad", [{"act": "label"}, {"act": "give", "to": "x"}, {"ids": "x"}, {"until": "never"}])
    def test_odd_orders_do_nothing(self, as_staff: Client, both: Any, bad: dict[str, str]) -> None:
        given = {"act": "take", "ids": str(both[0].pk)} | bad

        assert as_staff.post(BULK, given, headers=HX).status_code == 422

    def test_without_a_grant_or_clearance_nothing_is_touched(
        self, as_staff: Client, company: ClientCompany, other_company: ClientCompany, granted: StaffGrant, waits: Waits
    ) -> None:
        strange, kept = waits(other_company, "Vreemd"), waits(company, "Gevoelig", sensitive=True)

        told = do(as_staff, "take", strange, kept).content.decode()

        assert "Done with 0" in told
        assert "Vreemd" not in told and other_company.name not in told and "Gevoelig" not in told
        assert fresh(other_company, strange).assignee_id is None
        assert fresh(company, kept).assignee_id is None

    def test_the_dialogs_are_clean(self, as_staff: Client, granted: StaffGrant) -> None:
        for act in ("give", "snooze", "close"):
            part = as_staff.get(f"{BULK}?act={act}", headers=HX).content.decode()
            assert_clean(f'<html lang="en"><title>x</title><main>{part}</main></html>')


def as_staff_membership(grant: StaffGrant) -> Any:
    return grant.staff.membership


def test_rows_carry_the_labels_of_their_own_client(
    as_staff: Client, company: ClientCompany, granted_both: None, waits: Waits
) -> None:
    with inside(company.schema_name):
        label = Label.objects.create(name="Spoed", hue=3, created_at=timezone.now())
    waits(company, "Marieke", labels=[label.pk])

    page = as_staff.get("/desk/").content.decode()

    assert page.count('class="label-chip hue-3" title="Spoed"') == 1
    assert "data-pick" in page
    assert_clean(page)
