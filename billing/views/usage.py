"""The month so far."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from billing.services import subscriptions, usage
from tenants.accounts import audit
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.exports import csv_file

EARLIEST_YEAR = 2020


@require_GET
@requires(Permission.BILLING_VIEW)
def month(request: CompanyRequest, year: int | None = None, number: int | None = None) -> HttpResponse:
    """The running month, or an earlier one by address."""
    now = timezone.now()
    at = _middle_of(year, number) if year and number else now
    shown = usage.month_of(request.company, at=at)
    running = subscriptions.running()
    earlier = (shown.starts_on.replace(day=1).toordinal() - 1) if shown.starts_on.year > EARLIEST_YEAR else None
    context = {
        "usage": shown,
        "is_running": shown.starts_on <= now.date() <= shown.ends_on,
        "subscription": running,
        "plan": subscriptions.version_of(running) if running else None,
        "earlier": date.fromordinal(earlier) if earlier else None,
    }
    return render(request, "billing/month.html", context)


@require_GET
@requires(Permission.BILLING_VIEW)
def export(request: CompanyRequest, year: int, number: int) -> HttpResponseBase:
    """Every message that a month counts, as a file. Taking it away is recorded."""
    shown = usage.month_of(request.company, at=_middle_of(year, number))
    month = f"{shown.starts_on:%Y-%m}"
    zone = ZoneInfo(request.company.time_zone)
    audit.record("usage.exported", actor=request.user, request=request, month=month)
    return csv_file(
        f"usage-{request.company.subdomain}-{month}",
        header=usage.HEADER,
        page=lambda after: usage.messages_of(shown, zone=zone, after=after),
    )


def _middle_of(year: int, number: int) -> datetime:
    if not (EARLIEST_YEAR <= year <= timezone.now().year + 1 and 1 <= number <= 12):
        raise Http404
    return datetime(year, number, 15, 12, tzinfo=UTC)
