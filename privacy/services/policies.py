"""How long the company keeps each class of data: the product's default, or what its admins chose and why."""

from dataclasses import dataclass

from django.db import transaction

from privacy.data_classes import CLASSES, DataClass, default_of
from privacy.data_fields.kinds import DataKind
from privacy.errors import PeriodNotYours, PeriodOutOfBounds, ReasonMissing
from privacy.models import RetentionPolicy
from privacy.retention import Period, Unit, period_of
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.models import ClientCompany

MAX_REASON_CHARS = 500


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts for one class in one company. ``chosen`` is the company's own row, if it has one."""

    data_class: DataClass
    default: Period
    chosen: RetentionPolicy | None = None

    @property
    def kept(self) -> Period:
        return period_of(self.chosen.days, unit=self._unit) if self.chosen else self.default

    @property
    def days(self) -> int:
        return self.chosen.days if self.chosen else self.default.days

    @property
    def _unit(self) -> Unit:
        return Unit.MONTHS if self.chosen and self.chosen.days >= self._smallest_month else self.default.unit

    @property
    def _smallest_month(self) -> int:
        return Period(1, Unit.MONTHS).days


def of_company(company: ClientCompany) -> list[Policy]:
    """The policy of every class that has a clock, in the registry's order."""
    chosen = {row.data_class: row for row in RetentionPolicy.objects.all()}
    high_risk = company.risk_class == ClientCompany.RiskClass.HIGH
    found = [(one, default_of(kind, high_risk=high_risk)) for kind, one in CLASSES.items()]
    return [
        Policy(one, default, chosen.get(one.kind))
        for one, default in found
        if default is not None and one.kind != DataKind.QUARANTINE
    ]


def of_class(company: ClientCompany, kind: DataKind) -> Policy | None:
    return next((policy for policy in of_company(company) if policy.data_class.kind == kind), None)


def unknown() -> list[str]:
    """Rows for a class that the registry does not know; nothing is ever deleted for them."""
    rows = RetentionPolicy.objects.exclude(data_class__in=[str(kind) for kind in CLASSES])
    return list(rows.order_by("data_class").values_list("data_class", flat=True))


@transaction.atomic
def change(company: ClientCompany, kind: DataKind, *, to: Period, reason: str, by: User) -> Policy:
    """Choose how long a class is kept; the next nightly run follows it.

    Raises  PeriodNotYours, PeriodOutOfBounds, ReasonMissing
    """
    before = of_class(company, kind)
    if before is None:
        raise PeriodNotYours
    shortest, longest = before.data_class.shortest, before.data_class.longest
    if shortest is None or longest is None:
        raise PeriodNotYours
    if not shortest.days <= to.days <= longest.days:
        raise PeriodOutOfBounds
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON_CHARS:
        raise ReasonMissing
    row, _made = RetentionPolicy.objects.update_or_create(
        data_class=kind, defaults={"days": to.days, "reason": reason, "changed_by": by.name}
    )
    audit.record(
        "retention.changed", actor=by, reason=reason, data_class=str(kind), days_before=before.days, days_now=to.days
    )
    return Policy(before.data_class, before.default, row)


@transaction.atomic
def reset(company: ClientCompany, kind: DataKind, *, by: User) -> None:
    """Go back to the product's default. Twice is once."""
    before = of_class(company, kind)
    if before is None or before.chosen is None:
        return
    before.chosen.delete()
    audit.record(
        "retention.changed", actor=by, data_class=str(kind), days_before=before.days, days_now=before.default.days
    )
