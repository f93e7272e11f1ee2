"""Somebody who no longer works for the agency is out of everything at once, and what she held is back in the queues."""

import pytest
from django.test import Client

from conversations.models import Conversation
from conversations.services.people import agency_access
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.roles import Role
from tenants.accounts.services import leaving_staff, staff_teams, team_grants
from tenants.context import inside
from tenants.models import Agency, ClientCompany, StaffGrant, StaffMembership
from tests.architecture.html_rules import assert_clean
from tests.desk.conftest import Waits, give, row_at

pytestmark = pytest.mark.usefixtures("db")


def test_leaving_ends_teams_grants_and_sessions_on_both_sides_and_gives_back(
    as_owner: Client, as_staff: Client, staff_person: User, staff_owner: User, agency: Agency, company: ClientCompany,
    other_company: ClientCompany, waits: Waits,
) -> None:  # fmt: skip
    team = staff_teams.create(agency, name="Avond", by=staff_owner)
    staff_teams.join(team, membership=staff_person.membership, by=staff_owner)
    team_grants.give(team, company=other_company, role=Role.AGENT, given_by="Admin")
    give(staff_person, company)
    rows = [waits(at, "Marieke", assignee=row_at(at, staff_person)) for at in (company, other_company)]
    path = as_staff.get(f"/clients/{company.pk}/enter/").headers["Location"].split("/enter/")[1]
    at_client = Client(headers={"host": "fietsland.test"})
    at_client.get(f"/enter/{path}")
    assert at_client.get("/inbox/").status_code == 200

    told = as_owner.post(f"/staff/{staff_person.pk}/leave/", follow=True).content.decode()

    assert "2 conversations went back" in told
    assert "left" in told
    assert not StaffGrant.objects.in_force().filter(staff=staff_person).exists()
    assert not team.members.exists()
    assert as_staff.get("/desk/").status_code == 302
    assert at_client.get("/inbox/").status_code == 302
    for at, row in zip((company, other_company), rows, strict=True):
        with inside(at.schema_name):
            assert Conversation.objects.get(pk=row.pk).assignee_id is None
            assert AuditEntry.objects.filter(action="grant.ended").exists()
    assert AuditEntry.objects.filter(action="staff.left").exists()
    assert_clean(as_owner.get(f"/staff/{staff_person.pk}/").content.decode())


def test_coming_back_lets_sign_in_and_opens_no_client(
    as_owner: Client, staff_person: User, staff_owner: User, company: ClientCompany
) -> None:
    give(staff_person, company)
    agency_access.leave_agency(staff_person.membership, by=staff_owner)
    taken = as_owner.post("/staff/", {"name": "X", "email": staff_person.email, "role": "staff"})
    assert taken.status_code == 422

    as_owner.post(f"/staff/{staff_person.pk}/come-back/")

    staff_person.refresh_from_db()
    assert staff_person.is_active
    assert not StaffGrant.objects.in_force().filter(staff=staff_person).exists()


def test_the_last_owner_stays_and_nobody_does_it_to_herself(
    as_owner: Client, as_staff: Client, staff_owner: User, staff_person: User
) -> None:
    with pytest.raises(leaving_staff.LastOwner):
        leaving_staff.leave(staff_owner.membership, by=staff_person)

    assert as_owner.post(f"/staff/{staff_owner.pk}/leave/").status_code == 404
    assert as_staff.post(f"/staff/{staff_owner.pk}/leave/").status_code == 403
    assert StaffMembership.objects.get(user=staff_owner).user.is_active
