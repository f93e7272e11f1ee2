"""One conversation of a client as a whole page of the desk."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations.views.desk import inside
from conversations.views.desk.queue import page_context
from conversations.views.opening import conversation_or_404
from conversations.views.thread import open_context
from tenants.accounts.access import CompanyRequest, StaffRequest, staff_only
from tenants.accounts.roles import Permission


@never_cache
@require_GET
@staff_only()
def conversation(request: StaffRequest, company_id: UUID, conversation_id: UUID) -> HttpResponseBase:
    """Thread and contact beside the desk's queue; only those two when htmx asks."""
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        return inside.enter(request, company_id, f"inbox/{conversation_id}/")
    panes = _opened(request, company_id, conversation_id)  # first: opening is what makes it read
    return render(request, "desk/desk.html", page_context(request) | panes)


def _opened(request: StaffRequest, company_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """The panes as the client's own templates draw them, finished before its schema is left."""
    door = inside.door_or_404(request, company_id)
    with inside.within(request, door) as user:
        if not user.may(Permission.INBOX_VIEW):
            return {}
        row = conversation_or_404(conversation_id, user=user)
        context = open_context(cast(CompanyRequest, request), row)
        return {
            "opened": str(row.pk),
            "opened_name": row.contact.shown_name,
            "opened_company": door.company,
            "thread_pane": render_to_string("conversations/_thread.html", context, request),
            "contact_pane": render_to_string("conversations/_contact.html", context, request),
        }
