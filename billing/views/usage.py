"""The month so far."""

from datetime import UTC, date, datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from billing.services import subscriptions, usage
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

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


def _middle_of(year: int, number: int) -> datetime:
    if not (EARLIEST_YEAR <= year <= timezone.now().year + 1 and 1 <= number <= 12):
        raise Http404
    return datetime(year, number, 15, 12, tzinfo=UTC)
