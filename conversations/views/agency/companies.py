"""One client: opening it, its facts and numbers, and who of the agency may work there."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.models import Alarm, InboxSettings, PhoneNumber
from conversations.services.people import agency_access
from conversations.views.agency.forms import CompanyForm, GrantForm
from conversations.views.connecting_sides import may_connect
from tenants.accounts.access import StaffRequest, staff_only
from tenants.accounts.roles import Role
from tenants.accounts.services import conditions, grants, onboarding
from tenants.addresses import address_of
from tenants.context import inside, schema_of
from tenants.errors import DomainError
from tenants.models import ClientCompany, StaffGrant

MOST_NUMBERS = 50
MOST_GRANTS = 200
MOST_ALARMS = 30


@require_http_methods(["GET", "POST"])
@staff_only(owner=True)
def open_company(request: StaffRequest) -> HttpResponse:
    form = CompanyForm(request.POST or None, initial={"language": request.agency.language})
    if request.method == "POST" and form.is_valid():
        try:
            opened = onboarding.open_company(request.agency, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal.user_message))
        else:
            messages.success(request, _("%(name)s is open. Its first admin was invited.") % {"name": opened.company})
            return redirect("agency:company", opened.company.pk)
    return render(request, "agency/open_company.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@staff_only()
def company(request: StaffRequest, company_id: UUID) -> HttpResponse:
    return _page(request, _client(request, company_id))


@require_POST
@staff_only(owner=True)
def give_grant(request: StaffRequest, company_id: UUID) -> HttpResponse:
    """Let one of one's own people work for a client; for no less than the client asks of others."""
    client = _client(request, company_id)
    form = GrantForm(request.POST, agency=request.agency)
    if not form.is_valid():
        return _page(request, client, grant_form=form)
    membership, role = form.cleaned_data["membership"], Role(form.cleaned_data["role"])
    asked = conditions.of_company(client.pk)
    try:
        grants.give(membership, company=client, role=role, given_by=_named(request), conditions=asked)
    except DomainError as refusal:
        form.add_error("membership", str(refusal.user_message))
        return _page(request, client, grant_form=form)
    messages.success(request, _("%(name)s may work for %(client)s.") % {"name": membership.user, "client": client})
    return redirect("agency:company", client.pk)


@require_POST
@staff_only(owner=True)
def end_grant(request: StaffRequest, company_id: UUID, grant_id: UUID) -> HttpResponse:
    client = _client(request, company_id)
    grant = get_object_or_404(StaffGrant.objects.in_force(), pk=grant_id, company=client)
    agency_access.end_grant(grant, ended_by=_named(request))
    messages.success(request, _("Access ended."))
    return redirect("agency:company", client.pk)


def _page(request: StaffRequest, client: ClientCompany, *, grant_form: Form | None = None) -> HttpResponse:
    with inside(schema_of(client.pk)):
        listed = list(PhoneNumber.objects.order_by("display_number")[:MOST_NUMBERS])
        trouble = list(_open_alarms()[:MOST_ALARMS])
        public_page = InboxSettings.load().public_page
    granted = list(StaffGrant.objects.in_force().filter(company=client).select_related("staff")[:MOST_GRANTS])
    refused = grant_form is not None and bool(grant_form.errors)
    context = {
        "client": client,
        "client_address": address_of(client),
        "numbers": listed,
        "alarms": trouble,
        "public_page": public_page,
        "grants": granted,
        "may_enter": any(grant.staff_id == request.user.pk for grant in granted),
        "owner": request.membership.role == request.membership.Role.OWNER,
        "may_connect": may_connect(request, client),
        "grant_form": grant_form or GrantForm(agency=request.agency),
        "enter_url": reverse("agency:enter", args=[client.pk]),
    }
    return render(request, "agency/company.html", context, status=422 if refused else 200)


def _open_alarms() -> QuerySet[Alarm]:
    """What is wrong with the entered company's numbers, the worst first."""
    rows = Alarm.objects.filter(closed_at=None).select_related("phone_number")
    return rows.defer("phone_number__token", "phone_number__pin").order_by("severity", "opened_at")


def _client(request: HttpRequest, company_id: UUID) -> ClientCompany:
    """A company of the request's agency; anybody else's is not there."""
    return get_object_or_404(ClientCompany, pk=company_id, agency=request.agency)  # type: ignore[attr-defined]


def _named(request: StaffRequest) -> str:
    return f"{request.user.name} <{request.user.email}>"
