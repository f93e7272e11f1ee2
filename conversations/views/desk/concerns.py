"""Whose the conversations are that a hint named: what a notification at the desk says and where it leads."""

from django.http import JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations.desk import entries
from conversations.services import desk_rows
from conversations.views.desk.queue import ids_of, scope_of
from tenants.accounts.access import StaffRequest, staff_only


@require_GET
@never_cache
@staff_only()
def concerns(request: StaffRequest) -> JsonResponse:
    """Company and address of those of the named conversations that the person's grants reach; no content."""
    companies = desk_rows.of_staff(request.user.pk)
    scope, asked = scope_of(request, companies), entries.Asked(entries.View.ALL)
    rows = entries.by_id(scope, asked, ids=ids_of(request.GET.get("ids", "")))
    found = [
        {
            "id": str(row.pk),
            "company": companies[row.company_id].name,
            "place": reverse("desk:conversation", args=[row.company_id, row.pk]),
        }
        for row in rows
    ]
    return JsonResponse({"found": found})
