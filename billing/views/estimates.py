"""Fragments that say what a template message costs; pages of the inbox and of templates load them."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from billing.services import estimates
from conversations.models import Conversation, MessageTemplate
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")


@require_GET
@requires(Permission.MESSAGE_SEND)
def estimate(request: CompanyRequest) -> HttpResponse:
    """The cost of sending one template, or any of a category, in one conversation now."""
    category = _category(request)
    rows = Conversation.objects.visible_to(request.user).select_related("channel__contact")
    conversation = get_object_or_404(rows, pk=_id(request, "conversation"))
    found = estimates.of_message(request.company, channel=conversation.channel, category=category, at=timezone.now())
    blocked = category.upper() == "MARKETING" and found.country == "US"
    return render(request, "billing/_estimate.html", {"estimate": found, "blocked": blocked})


@require_GET
@requires(Permission.TEMPLATES_MANAGE)
def template_price(request: CompanyRequest) -> HttpResponse:
    """What one message of a category costs in the company's own country."""
    country = request.company.country
    found = estimates.of_country(request.company, country=country, category=_named(request), at=timezone.now())
    return render(request, "billing/_price.html", {"estimate": found})


def _category(request: CompanyRequest) -> str:
    if "category" in request.GET:
        return _named(request)
    return get_object_or_404(MessageTemplate, pk=_id(request, "template")).category


def _named(request: CompanyRequest) -> str:
    category = request.GET.get("category", "")
    if category not in CATEGORIES:
        raise Http404
    return category


def _id(request: CompanyRequest, name: str) -> UUID:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        raise Http404 from None
