"""Finds the number a page is about, and what every page about it shows."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from conversations.models import Alarm, PhoneNumber
from tenants.accounts.access import CompanyRequest
from tenants.accounts.roles import Permission

MOST_NUMBERS = 50


def number_of(number_id: UUID) -> PhoneNumber:
    """The number, or 404."""
    return get_object_or_404(PhoneNumber, pk=number_id)


def frame_of(request: CompanyRequest, number: PhoneNumber, *, tab: str) -> dict[str, Any]:
    """Head and tabs of the pages of one number."""
    return {
        "number": number,
        "tab": tab,
        "may_manage": request.user.may(Permission.NUMBERS_MANAGE),
        "alarms": alarms_of(number),
        "several": PhoneNumber.objects.count() > 1,
    }


def alarms_of(number: PhoneNumber) -> list[Alarm]:
    """Open ones, the worst first."""
    return list(Alarm.objects.filter(phone_number=number, closed_at=None).order_by("severity", "opened_at")[:30])
