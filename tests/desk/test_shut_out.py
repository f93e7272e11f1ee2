"""Whose door has shut gets nothing, and nobody is more at a client than the grants give whose conditions she meets."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.errors import TransferImpossible
from conversations.services.handling import transfers
from conversations.services.people import presence
from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.accounts.services import staff_teams, team_grants
from tenants.context import inside
from tenants.models import Agency, ClientCompany, StaffGrant
from tests.desk.conftest import HX, Waits, give, row_at

pytestmark = pytest.mark.usefixtures("db")


def cleared(staff: User, *, days: int) -> None:
    today = timezone.localdate()
    User.objects.filter(pk=staff.pk).update(
        cleared_on=today - timedelta(days=9), cleared_until=today + timedelta(days=days)
    )


def answering(company: ClientCompany) -> set[Any]:
    with inside(company.schema_name):
        return {person.user.staff_id for person in presence.everybody()}


class TestWhatSheGets:
    def test_nothing_is_given_to_whom_could_not_open_it(
        self, staff_person: User, company: ClientCompany, admin: User, waits: Waits
    ) -> None:
        cleared(staff_person, days=1)
        give(staff_person, company, conditions={"clearance": True})
        row, me = waits(company, "Marieke"), row_at(company, staff_person)
        assert staff_person.pk in answering(company)

        cleared(staff_person, days=-1)

        assert staff_person.pk not in answering(company)
        with inside(company.schema_name), pytest.raises(TransferImpossible):
            transfers.transfer(row, by=admin, to=transfers.Transfer(person=me))


class TestRole:
    @pytest.fixture
    def twice(self, agency: Agency, staff_person: User, staff_owner: User, company: ClientCompany) -> StaffGrant:
        """Agent in person; supervisor through a team, for whoever is cleared."""
        cleared(staff_person, days=1)
        team = staff_teams.create(agency, name="Avond", by=staff_owner)
        staff_teams.join(team, membership=staff_person.membership, by=staff_owner)
        team_grants.give(team, company=company, role=Role.SUPERVISOR, given_by="Admin", conditions={"clearance": True})
        return give(staff_person, company)

    def test_falls_to_what_is_left_when_the_condition_of_the_stronger_grant_is_no_longer_met(
        self, as_staff: Client, staff_person: User, company: ClientCompany, twice: StaffGrant, waits: Waits
    ) -> None:
        row = waits(company, "Marieke")
        merge = f"/desk/{company.pk}/contacts/{row.contact_id}/merge/"
        path = as_staff.get(f"/clients/{company.pk}/enter/").headers["Location"].split("/enter/")[1]
        at_client = Client(headers={"host": "fietsland.test"})
        at_client.get(f"/enter/{path}")
        assert as_staff.post(merge, headers=HX).status_code != 403
        assert at_client.get("/floor/").status_code == 200

        cleared(staff_person, days=-1)

        assert as_staff.post(merge, headers=HX).status_code == 403
        assert at_client.get("/floor/").status_code == 403
        assert at_client.get("/inbox/").status_code == 200

    def test_settles_on_the_grants_whose_conditions_are_met(
        self, staff_person: User, company: ClientCompany, twice: StaffGrant
    ) -> None:
        assert row_at(company, staff_person).role == Role.SUPERVISOR
        cleared(staff_person, days=-1)

        give(staff_person, company)

        assert row_at(company, staff_person).role == Role.AGENT
