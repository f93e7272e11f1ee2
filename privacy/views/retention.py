"""Choosing how long one class of data is kept."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from privacy.data_fields.kinds import DataKind
from privacy.forms import PeriodForm
from privacy.services import entered, policies, retaining
from privacy.services.policies import Policy
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError
from tenants.expiry import Amount
from tenants.models import ClientCompany

FIELD_OF = {"period_out_of_bounds": "number", "reason_missing": "reason"}


@require_http_methods(["GET", "POST"])
@requires(Permission.PRIVACY_MANAGE)
def edit(request: CompanyRequest, kind: str) -> HttpResponse:
    """A shorter period is saved once the person has seen how much leaves tonight because of it."""
    company = entered.company()
    policy = _changeable(company, kind)
    form = PeriodForm.of(policy, request.POST or None)
    leaving: Amount | None = None
    if request.method == "POST" and form.is_valid():
        leaving = _leaving(company, policy, form)
        if leaving is None and _saved(request, company, policy, form):
            return redirect("privacy:overview")
    context = {"form": form, "policy": policy, "leaving": leaving}
    return render(request, "privacy/retention.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.PRIVACY_MANAGE)
def reset(request: CompanyRequest, kind: str) -> HttpResponse:
    company = entered.company()
    policy = _changeable(company, kind)
    policies.reset(company, policy.data_class.kind, by=request.user)
    messages.success(request, _("The usual period counts again from tonight."))
    return redirect("privacy:overview")


def _changeable(company: ClientCompany, kind: str) -> Policy:
    policy = policies.of_class(company, DataKind(kind)) if kind in set(DataKind) else None
    if policy is None or not policy.data_class.may_be_changed:
        raise Http404
    return policy


def _leaving(company: ClientCompany, policy: Policy, form: PeriodForm) -> Amount | None:
    """What leaves tonight because the period became shorter; None when nothing does or the person knows."""
    if form.cleaned_data["sure"] or form.period.days >= policy.days:
        return None
    amount = retaining.due(company, policy.data_class.kind, days=form.period.days)
    return amount if amount.rows else None


def _saved(request: CompanyRequest, company: ClientCompany, policy: Policy, form: PeriodForm) -> bool:
    try:
        policies.change(
            company,
            policy.data_class.kind,
            to=form.period,
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
    except DomainError as refusal:
        form.add_error(FIELD_OF.get(refusal.code), str(refusal.user_message))
        return False
    messages.success(request, _("The new period counts from tonight."))
    return True
