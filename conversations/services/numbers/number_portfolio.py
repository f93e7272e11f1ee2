"""The people that all companies of one portfolio wrote to first within a day: the platform's limit is theirs together.

A company tells how many, by the hour, and hears the sum of the others: never who they are, nor whom they wrote to. A
person whom two companies wrote to counts twice here and once at the platform, so a warning comes early, never late.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from conversations.desk.models import PortfolioHour
from tenants.context import company_id_of, current_schema, in_public

DAY = timedelta(hours=24)
CLEAR = """
DELETE FROM public.desk_portfoliohour
WHERE company_id = %(company)s AND (hour <= %(over)s OR (business_id = %(business)s AND NOT hour = ANY(%(hours)s)))
"""
TELL = """
INSERT INTO public.desk_portfoliohour AS known (business_id, company_id, hour, people)
SELECT %(business)s, %(company)s, told.hour, told.people
FROM unnest(%(hours)s::timestamptz[], %(people)s::integer[]) AS told (hour, people) ORDER BY told.hour
ON CONFLICT (business_id, hour, company_id) DO UPDATE SET people = excluded.people
WHERE known.people <> excluded.people
"""


@transaction.atomic
def share(business_id: str, *, hours: dict[datetime, int], at: datetime) -> int:
    """Tell how many people the entered company wrote to, by hour; gives how many all others did within the last day."""
    company_id = company_id_of(current_schema())
    began = sorted(hours)
    parameters: dict[str, Any] = {
        "business": business_id,
        "company": company_id,
        "hours": began,
        "people": [hours[hour] for hour in began],
        "over": _first_hour(at),
    }
    with in_public():
        with connection.cursor() as cursor:
            cursor.execute(CLEAR, parameters)
            if began:
                cursor.execute(TELL, parameters)
        others = PortfolioHour.objects.filter(business_id=business_id, hour__gt=_first_hour(at), hour__lte=at)
        counted: int | None = others.exclude(company=company_id).aggregate(people=Sum("people"))["people"]
    return counted or 0


def _first_hour(at: datetime) -> datetime:
    """The hour that is wholly over: what counted in it counts no more."""
    return (at - DAY).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
