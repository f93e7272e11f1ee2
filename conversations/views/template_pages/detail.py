"""One template: how it stands and why, how it looks, its other languages, its history, what can be done with it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from conversations.models import MessageTemplate
from conversations.services.message_templates import drafts, reading
from conversations.views.template_pages.board import accounts_by_id
from conversations.whatsapp.payloads.clean import record
from conversations.whatsapp.template_rules import limits, sample_values, to_submit
from conversations.whatsapp.template_rules.editing import ARCHIVED_KEPT, NAME_BLOCKED, may_delete, may_edit
from conversations.whatsapp.template_text import preview_of, unsupported
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission


@require_GET
@requires(Permission.TEMPLATES_MANAGE)
def detail(request: CompanyRequest, template_id: UUID) -> HttpResponse:
    template = get_object_or_404(MessageTemplate, pk=template_id)
    return render(request, "message_templates/detail.html", context_of(template))


@require_GET
@requires(Permission.TEMPLATES_MANAGE)
def state(request: CompanyRequest, template_id: UUID) -> HttpResponse:
    """How it stands now: the page asks while something is on its way."""
    template = get_object_or_404(MessageTemplate, pk=template_id)
    return render(request, "message_templates/_detail.html", context_of(template))


def context_of(template: MessageTemplate) -> dict[str, Any]:
    """Everything the page shows."""
    versions = reading.versions_of(template)
    taken = {one.language for one in versions if one.status != "DELETED"}
    accounts = accounts_by_id()
    draft = template.status == MessageTemplate.DRAFT
    verdict = may_edit(template.status, edits=template.edits, at=timezone.now())
    people = User.objects.filter(pk__in=[pk for pk in (template.author_id, template.asked_by_id) if pk])
    names: dict[Any, str] = {person.pk: person.name for person in people}
    return {
        "template": template,
        "versions": versions,
        "account": accounts.get(template.waba_id, "") if len(accounts) > 1 else "",
        "news": reading.history_of(template),
        "preview": preview(template),
        "files": shown_files(template),
        "foreign": [] if draft else unsupported(template.components),
        "written": drafts.is_written(template) and not draft,
        "may_edit": draft or verdict.allowed,
        "verdict": verdict,
        "may_delete": may_delete(template.status),
        "several": sum(one.status != MessageTemplate.DRAFT for one in versions) > 1,
        "languages": [code for code in limits.LANGUAGES if code not in taken],
        "archived_until": _after(template, "ARCHIVED", ARCHIVED_KEPT),
        "free_again": _after(template, "DELETED", NAME_BLOCKED),
        "author": names.get(template.author_id),
        "asked_by": names.get(template.asked_by_id),
    }


def preview(template: MessageTemplate) -> Any:
    """How it looks, filled with its samples: what was submitted, or the draft of what never was."""
    sketch = drafts.sketch_of(template)
    if template.status == MessageTemplate.DRAFT:
        return preview_of(to_submit(sketch), sample_values(sketch), bounded=False)
    return preview_of(template.components, sample_values(sketch), bounded=False)


def shown_files(template: MessageTemplate) -> dict[str, str]:
    """The ids of the sample files by place, as far as we have them."""
    if template.status == MessageTemplate.DRAFT:
        return drafts.sketch_of(template).files
    return {place: str(pk) for place, pk in record(record(template.draft).get("files")).items()}


def _after(template: MessageTemplate, status: str, span: Any) -> Any:
    return template.status_at + span if template.status == status and template.status_at else None
