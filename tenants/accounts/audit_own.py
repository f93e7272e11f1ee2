"""How the audit trail reads what accounts, access and the trail itself record."""

from django.utils.translation import gettext_lazy as _

from tenants.accounts.audit_facts import (
    Fact,
    coded,
    count,
    id_of,
    labels_of,
    plain,
    register,
    register_fields,
    yes_no,
)  # fmt: skip
from tenants.accounts.forms import ProfileForm, SignInPolicyForm
from tenants.accounts.roles import Role
from tenants.accounts.services.conditions import MISSING_WORDS

ROLE = coded({role.value: role.label for role in Role})


def register_all() -> None:
    """Once, when the app is loaded."""
    _trail()
    _access()
    _people()


def _trail() -> None:
    register("audit.exported", filtered=Fact(_("filtered"), yes_no))
    register(
        "audit.pruned",
        up_to=Fact(_("up to entry"), count),
        entries=Fact(_("entries"), count),
        hash=Fact(_("hash"), plain),
    )
    register("audit.verified", whole=Fact(_("whole"), yes_no), entries=Fact(_("entries"), count))


def _access() -> None:
    decided = Fact(_("decided by"), plain)
    team = Fact(_("team"), plain)
    asked = Fact(_("conditions"), coded(MISSING_WORDS, between="; "))
    role = Fact(_("role"), ROLE)
    register("grant.given", "grant.changed", "grant.ended", reason=decided, role=role, team=team, conditions=asked)
    register("grant.given", "grant.changed", "grant.ended", grant=id_of("staffgrant", _("grant")))
    named = Fact(_("team"), plain, names_subject=True)
    register("team_grant.given", "team_grant.changed", reason=decided, team=named, role=role, conditions=asked)
    register("team_grant.ended", reason=decided, team=named)
    register("staff_team.joined", "staff_team.left", team=team)
    register("staff_team.deleted", name=Fact(_("name"), plain, names_subject=True))


def _people() -> None:
    register("person.role_changed", before=Fact(_("before"), ROLE), after=Fact(_("after"), ROLE))
    register("session.ended", count=Fact(_("how many"), count))
    register_fields("profile.changed", labels=labels_of(ProfileForm))
    register_fields("settings.changed", labels=labels_of(SignInPolicyForm))
    register("settings.changed", require_two_factor=Fact(_("second step asked for"), yes_no))
