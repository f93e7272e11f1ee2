"""Today at a glance."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from conversations.models import Alarm, InboxSettings, PhoneNumber
from conversations.services import figures
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission


@require_GET
@requires(Permission.DASHBOARD_VIEW)
def dashboard(request: CompanyRequest) -> HttpResponse:
    day = figures.day_of(request.company, at=timezone.now())
    promise = InboxSettings.load().response_minutes
    late = day.oldest is not None and (timezone.now() - day.oldest).total_seconds() > promise * 60
    new = PhoneNumber.objects.filter(state=PhoneNumber.State.SETUP)[:20]
    trouble = Alarm.objects.filter(closed_at=None).select_related("phone_number").order_by("severity", "opened_at")[:20]
    context = {"day": day, "promise": promise, "late": late, "new_numbers": new, "alarms": trouble}
    context["may_manage"] = request.user.may(Permission.NUMBERS_MANAGE)
    return render(request, "admin/dashboard.html", context)
