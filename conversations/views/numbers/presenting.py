"""What people see of a number: profile, picture, ice breakers and commands, short links with their QR codes."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from conversations.services.numbers import number_links, number_profile
from conversations.views.files import GUARDS, disposition
from conversations.views.numbers.finding import frame_of, number_of
from conversations.views.numbers.forms import AutomationForm, LinkForm, ProfileForm
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError


@require_http_methods(["GET", "POST"])
@requires(Permission.NUMBERS_MANAGE)
def profile(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    number = number_of(number_id)
    away = ""
    if request.method == "POST":
        form = ProfileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                number_profile.save(
                    number,
                    form.fields_for_platform(),
                    picture=form.cleaned_data["picture"],
                    by=request.user,
                    request=request,
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal.user_message))
            else:
                messages.success(request, _("The profile is saved. People see it within a minute."))
                return redirect("numbers:profile", number.pk)
    else:
        known = number.profile
        try:
            known = number_profile.read(number)
        except DomainError as refusal:
            away = str(refusal.user_message)
        form = ProfileForm(initial=ProfileForm.initial_of(known))
    context = frame_of(request, number, tab="profile") | {"form": form, "away": away}
    return render(request, "numbers/profile.html", context, status=422 if form.errors else 200)


@require_safe
@requires(Permission.NUMBERS_VIEW)
def picture(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    """The profile picture, through us."""
    found = number_profile.picture_of(number_of(number_id))
    if found is None:
        raise Http404
    return HttpResponse(found.data, content_type=found.mime_type, headers={**GUARDS, "Cache-Control": "private"})


@require_http_methods(["GET", "POST"])
@requires(Permission.NUMBERS_MANAGE)
def automation(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    number = number_of(number_id)
    away = ""
    if request.method == "POST":
        form = AutomationForm(request.POST)
        if form.is_valid():
            commands = form.cleaned_data["commands"]
            try:
                number_profile.save_automation(
                    number, prompts=form.prompts, commands=commands, by=request.user, request=request
                )
            except DomainError as refusal:
                form.add_error(None, str(refusal.user_message))
            else:
                messages.success(request, _("Saved. People see it when they open a new chat."))
                return redirect("numbers:automation", number.pk)
    else:
        known = number.automation
        try:
            known = number_profile.read_automation(number)
        except DomainError as refusal:
            away = str(refusal.user_message)
        form = AutomationForm(initial=AutomationForm.initial_of(known))
    context = frame_of(request, number, tab="automation") | {"form": form, "away": away}
    return render(request, "numbers/automation.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.NUMBERS_MANAGE)
def links(request: CompanyRequest, number_id: UUID) -> HttpResponse:
    """All short links; a POST makes one, or changes the text of the one it names."""
    number = number_of(number_id)
    code = request.POST.get("code", "")[:40]
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            number_links.save(number, text=form.cleaned_data["text"], code=code, by=request.user, request=request)
        except DomainError as refusal:
            form.add_error("text", str(refusal.user_message))
        else:
            messages.success(request, _("The link is saved."))
            return redirect("numbers:links", number.pk)
    rows, away = [], ""
    try:
        rows = number_links.links_of(number)
    except DomainError as refusal:
        away = str(refusal.user_message)
    context = frame_of(request, number, tab="links") | {"form": form, "links": rows, "away": away, "changing": code}
    return render(request, "numbers/links.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.NUMBERS_MANAGE)
def delete_link(request: CompanyRequest, number_id: UUID, code: str) -> HttpResponse:
    number = number_of(number_id)
    try:
        number_links.delete(number, code, by=request.user, request=request)
    except DomainError as refusal:
        messages.error(request, str(refusal.user_message))
    else:
        messages.success(request, _("The link no longer works."))
    return redirect("numbers:links", number.pk)


@require_GET
@requires(Permission.NUMBERS_VIEW)
def qr(request: CompanyRequest, number_id: UUID, code: str, kind: str) -> HttpResponse:
    """The QR code of a link, drawn here."""
    number = number_of(number_id)
    if kind not in number_links.KINDS:
        raise Http404
    link = number_links.Link(code, "", f"{number_links.ADDRESS}{code}")
    response = HttpResponse(number_links.drawn(link, kind=kind), content_type=number_links.KINDS[kind], headers=GUARDS)
    name = f"qr-{number.display_number.lstrip('+')}-{code}.{kind}"
    response["Content-Disposition"] = disposition(name, inline="download" not in request.GET)
    return response
