"""Tasks of billing."""

from billing.services import metering
from tenants import wake, work
from tenants.tasks import company_task


@company_task(name="billing.meter", queue="default")
def meter(schema_name: str) -> None:
    wake.started(schema_name, work.Kind.METERING)
    marks = work.take(work.Kind.METERING)
    metering.meter()
    work.done(marks)
