"""Recording a signed agreement, looking at it, ending it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from privacy.errors import AgreementFileDamaged
from privacy.forms import EndAgreementForm, SignedAgreementForm
from privacy.models import DataProcessingAgreement
from privacy.services import agreement_files, agreements, entered
from tenants.accounts import audit
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

FIELD_OF = {
    "agreement_file_odd": "file",
    "agreement_file_too_big": "file",
    "agreement_dates_odd": "starts_on",
    "agreement_incomplete": "controller_signatory",
}


@require_http_methods(["GET", "POST"])
@requires(Permission.PRIVACY_MANAGE)
def record(request: CompanyRequest) -> HttpResponse:
    company = entered.company()
    form = SignedAgreementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "file"}
        file = form.cleaned_data["file"]
        try:
            agreements.record_signed(company, file=file, file_name=file.name, by=request.user, **fields)
        except DomainError as refusal:
            form.add_error(FIELD_OF.get(refusal.code), str(refusal.user_message))
        else:
            messages.success(request, _("The agreement is recorded."))
            return redirect("privacy:overview")
    context = {"form": form, "current": agreements.in_force(entered.today_of(company))}
    return render(request, "privacy/agreement_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.PRIVACY_MANAGE)
def end(request: CompanyRequest) -> HttpResponse:
    company = entered.company()
    today = entered.today_of(company)
    form = EndAgreementForm(request.POST or None, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        try:
            agreements.end(company, on=form.cleaned_data["on"], by=request.user)
        except DomainError as refusal:
            form.add_error("on", str(refusal.user_message))
        else:
            messages.success(request, _("The end of the agreement is recorded."))
            return redirect("privacy:overview")
    context = {"form": form, "current": agreements.in_force(today)}
    return render(request, "privacy/agreement_end.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Permission.PRIVACY_VIEW)
def download(request: CompanyRequest, agreement_id: UUID) -> HttpResponse:
    """The signed file as it was recorded, never shown inside a page of ours; each look is recorded."""
    agreement = get_object_or_404(DataProcessingAgreement.objects.exclude(file_key=""), pk=agreement_id)
    try:
        data = agreement_files.read(agreement)
    except AgreementFileDamaged as refusal:
        messages.error(request, str(refusal.user_message))
        return redirect("privacy:overview")
    audit.record("agreement.opened", actor=request.user, subject=agreement, request=request, version=agreement.version)
    response = HttpResponse(data, content_type=agreement_files.PDF)
    for name, value in agreement_files.headers_of(agreement).items():
        response[name] = value
    response._csp_exempt = True  # type: ignore[attr-defined]  # a stricter policy stands in the headers
    return response
