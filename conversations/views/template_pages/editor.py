"""Writing a template: the form at the left, how it will look at the right; everything typed is kept at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations import template_words
from conversations.models import MessageTemplate
from conversations.services import media_files
from conversations.services.message_templates import asking, drafts
from conversations.services.message_templates.refusals import (
    TemplateExists,
    TemplateIncomplete,
    TemplateNameBlocked,
    TemplateUnchangeable,
)
from conversations.views.template_pages import form
from conversations.views.template_pages.board import accounts_by_id
from conversations.views.template_pages.shape import context_of, slots_of
from conversations.whatsapp.template_rules import Problem, Sketch, limits
from conversations.whatsapp.template_rules.sketch import KINDS
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

FITTING = {"code": "AUTHENTICATION", "offer": "MARKETING", "shop": "MARKETING"}
MAX_LANGUAGES = 8


@require_http_methods(["GET", "POST"])
@requires(Permission.TEMPLATES_MANAGE)
def begin(request: CompanyRequest) -> HttpResponse:
    """What kind, what for, what name, which languages; then the form itself."""
    accounts = {pk: name for pk, name in accounts_by_id().items() if pk in asking.known_accounts()}
    given = {
        "kind": request.POST.get("kind") or request.GET.get("kind") or "standard",
        "category": request.POST.get("category", "UTILITY"),
        "name": request.POST.get("name", "").strip().lower().replace(" ", "_")[:600],
        "languages": request.POST.getlist("languages") or [request.company.language],
        "account": request.POST.get("account") or next(iter(accounts), ""),
    }
    problems: dict[str, Any] = {}
    if request.method == "POST":
        problems, made = _begin(request, given, accounts)
        if made is not None:
            return redirect("templates:edit", made.pk)
    context = {
        "given": given,
        "accounts": accounts,
        "problems": problems,
        "kinds": template_words.KINDS,
        "categories": [
            (code, template_words.CATEGORIES[code], template_words.CATEGORY_MEANINGS[code])
            for code in limits.CATEGORIES
        ],
        "languages": limits.LANGUAGES,
    }
    return render(request, "message_templates/new.html", context, status=422 if problems else 200)


def _begin(
    request: CompanyRequest, given: dict[str, Any], accounts: dict[str, str]
) -> tuple[dict[str, Any], MessageTemplate | None]:
    kind = given["kind"] if given["kind"] in KINDS else "standard"
    sketch = Sketch(kind=kind, name=given["name"], category=FITTING.get(kind, given["category"]))
    if kind == "carousel":
        form.act(sketch, "card.add")
        form.act(sketch, "card.add")
    if kind == "offer":
        form.act(sketch, "add:COPY_CODE")
        form.act(sketch, "add:URL")
    if given["account"] not in accounts:
        return {"account": _("Connect a number first: templates belong to its WhatsApp account.")}, None
    try:
        made = drafts.start(
            given["account"], languages=given["languages"][:MAX_LANGUAGES], sketch=sketch, author=request.user
        )
    except TemplateIncomplete as refusal:
        return {one.field: one.message for one in refusal.problems} or {"languages": _("Choose a language.")}, None
    except (TemplateExists, TemplateNameBlocked) as refusal:
        return {"name": refusal.user_message}, None
    except DomainError as refusal:
        return {"account": refusal.user_message}, None
    return {}, made[0]


@require_http_methods(["GET", "POST"])
@requires(Permission.TEMPLATES_MANAGE)
def edit(request: CompanyRequest, template_id: UUID) -> HttpResponse:
    """The form. POST keeps what is typed; ``act`` changes its shape or hands it in."""
    template = get_object_or_404(MessageTemplate, pk=template_id)
    try:
        drafts.check_editable(template)
    except DomainError as refusal:
        return _not_now(request, template, refusal)
    if request.method == "GET":
        return render(request, "message_templates/edit.html", context_of(template, drafts.sketch_of(template)))
    return _posted(request, template)


def _posted(request: CompanyRequest, template: MessageTemplate) -> HttpResponse:
    what = request.POST.get("act", "")
    tried = what == "submit" or request.POST.get("tried") == "yes"
    sketch = form.read(request.POST, before=drafts.sketch_of(template))
    if what and what not in ("submit", "show"):
        form.act(sketch, what)
    try:
        template = drafts.write(template, sketch)
        extra = _with_files(request, template)
        if what == "submit" and not extra:
            asking.submit(template, by=request.user)
            return _go(request, reverse("templates:detail", args=[template.pk]))
    except TemplateIncomplete:
        extra = []
    except DomainError as refusal:
        return _not_now(request, template, refusal)
    template.refresh_from_db()
    context = context_of(template, drafts.sketch_of(template), extra=extra, tried=tried)
    if not request.headers.get("HX-Request"):
        return render(request, "message_templates/edit.html", context, status=422 if tried else 200)
    if what or request.FILES or request.headers.get("HX-Target") == "template-editor":
        return render(request, "message_templates/_editor.html", context, status=422 if what == "submit" else 200)
    return render(request, "message_templates/_typed.html", context | {"slots": slots_of(context, request.POST)})


def _with_files(request: CompanyRequest, template: MessageTemplate) -> list[Problem]:
    """Keep the files that came; what is wrong with one stands at its field."""
    found = []
    for field in request.FILES:
        file: Any = request.FILES[field]
        place = "header" if field == "header_file" else field.removesuffix(".file")
        try:
            checked = media_files.check(file, declared=file.content_type or "")
            wanted = wanted_kind(drafts.sketch_of(template), place)
            if checked.rule.kind != wanted:
                raise media_files.UploadRefused(_("This is another kind of file than the heading asks for."))
            template = drafts.keep_file(template, place=place, upload=checked)
        except media_files.UploadRefused as refusal:
            found.append(Problem(field, refusal.user_message))
    return found


def wanted_kind(sketch: Sketch, place: str) -> str:
    """The kind of file that belongs there."""
    return sketch.header if place == "header" else sketch.card_media


def _not_now(request: CompanyRequest, template: MessageTemplate, refusal: DomainError) -> HttpResponse:
    """Back to the template's page, with the reason and when it is possible again."""
    words = str(refusal.user_message)
    if isinstance(refusal, TemplateUnchangeable) and refusal.again_at:
        moment = template_words.exact_moment(refusal.again_at)
        words += " " + _("It is possible again from %(moment)s.") % {"moment": moment}
    messages.error(request, words)
    return _go(request, reverse("templates:detail", args=[template.pk]))


def _go(request: CompanyRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
