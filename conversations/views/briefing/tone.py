"""Tone, form of address, links and house rules."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations.forms_briefing import BriefingForm
from conversations.models import InboxSettings
from conversations.services.knowledge import briefing
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.KNOWLEDGE_MANAGE)
def edit(request: CompanyRequest) -> HttpResponse:
    form = BriefingForm(request.POST if request.method == "POST" else None, initial=_as_it_is())
    if request.method == "POST" and form.is_valid():
        briefing.save(request.company, given=form.cleaned_data, by=request.user)
        messages.success(request, _("The briefing is saved."))
        return redirect("briefing:tone")
    return render(request, "briefing/tone.html", {"form": form}, status=422 if form.errors else 200)


def _as_it_is() -> dict[str, str]:
    settings = InboxSettings.load()
    return {
        "tone": settings.tone,
        "form_of_address": settings.form_of_address,
        "links": BriefingForm.lines_of(settings.links),
        "house_rules": settings.house_rules,
    }
