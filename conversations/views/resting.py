"""Snooze, wait for the customer, come back: the clocks a conversation can stand on."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from conversations import window
from conversations.errors import HoldInvalid
from conversations.forms_handling import HoldForm
from conversations.models import Conversation
from conversations.services.handling import holds
from conversations.views.acting import act, dialog, go_on, head
from conversations.views.opening import conversation_or_404
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.errors import DomainError


@require_http_methods(["GET", "POST"])
@requires(Permission.MESSAGE_SEND)
def snooze(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Offer times with what each means for the window, or let it rest until the one that was chosen."""
    row = conversation_or_404(conversation_id, user=request.user)
    zone = request.company.time_zone
    if request.method == "GET":
        return dialog(request, "snooze", row, _times(row, zone=zone))
    form = HoldForm(request.POST, zone=zone)
    try:
        if not form.is_valid():
            raise HoldInvalid
        holds.hold(row, by=request.user, kind=Conversation.Hold.SNOOZED, until=form.until())
    except (ValueError, OverflowError):
        return dialog(request, "snooze", row, _times(row, zone=zone), problem=HoldInvalid.user_message)
    except DomainError as refusal:
        return dialog(request, "snooze", row, _times(row, zone=zone), problem=refusal.user_message)
    return go_on(request, head(request, row.pk), after=row)


@require_POST
@requires(Permission.MESSAGE_SEND)
def wait(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Wait for the customer, or with ``for=client`` for the client; the next message of the person ends it."""
    row = conversation_or_404(conversation_id, user=request.user)
    kind = Conversation.Hold.CLIENT if request.POST.get("for") == "client" else Conversation.Hold.CUSTOMER
    return act(request, row, lambda: holds.hold(row, by=request.user, kind=kind), leaves=True)


@require_POST
@requires(Permission.MESSAGE_SEND)
def wake(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Bring it back now."""
    row = conversation_or_404(conversation_id, user=request.user)
    return act(request, row, lambda: holds.end(row, by=request.user))


def _times(row: Conversation, *, zone: str) -> dict[str, Any]:
    """The times on offer, and which of them lie past the end of the window."""
    closes_at = window.closes_at(row.channel.window_opened_at)
    runs = closes_at is not None and closes_at > timezone.now()
    offered = holds.presets(zone=zone)
    return {
        "zone": zone,
        "closes_at": closes_at,
        "presets": [(one, runs and closes_at is not None and one.until >= closes_at) for one in offered],
    }
