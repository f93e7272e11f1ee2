"""What an agency sells: plans whose versions never change."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from billing.catalogue.models import Plan, PlanVersion
from tenants.models import Agency


@transaction.atomic
def publish_version(
    agency: Agency,
    *,
    name: str,
    effective_from: date,
    currency: str = "EUR",
    setup_fee: Decimal = Decimal(0),
    per_number: Decimal = Decimal(0),
    per_seat: Decimal = Decimal(0),
    per_conversation: Decimal = Decimal(0),
    included_conversations: int = 0,
    meta_markup_percent: Decimal = Decimal(0),
) -> PlanVersion:
    """A new version of the agency's plan of this name; earlier versions and who took them stay as they are."""
    plan, _ = Plan.objects.select_for_update().get_or_create(agency=agency, name=name)
    last = plan.versions.order_by("-version").first()
    return PlanVersion.objects.create(
        plan=plan,
        version=last.version + 1 if last else 1,
        currency=currency,
        setup_fee=setup_fee,
        per_number=per_number,
        per_seat=per_seat,
        per_conversation=per_conversation,
        included_conversations=included_conversations,
        meta_markup_percent=meta_markup_percent,
        effective_from=effective_from,
    )
