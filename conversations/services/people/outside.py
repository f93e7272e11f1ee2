"""People of the agency whom a condition of their grant keeps out of the company: what they hold goes back at once.

Clearance that lapsed, a country that is not allowed, a grant that ran out: everything goes back. House rules that were
written anew she accepts within a minute, so only what waits goes back until then.
"""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from conversations.models import Conversation
from conversations.presence_rules import RULES_UNREAD, SHUT_OUT
from conversations.services.people import returns
from tenants.accounts.models import User
from tenants.accounts.services import conditions
from tenants.context import company_id_of, current_schema
from tenants.models import StaffGrant

SOON = timedelta(minutes=1)


@transaction.atomic
def give_back() -> int:
    """Return what people of the agency hold in the entered company and may not answer now; tells how many."""
    holders = _holders()
    outside = _outside(holders)
    return sum(
        returns.of_person(user, why=RULES_UNREAD if outside[staff_id] == [conditions.HOUSE_RULES] else SHUT_OUT)
        for staff_id, user in holders.items()
        if staff_id in outside
    )


def look_again_at(*, at: datetime) -> datetime | None:
    """When the next of those who hold something here may find herself outside, or a message may wait for one who is."""
    holders = _holders()
    if not holders:
        return None
    ends = StaffGrant.objects.in_force().filter(company=company_id_of(current_schema()), staff__in=list(holders))
    turns = [moment for moment in ends.values_list("ends_at", flat=True) if moment]
    today = timezone.localdate(at)
    if any(user.cleared_until == today for user in holders.values()):
        turns.append(timezone.make_aware(datetime.combine(today + timedelta(days=1), time.min)))
    if _outside(holders):
        turns.append(at + SOON)
    return min(turns, default=None)


def _holders() -> dict[UUID, User]:
    """Who of the agency holds an open conversation here, by the id of the account at the agency."""
    held = Conversation.objects.open().exclude(assignee=None).values("assignee")
    return {user.staff_id: user for user in User.objects.filter(pk__in=held).exclude(staff_id=None) if user.staff_id}


def _outside(holders: Collection[UUID]) -> dict[UUID, list[str]]:
    return conditions.shut_out(holders, company_id=company_id_of(current_schema())) if holders else {}
