"""The tasks of privacy: each enters its side and calls one service."""

from privacy.services import agreements, entered, nights
from tenants import wake, work
from tenants.context import current_schema
from tenants.tasks import company_task, public_task


@public_task(name="privacy.plan_retention", queue="default")
def plan_retention() -> None:
    nights.plan()
    nights.retain_agency_side()


@company_task(name="privacy.retain", queue="bulk")
def retain(schema_name: str) -> None:
    nights.retain()


@company_task(name="privacy.follow_agreement", queue="default")
def follow_agreement(schema_name: str) -> None:
    wake.started(current_schema(), work.Kind.AGREEMENT)
    marks = work.take(work.Kind.AGREEMENT)
    agreements.follow_calendar(entered.company())
    work.done(marks)
