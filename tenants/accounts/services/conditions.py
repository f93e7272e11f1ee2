"""What a client asks of the agency's people before they may work there, and who meets it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.context import in_public
from tenants.errors import DomainError
from tenants.models import HouseRulesAcceptance, StaffGrant, StaffMembership, TeamGrant

CLEARANCE, HOUSE_RULES, COUNTRIES = "clearance", "house_rules", "countries"
STRONGEST = (Role.ADMIN, Role.SUPERVISOR, Role.AGENT)
MISSING_WORDS: dict[str, Promise] = {
    CLEARANCE: _("a valid certificate of good conduct"),
    HOUSE_RULES: _("having accepted the house rules"),
    COUNTRIES: _("working from a country that the client allows"),
}


class ConditionsUnmet(DomainError):
    """Somebody does not meet what the client asks for; says what is missing."""

    code = "conditions_unmet"
    http_status = 403

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = list(missing)
        super().__init__(", ".join(self.missing))
        words = ", ".join(str(MISSING_WORDS[one]) for one in self.missing)
        self.user_message = gettext("The client asks for something that is missing: %(missing)s.") % {"missing": words}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the agency has recorded of one of its people, and when she accepted which client's house rules."""

    cleared: bool
    country: str
    accepted: Mapping[UUID, datetime] = field(default_factory=dict)


NOBODYS = Facts(False, "")


def facts_of(staff_id: UUID) -> Facts:
    """The facts of a person of the public schema; whoever is no staff meets no condition."""
    return facts_of_all([staff_id]).get(staff_id, NOBODYS)


def facts_of_all(staff_ids: Iterable[UUID]) -> dict[UUID, Facts]:
    """The facts of several people of the public schema, of those who are staff; two queries."""
    ids = list(staff_ids)
    with in_public():
        members = list(StaffMembership.objects.select_related("user", "agency").filter(user__in=ids))
        accepted: dict[UUID, dict[UUID, datetime]] = {}
        rows = HouseRulesAcceptance.objects.filter(staff__in=ids).values_list("staff", "company", "at")
        for staff_id, company_id, at in rows:
            if staff_id is not None:
                accepted.setdefault(staff_id, {})[company_id] = at
    return {
        one.user_id: Facts(one.user.cleared, one.works_from or one.agency.country, accepted.get(one.user_id, {}))
        for one in members
    }


def missing(
    conditions: Mapping[str, Any], *, facts: Facts, company_id: UUID, rules_at: datetime | None, entering: bool
) -> list[str]:
    """The conditions that are not met.

    rules_at  since when the client's house rules say what they say
    entering  house rules count only at the door, since nobody reads them before access is given
    """
    unmet = []
    if conditions.get(CLEARANCE) and not facts.cleared:
        unmet.append(CLEARANCE)
    countries = conditions.get(COUNTRIES) or []
    if countries and facts.country not in countries:
        unmet.append(COUNTRIES)
    if entering and conditions.get(HOUSE_RULES) and rules_at is not None:
        accepted = facts.accepted.get(company_id)
        if accepted is None or accepted < rules_at:
            unmet.append(HOUSE_RULES)
    return unmet


def usable(staff_id: UUID, *, company_id: UUID | None = None) -> list[StaffGrant]:
    """The grants in force of a person whose conditions she meets now, with their companies; two queries or four."""
    return [grant for grant, unmet in judged(staff_id, company_id=company_id) if not unmet]


def judged(staff_id: UUID, *, company_id: UUID | None = None) -> list[tuple[StaffGrant, list[str]]]:
    """Every grant in force of a person with what is missing at the door."""
    rows = StaffGrant.objects.in_force().filter(staff=staff_id).select_related("company", "via__team")
    rows = rows.order_by("company__name")
    if company_id is not None:
        rows = rows.filter(company=company_id)
    grants = list(rows)
    facts = facts_of(staff_id) if any(grant.conditions for grant in grants) else NOBODYS
    return [(grant, _missing_at_the_door(grant, facts)) for grant in grants]


def shut_out(staff_ids: Iterable[UUID], *, company_id: UUID) -> dict[UUID, list[str]]:
    """Those of these people of the agency who may not enter a company now, with what is missing.

    Nothing missing: no grant is in force. One query, three more where a grant asks for something.
    """
    ids = list(staff_ids)
    rows = StaffGrant.objects.in_force().filter(company=company_id, staff__in=ids).select_related("company")
    grants = list(rows)
    facts = facts_of_all(ids) if any(grant.conditions for grant in grants) else {}
    unmet: dict[UUID, list[str]] = {staff_id: [] for staff_id in ids}
    entering: set[UUID] = set()
    for grant in grants:
        lacking = _missing_at_the_door(grant, facts.get(grant.staff_id, NOBODYS))
        unmet[grant.staff_id] = lacking
        if not lacking:
            entering.add(grant.staff_id)
    return {staff_id: lacking for staff_id, lacking in unmet.items() if staff_id not in entering}


def check_entry(staff_id: UUID, *, company_id: UUID) -> StaffGrant | None:
    """The grant under which a person may enter a company now, of several the one with the strongest role.

    None without any. Raises ConditionsUnmet.
    """
    found = judged(staff_id, company_id=company_id)
    grants = [grant for grant, unmet in found if not unmet]
    if not grants and found:
        raise ConditionsUnmet(found[0][1])
    return min(grants, key=lambda grant: STRONGEST.index(Role(grant.role)), default=None)


def role_of(grants: Iterable[StaffGrant]) -> Role | None:
    """The strongest role that these grants give."""
    roles = {Role(grant.role) for grant in grants}
    return next((role for role in STRONGEST if role in roles), None)


def of_company(company_id: UUID) -> dict[str, Any]:
    """The strictest of what a client asks of the agency's people now: nobody else lets them in for less."""
    with in_public():
        asked = [
            *StaffGrant.objects.in_force().filter(company=company_id, via=None).values_list("conditions", flat=True)
        ]
        asked += TeamGrant.objects.in_force().filter(company=company_id).values_list("conditions", flat=True)
    strictest: dict[str, Any] = {name: True for name in (CLEARANCE, HOUSE_RULES) if any(one.get(name) for one in asked)}
    for countries in [one[COUNTRIES] for one in asked if one.get(COUNTRIES)]:
        known = strictest.get(COUNTRIES) or countries
        strictest[COUNTRIES] = [code for code in known if code in countries] or min(known, countries, key=len)
    return strictest


def require(conditions: Mapping[str, Any], *, staff: User, company_id: UUID) -> None:
    """At giving access. Raises ConditionsUnmet."""
    if not conditions:
        return
    unmet = missing(conditions, facts=facts_of(staff.pk), company_id=company_id, rules_at=None, entering=False)
    if unmet:
        raise ConditionsUnmet(unmet)


def _missing_at_the_door(grant: StaffGrant, facts: Facts) -> list[str]:
    return missing(
        grant.conditions,
        facts=facts,
        company_id=grant.company_id,
        rules_at=grant.company.house_rules_at,
        entering=True,
    )
