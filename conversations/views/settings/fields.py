"""What the company keeps about contacts beside the chat."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from conversations import contact_fields
from conversations.contact_fields import ContactField, Kind
from conversations.models import Contact
from conversations.services.contacts import cards
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

KINDS = [
    (Kind.TEXT.value, gettext_lazy("Text")),
    (Kind.NUMBER.value, gettext_lazy("Number")),
    (Kind.DATE.value, gettext_lazy("Date")),
    (Kind.CHOICE.value, gettext_lazy("Choice from a list")),
    (Kind.LINK.value, gettext_lazy("Web address")),
]


class FieldForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=contact_fields.MAX_NAME_CHARS)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=KINDS, help_text=gettext_lazy("Cannot be changed afterwards.")
    )
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=gettext_lazy("For a choice from a list: one a line."),
    )

    def clean_choices(self) -> list[str]:
        lines: str = self.cleaned_data["choices"]
        return [line.strip() for line in lines.splitlines() if line.strip()]


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def board(request: CompanyRequest) -> HttpResponse:
    """All fields; with POST a new one."""
    form = FieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            cards.add_field(
                name=told["name"], kind=Kind(told["kind"]), choices=told["choices"], by=request.user, request=request
            )
        except DomainError as refusal:
            form.add_error("choices" if isinstance(refusal, cards.FieldOdd) else "name", str(refusal.user_message))
        else:
            messages.success(request, _("The field stands on every contact's card."))
            return redirect("settings:fields")
    context = {"form": form, "fields": [(one, dict(KINDS)[one.kind.value]) for one in cards.fields()]}
    return render(request, "settings/fields.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def change(request: CompanyRequest, key: str) -> HttpResponse:
    """One field, to be changed or removed with all that is written in it."""
    known = _one(key)
    initial = {"name": known.name, "kind": known.kind.value, "choices": "\n".join(known.choices)}
    typed = request.POST.dict() | {"kind": known.kind.value} if request.method == "POST" else None
    form = FieldForm(typed, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            cards.change_field(key, name=told["name"], choices=told["choices"], by=request.user, request=request)
        except DomainError as refusal:
            form.add_error("choices" if isinstance(refusal, cards.FieldOdd) else "name", str(refusal.user_message))
        else:
            messages.success(request, _("The field is saved."))
            return redirect("settings:fields")
    context = {
        "field": known,
        "kind": dict(KINDS)[known.kind.value],
        "form": form,
        "filled": Contact.objects.filter(fields__has_key=key).count(),
    }
    return render(request, "settings/field.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.SETTINGS_MANAGE)
def state(request: CompanyRequest, key: str) -> HttpResponse:
    """Up, down, or gone."""
    _one(key)
    match request.POST.get("to"):
        case "up":
            cards.move_field(key, steps=-1, by=request.user, request=request)
        case "down":
            cards.move_field(key, steps=1, by=request.user, request=request)
        case "dropped":
            count = cards.drop_field(key, by=request.user, request=request)
            told = ngettext(
                "The field is gone, and what %(count)d contact had in it.",
                "The field is gone, and what %(count)d contacts had in it.",
                count,
            )
            messages.success(request, told % {"count": count})
    return redirect("settings:fields")


def _one(key: str) -> ContactField:
    found = next((one for one in cards.fields() if one.key == key), None)
    if found is None:
        raise Http404
    return found
