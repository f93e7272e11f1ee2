"""The company's privacy page: agreement, retention and sub-processors on one document."""

from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from conversations.models import PhoneNumber
from privacy.data_classes import CLASSES
from privacy.models import RetentionRun
from privacy.registry.models import SubProcessor
from privacy.services import agreements, entered, proofs
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

PAGE = 50


@require_GET
@requires(Permission.PRIVACY_VIEW)
def overview(request: CompanyRequest) -> HttpResponse:
    company = entered.company()
    today = entered.today_of(company)
    current = agreements.in_force(today)
    shown = proofs.overview(company)
    context = {
        "current": current,
        "coming": agreements.coming(today),
        "earlier": [one for one in agreements.history()[:PAGE] if one != current],
        "waiting_numbers": PhoneNumber.objects.filter(sandbox=False, state=PhoneNumber.State.SETUP).count(),
        "retention": shown,
        "without_clock": [one for one in CLASSES.values() if one.kept is None],
        "sub_processors": SubProcessor.objects.filter(agency=company.agency_id)
        .filter(Q(ends_on=None) | Q(ends_on__gte=today))
        .order_by("name")[:PAGE],
        "may_manage": request.user.may(Permission.PRIVACY_MANAGE),
        "may_see_audit": request.user.may(Permission.AUDIT_VIEW),
    }
    return render(request, "privacy/overview.html", context)


@require_GET
@requires(Permission.PRIVACY_VIEW)
def runs(request: CompanyRequest) -> HttpResponse:
    """Every run with what it did, newest first, paged by key."""
    found = RetentionRun.objects.order_by("-id")
    before = request.GET.get("before")
    if before:
        try:
            found = found.filter(id__lt=UUID(before))
        except ValueError as error:
            raise Http404 from error
    rows = list(found[: PAGE + 1])
    context = {
        "runs": [(run, CLASSES.get(run.data_class)) for run in rows[:PAGE]],  # type: ignore[call-overload]
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
    }
    return render(request, "privacy/runs.html", context)
