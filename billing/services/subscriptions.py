"""Which plan a company takes."""

from datetime import date

from django.db import transaction

from billing.catalogue.models import PlanVersion
from billing.models import Subscription


@transaction.atomic
def subscribe(version: PlanVersion, *, starts_on: date) -> Subscription:
    """Take a plan version from a day on; the running subscription ends that day. The same version twice is once."""
    running = Subscription.objects.select_for_update().filter(ends_on=None).first()
    if running and running.plan_version_id == version.pk:
        return running
    if running:
        running.ends_on = max(starts_on, running.starts_on)
        running.save(update_fields=["ends_on"])
    return Subscription.objects.create(plan_version_id=version.pk, plan_name=version.plan.name, starts_on=starts_on)


def running() -> Subscription | None:
    return Subscription.objects.filter(ends_on=None).first()


def version_of(subscription: Subscription) -> PlanVersion:
    return PlanVersion.objects.select_related("plan").get(pk=subscription.plan_version_id)
