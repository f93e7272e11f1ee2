"""Hands the desk's page the token with which it hears of changes at the clients that its person serves."""

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations.services import desk_rows
from tenants import live
from tenants.accounts.access import StaffRequest, staff_only

MOST_TOPICS = 400  # the token travels in an address, of which many servers take 8 kB


@require_GET
@never_cache
@staff_only()
def token(request: StaffRequest) -> JsonResponse:
    """A token for one topic per grant and the person's own; for ten minutes, or until her grants change."""
    companies = sorted(desk_rows.of_staff(request.user.pk), key=str)[:MOST_TOPICS]
    topics = [live.staff_topic(request.user.pk), *(live.desk_topic(pk) for pk in companies)]
    origin = f"{request.scheme}://{request.get_host()}"
    minted = live.mint(side="public", user_id=request.user.pk, topics=topics, origin=origin)
    return JsonResponse({"token": minted, "csrf": get_token(request), "person": str(request.user.pk)})
