"""The pane that says who writes."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from conversations.models import ConsentRecord, Conversation, Note
from conversations.services.group_members import group_members
from conversations.views.opening import conversation_or_404
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

EARLIER = 10
NOTES = 10
CONSENTS = 10


@require_GET
@requires(Permission.CONTACT_VIEW)
def contact(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    row = conversation_or_404(conversation_id, user=request.user)
    return render(request, "conversations/_contact.html", contact_context(row) | {"conversation": row})


def contact_context(row: Conversation) -> dict[str, Any]:
    """Identity, the last consents, conversations and notes of a person; of a group its members too. All bounded."""
    others = Conversation.objects.filter(contact=row.contact_id).exclude(pk=row.pk)
    notes = Note.objects.filter(channel=row.channel_id)
    if not row.channel.shows_all:
        others, notes = others.filter(sensitive=False), notes.filter(conversation__sensitive=False)
    return {
        "contact": row.contact,
        "members": group_members(row.contact) if row.contact.is_group else [],
        "consents": ConsentRecord.objects.filter(contact=row.contact_id).order_by("-occurred_at")[:CONSENTS],
        "earlier": others.select_related("assignee", "phone_number").order_by("-opened_at")[:EARLIER],
        "notes": notes.select_related("author").order_by("-at")[:NOTES],
    }
