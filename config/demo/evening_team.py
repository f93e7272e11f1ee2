"""The agency's evening team: two of the three clients have let it in, one of them under conditions."""

from datetime import date, timedelta
from typing import Any

from config.demo.opening import Opened
from conversations.services.people import agency_access
from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.accounts.services import staff_teams
from tenants.context import inside
from tenants.models import Agency, ClientCompany, StaffMembership

NAME = "Avondploeg"
MEMBERS = ("daan", "lotte")
CLEARED = "lotte"
SERVES: dict[str, dict[str, Any]] = {"zorgvast": {"clearance": True, "countries": ["NL"]}, "omroepdelta": {}}


def write(agency: Agency, opened: list[Opened], *, today: date) -> None:
    """Make the team through the product's own services, and let the clients' admins admit it."""
    owner = agency.memberships.select_related("user").get(role=StaffMembership.Role.OWNER).user
    staff = {one.user.email.partition("@")[0]: one for one in agency.memberships.select_related("user", "agency")}
    cleared = {
        "cleared_on": today - timedelta(days=200),
        "cleared_until": today + timedelta(days=530),
        "clearance_kind": "VOG, profiel 84 en 85",
        "nda_signed_on": today - timedelta(days=210),
        "works_from": "NL",
    }
    agency_access.record_facts(staff[CLEARED], facts=cleared, by=owner)
    team = staff_teams.create(agency, name=NAME, by=owner)
    for name in MEMBERS:
        staff_teams.join(team, membership=staff[name], by=owner)
    for each in opened:
        asked = SERVES.get(each.plan.subdomain)
        if asked is not None:
            admin = _admin(each.company)
            named = f"{admin.name} <{admin.email}>"
            agency_access.give_team(
                team, company=each.company, role=Role.AGENT, given_by=named, by=admin, conditions=asked
            )


def _admin(company: ClientCompany) -> User:
    with inside(company.schema_name):
        return User.objects.filter(role=Role.ADMIN, staff_id=None).order_by("created_at")[0]
