"""The company we are in, and its day."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from tenants.context import current_schema
from tenants.models import ClientCompany


def company() -> ClientCompany:
    """The company whose schema is entered, with its agency."""
    return ClientCompany.objects.select_related("agency").get(schema_name=current_schema())


def today_of(one: ClientCompany) -> date:
    """The date where the company is; contracts count in such days."""
    return timezone.localdate(timezone=ZoneInfo(one.time_zone))
