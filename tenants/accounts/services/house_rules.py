"""A client's house rules: since when they say what they say, and who of the agency accepted them."""

from django.db import transaction
from django.utils import timezone

from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.accounts.services import grants, listening
from tenants.context import in_public, inside, schema_of
from tenants.models import ClientCompany, HouseRulesAcceptance, StaffGrant, StaffMembership


@transaction.atomic
def accept(staff: User, *, company: ClientCompany) -> None:
    """Note that a person of the agency keeps to the house rules as they stand now; the client's trail says so."""
    with in_public():
        HouseRulesAcceptance.objects.update_or_create(staff=staff, company=company, defaults={"at": timezone.now()})
        membership = StaffMembership.objects.select_related("user", "agency").get(user=staff)
    grants.settle_row(membership, company_id=company.pk)
    with inside(schema_of(company.pk)):
        user = User.objects.filter(staff_id=staff.pk).first()
        audit.record("house_rules.accepted", actor=user, subject=user)


@transaction.atomic
def changed(company: ClientCompany, *, written: bool, by: User) -> None:
    """The text was changed inside the company: earlier acceptances no longer count.

    written  False: there are no house rules any more
    """
    with in_public():
        ClientCompany.objects.filter(pk=company.pk).update(house_rules_at=timezone.now() if written else None)
    served = StaffGrant.objects.in_force().filter(company=company.pk).values_list("staff", flat=True).distinct()
    for staff_id in filter(None, served):
        listening.staff_changed(staff_id)
    audit.record("house_rules.changed", actor=by, subject=by)
