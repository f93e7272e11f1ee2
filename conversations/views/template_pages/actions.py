"""What can be done with a template beside writing it; each is asked of the platform by a worker."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.models import MessageTemplate
from conversations.services.message_templates import asking, drafts
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError


@require_POST
@requires(Permission.TEMPLATES_MANAGE)
def read_again(request: CompanyRequest) -> HttpResponse:
    """Read the lists of all accounts at WhatsApp now."""
    asking.read_again(by=request.user)
    messages.success(request, _("The templates are being read again. Look again in a moment."))
    return redirect("templates:board")


@require_POST
@requires(Permission.TEMPLATES_MANAGE)
def copy(request: CompanyRequest, template_id: UUID) -> HttpResponse:
    """Begin the same template in another language."""
    template = get_object_or_404(MessageTemplate, pk=template_id)
    try:
        made = drafts.copy(template, language=request.POST.get("language", ""), author=request.user)
    except DomainError as refusal:
        return _refused(request, template, refusal)
    return redirect("templates:edit", made.pk)


@require_POST
@requires(Permission.TEMPLATES_MANAGE)
def discard(request: CompanyRequest, template_id: UUID) -> HttpResponse:
    """Throw away what was written and not handed in."""
    template = get_object_or_404(MessageTemplate, pk=template_id)
    try:
        gone = drafts.discard(template, by=request.user)
    except DomainError as refusal:
        return _refused(request, template, refusal)
    messages.success(request, _("What was written is thrown away."))
    return redirect("templates:board") if gone else redirect("templates:detail", template.pk)


@require_POST
@requires(Permission.TEMPLATES_MANAGE)
def delete(request: CompanyRequest, template_id: UUID) -> HttpResponse:
    """Delete this language, or all of them."""
    template = get_object_or_404(MessageTemplate, pk=template_id)
    try:
        left = asking.delete(template, by=request.user, all_languages=request.POST.get("scope") == "all")
    except DomainError as refusal:
        return _refused(request, template, refusal)
    return redirect("templates:detail", template.pk) if left else redirect("templates:board")


@require_POST
@requires(Permission.TEMPLATES_MANAGE)
def unpause(request: CompanyRequest, template_id: UUID) -> HttpResponse:
    return _ask(request, template_id, lambda one: asking.unpause(one, by=request.user))


@require_POST
@requires(Permission.TEMPLATES_MANAGE)
def archive(request: CompanyRequest, template_id: UUID) -> HttpResponse:
    return _ask(request, template_id, lambda one: asking.archive(one, by=request.user))


@require_POST
@requires(Permission.TEMPLATES_MANAGE)
def unarchive(request: CompanyRequest, template_id: UUID) -> HttpResponse:
    return _ask(request, template_id, lambda one: asking.unarchive(one, by=request.user))


def _ask(
    request: CompanyRequest, template_id: UUID, what: Callable[[MessageTemplate], MessageTemplate]
) -> HttpResponse:
    template = get_object_or_404(MessageTemplate, pk=template_id)
    try:
        what(template)
    except DomainError as refusal:
        return _refused(request, template, refusal)
    return redirect("templates:detail", template.pk)


def _refused(request: CompanyRequest, template: MessageTemplate, refusal: DomainError) -> HttpResponse:
    messages.error(request, str(refusal.user_message))
    return redirect("templates:detail", template.pk)
