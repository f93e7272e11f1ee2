"""When conversations close and reopen, and which forms may be sent."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations.models import InboxSettings
from conversations.services import inbox_settings
from conversations.views.admin.forms import InboxSettingsForm
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def edit(request: CompanyRequest) -> HttpResponse:
    form = InboxSettingsForm(request.POST or None, instance=InboxSettings.load())
    if request.method == "POST" and form.is_valid():
        inbox_settings.change(by=request.user, request=request, **form.cleaned_data)
        messages.success(request, _("The settings are saved."))
        return redirect("settings:inbox")
    return render(request, "admin/settings.html", {"form": form}, status=422 if form.errors else 200)
