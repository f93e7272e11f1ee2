"""Where an admin switches the contact page on, and says how else the company is reached."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations.models import InboxSettings
from conversations.views.public.forms import ContactPageForm
from tenants.accounts import audit
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.addresses import address_of


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def edit(request: CompanyRequest) -> HttpResponse:
    form = ContactPageForm(request.POST or None, instance=InboxSettings.load(), language=request.company.language)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            audit.record("settings.changed", actor=request.user, request=request, fields=sorted(form.changed_data))
        messages.success(request, _("Saved. Everybody sees it within a minute."))
        return redirect("public:settings")
    context = {"form": form, "shown": InboxSettings.load().public_page, "address": address_of(request.company)}
    return render(request, "public/settings.html", context, status=422 if form.errors else 200)
