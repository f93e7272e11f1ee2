"""The template picker: approved message templates, filled in with a preview, sent with a purpose."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.errors import AsksFirst
from conversations.forms import TemplateForm, confirmed_in
from conversations.models import Conversation, MessageTemplate
from conversations.services import media_files
from conversations.services.outbox import template_files
from conversations.services.outbox.outbox_templates import PURPOSES
from conversations.services.threads import thread
from conversations.services.writing import filled_templates
from conversations.views import template_values
from conversations.views.composer import items, refusal_words
from conversations.views.opening import conversation_or_404
from conversations.views.thread import head_context
from conversations.whatsapp import template_text
from conversations.whatsapp.fields import InvalidField
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

LISTED = 60
EVERY_PURPOSE = PURPOSES["UTILITY"]


@require_GET
@requires(Permission.MESSAGE_SEND)
def template_list(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Approved templates of the number's account, those in the person's language first."""
    row = conversation_or_404(conversation_id, user=request.user)
    search = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    found = _approved(row).filter(name__icontains=search.replace(" ", "_")).order_by("name", "language")[:LISTED]
    language = row.contact.language[:2]
    listed = sorted(found, key=lambda each: (each.language[:2] != language, each.name))
    rows = [(each, template_text.draft(each.components, {})) for each in listed]
    context = head_context(row, user=request.user) | {"templates": rows, "search": search}
    return render(request, "conversations/_templates.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.MESSAGE_SEND)
def template_form(request: CompanyRequest, conversation_id: UUID, template_id: UUID) -> HttpResponse:
    """One template with a field for every blank, and how it will look; POST sends it."""
    row = conversation_or_404(conversation_id, user=request.user)
    template = get_object_or_404(_approved(row), pk=template_id)
    template_files.bring_ahead(template, number=row.channel.phone_number)
    if request.method == "GET":
        context = _form_context(request, row, template, values=template_values.known(row, template))
        return render(request, "conversations/_template_form.html", context)
    form, asked = TemplateForm(request.POST, request.FILES), None
    if form.is_valid():
        try:
            message = filled_templates.send(row, author=request.user, filled=_filled(request, form, template))
        except DomainError as refusal:
            form.add_error(None, refusal_words(refusal, row))
            asked = refusal if isinstance(refusal, AsksFirst) else None
        else:
            return items(request, row, [thread.item_of(message)])
    context = _form_context(request, row, template, values=template_values.typed(request, template))
    context |= {"form": form, "asks": asked, "confirmed": confirmed_in(request.POST)}
    return render(request, "conversations/_template_form.html", context, status=422)


def _filled(request: CompanyRequest, form: TemplateForm, template: MessageTemplate) -> filled_templates.FilledTemplate:
    data = form.cleaned_data
    file = data["file"]
    cards = {
        card.number: media_files.check(card.posted, declared=card.posted.content_type or "")
        for card in template_values.card_pictures(template, posted=request.FILES)
        if card.posted
    }
    return filled_templates.FilledTemplate(
        token=str(data["token"]),
        template=template,
        values=template_values.typed(request, template),
        purpose=data["purpose"],
        reference=data["reference"],
        upload=media_files.check(file, declared=file.content_type or "") if file else None,
        card_uploads=cards,
        confirmed=confirmed_in(request.POST),
    )


@require_POST
@requires(Permission.MESSAGE_SEND)
def template_preview(request: CompanyRequest, conversation_id: UUID, template_id: UUID) -> HttpResponse:
    """The template as far as it is filled in."""
    row = conversation_or_404(conversation_id, user=request.user)
    template = get_object_or_404(_approved(row), pk=template_id)
    context = _form_context(request, row, template, values=template_values.typed(request, template))
    return render(request, "conversations/_template_preview.html", context)


def _approved(row: Conversation) -> Any:
    waba_id = row.channel.phone_number.waba_id
    rows = MessageTemplate.objects.select_related("header_file")
    return rows.filter(waba_id=waba_id, status__iexact="APPROVED")


def _form_context(
    request: CompanyRequest, row: Conversation, template: MessageTemplate, *, values: dict[str, Any]
) -> dict[str, Any]:
    problem = ""
    try:
        preview = template_text.draft(template.components, values)
    except InvalidField as refusal:
        preview, problem = template_text.draft(template.components, {}), str(refusal.user_message)
    return head_context(row, user=request.user) | {
        "template": template,
        "groups": template_values.groups(template, values),
        "options": [(one, values.get(one.key, "")) for one in template_text.options(template.components)],
        "heading": template_values.heading_file(template),
        "own_file": template_values.own_file(template),
        "card_pictures": template_values.card_pictures(template),
        "preview": preview,
        "files": template_files.sample_ids(template),
        "problem": problem,
        "purpose": request.POST.get("purpose", ""),
        "reference": request.POST.get("reference", ""),
        "purposes": PURPOSES.get(template.category.upper(), EVERY_PURPOSE),
    }
