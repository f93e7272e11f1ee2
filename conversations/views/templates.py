"""The template picker: approved message templates, filled in with a preview, sent with a purpose."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from conversations.models import Conversation, Message, MessageTemplate
from conversations.views.opening import conversation_or_404
from conversations.views.thread import head_context
from conversations.whatsapp import template_text
from conversations.whatsapp.fields import InvalidField
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

LISTED = 60
PURPOSES = (Message.Purpose.SERVICE, Message.Purpose.MARKETING, Message.Purpose.AUTHENTICATION)
BY_CATEGORY = {"MARKETING": Message.Purpose.MARKETING, "AUTHENTICATION": Message.Purpose.AUTHENTICATION}


@require_GET
@requires(Permission.MESSAGE_SEND)
def template_list(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Approved templates of the number's account, those in the person's language first."""
    row = conversation_or_404(conversation_id)
    search = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    found = _approved(row).filter(name__icontains=search.replace(" ", "_")).order_by("name", "language")[:LISTED]
    language = row.contact.language[:2]
    listed = sorted(found, key=lambda each: (each.language[:2] != language, each.name))
    rows = [(each, template_text.draft(each.components, {})) for each in listed]
    context = head_context(row, user=request.user) | {"templates": rows, "search": search}
    return render(request, "conversations/_templates.html", context)


@require_GET
@requires(Permission.MESSAGE_SEND)
def template_form(request: CompanyRequest, conversation_id: UUID, template_id: UUID) -> HttpResponse:
    """One template with a field for every blank, and how it will look."""
    row = conversation_or_404(conversation_id)
    template = get_object_or_404(_approved(row), pk=template_id)
    values = _known_values(row, template)
    return render(request, "conversations/_template_form.html", _form_context(request, row, template, values=values))


@require_POST
@requires(Permission.MESSAGE_SEND)
def template_preview(request: CompanyRequest, conversation_id: UUID, template_id: UUID) -> HttpResponse:
    """The template as far as it is filled in."""
    row = conversation_or_404(conversation_id)
    template = get_object_or_404(_approved(row), pk=template_id)
    context = _form_context(request, row, template, values=_typed(request, template))
    return render(request, "conversations/_template_preview.html", context)


def _approved(row: Conversation) -> Any:
    waba_id = row.channel.phone_number.waba_id
    return MessageTemplate.objects.filter(waba_id=waba_id, status__iexact="APPROVED")


def _typed(request: CompanyRequest, template: MessageTemplate) -> dict[str, str]:
    keys = [variable.key for variable in template_text.variables(template.components)]
    return {key: request.POST.get(key, "").replace("\x00", "\ufffd") for key in keys}


def _known_values(row: Conversation, template: MessageTemplate) -> dict[str, str]:
    """What we can fill in ourselves: the name of the person where the first blank plainly asks for it."""
    name = (row.contact.given_name or row.contact.name).split(" ")[0][:60]
    found: dict[str, str] = {}
    for variable in template_text.variables(template.components):
        if variable.kind == "text" and variable.name in {"name", "first_name", "naam", "voornaam", "vorname"}:
            found[variable.key] = name
    return found


def _form_context(
    request: CompanyRequest, row: Conversation, template: MessageTemplate, *, values: dict[str, str]
) -> dict[str, Any]:
    problem = ""
    try:
        preview = template_text.draft(template.components, values)
    except InvalidField as refusal:
        preview, problem = template_text.draft(template.components, {}), str(refusal.user_message)
    variables = template_text.variables(template.components)
    return head_context(row, user=request.user) | {
        "template": template,
        "fields": [(variable, values.get(variable.key, "")) for variable in variables],
        "preview": preview,
        "problem": problem,
        "purpose": request.POST.get("purpose", ""),
        "purposes": PURPOSES,
        "usual": BY_CATEGORY.get(template.category.upper(), Message.Purpose.SERVICE),
    }
