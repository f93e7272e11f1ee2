"""The stop notice of a number: an admin's own words, shown to everybody until they are withdrawn."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from conversations.models import InboxSettings, PhoneNumber
from conversations.services.numbers import number_notices
from conversations.views.numbers.finding import frame_of, number_of
from conversations.views.public.forms import in_languages, texts_of
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.addresses import address_of
from tenants.errors import DomainError


class NoticeForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("From which day the number cannot be used"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = gettext_lazy("What people read")
        self.fields.update(in_languages("text", label, max_length=number_notices.MAX_CHARS, rows=4, first=language))


@require_http_methods(["GET", "POST"])
@requires(Permission.NUMBERS_MANAGE)
def notice(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    """What is shown now, and its words; a POST publishes them."""
    number = number_of(number_id)
    form = NoticeForm(request.POST or None, initial=_initial(number), language=request.company.language)
    if request.method == "POST" and form.is_valid():
        texts = texts_of(form.cleaned_data, "text")
        try:
            number_notices.publish(number, texts=texts, on=form.cleaned_data["on"], by=request.user, request=request)
        except DomainError as refusal:
            form.add_error(f"text_{request.company.language}", str(refusal.user_message))
        else:
            messages.success(request, _("The notice is published. Everybody sees it within a minute."))
            return redirect("numbers:notice", number.pk)
    context = frame_of(request, number, tab="notice") | {
        "form": form,
        "published": number_notices.is_published(number),
        "page_is_shown": InboxSettings.load().public_page,
        "address": address_of(request.company),
    }
    return render(request, "numbers/notice.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.NUMBERS_MANAGE)
def withdraw(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    number = number_of(number_id)
    number_notices.withdraw(number, by=request.user, request=request)
    messages.success(request, _("The notice is withdrawn. Its words are kept here."))
    return redirect("numbers:notice", number.pk)


def _initial(number: PhoneNumber) -> dict[str, Any]:
    known = number.stop_notice
    since = timezone.localdate(number.state_since) if number.stands_still and number.state_since else None
    texts = {f"text_{code}": text for code, text in known.get("texts", {}).items()}
    return {"on": known.get("on") or since or timezone.localdate(), **texts}
