"""How the people of a company must sign in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.forms import SignInPolicyForm
from tenants.accounts.roles import Permission
from tenants.accounts.services import second_factor
from tenants.errors import DomainError
from tenants.models import ClientCompany


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def edit_policy(request: CompanyRequest) -> HttpResponse:
    company = ClientCompany.objects.get(pk=request.company.pk)
    form = SignInPolicyForm(request.POST if request.method == "POST" else None, company=company)
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.require(company, wanted=form.cleaned_data["require_two_factor"], by=request.user)
        except DomainError as refusal:
            form.add_error("require_two_factor", str(refusal.user_message))
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("sign-in-policy")
    return render(request, "admin/sign_in.html", {"form": form}, status=422 if form.errors else 200)
