"""Today at a glance."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from conversations.models import InboxSettings, PhoneNumber
from conversations.services import figures
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission


@require_GET
@requires(Permission.DASHBOARD_VIEW)
def dashboard(request: CompanyRequest) -> HttpResponse:
    day = figures.day_of(request.company, at=timezone.now())
    promise = InboxSettings.load().response_minutes
    late = day.oldest is not None and (timezone.now() - day.oldest).total_seconds() > promise * 60
    troubled = PhoneNumber.objects.exclude(state=PhoneNumber.State.LIVE)[:20]
    context = {"day": day, "promise": promise, "late": late, "troubled": troubled}
    return render(request, "admin/dashboard.html", context)
