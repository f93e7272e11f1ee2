"""What the last nights did, and what is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from privacy.models import RetentionRun
from privacy.services import policies
from privacy.services.policies import Policy
from tenants.models import ClientCompany

LATE_AFTER = timedelta(hours=48)
SHOWN = timedelta(days=30)
State = RetentionRun.State


@dataclass(frozen=True, slots=True)
class Kept:
    """One line of the page: the policy, the last run that ended, and the last one that went well."""

    policy: Policy
    last: RetentionRun | None
    went_well_at: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    lines: list[Kept]
    late: list[Kept]
    never_ran: bool


def overview(company: ClientCompany, *, at: datetime | None = None) -> Overview:
    """Every policy with its proof; ``late`` are those without a good run in the last 48 hours."""
    now = at or timezone.now()
    recent = RetentionRun.objects.filter(started_at__gte=now - SHOWN).exclude(state=State.RUNNING)
    last: dict[str, RetentionRun] = {}
    well: dict[str, datetime | None] = {}
    for run in recent.order_by("data_class", "-started_at").distinct("data_class"):
        last[run.data_class] = run
    for run in recent.filter(state=State.FINISHED).order_by("data_class", "-started_at").distinct("data_class"):
        well[run.data_class] = run.finished_at
    lines = [
        Kept(policy, last.get(policy.data_class.kind), well.get(policy.data_class.kind))
        for policy in policies.of_company(company)
    ]
    is_young = company.created_at > now - LATE_AFTER
    late = [one for one in lines if (one.went_well_at or company.created_at) < now - LATE_AFTER]
    return Overview(lines, late, never_ran=not last and is_young)
