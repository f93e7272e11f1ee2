"""Hands a signed-in page the token with which it may listen to the live stream."""

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tenants import live
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission
from tenants.context import current_schema


@require_GET
@never_cache
@requires(Permission.INBOX_VIEW)
def token(request: CompanyRequest) -> JsonResponse:
    """A token for the company's topic and the person's own; ten minutes, or until what lets her in ends."""
    schema_name = current_schema()
    topics = [live.company_topic(schema_name), live.user_topic(schema_name, request.user.pk)]
    if request.user.staff_id is not None:
        topics.append(live.entered_topic(request.user.staff_id))
    origin = f"{request.scheme}://{request.get_host()}"
    minted = live.mint(side=schema_name, user_id=request.user.pk, topics=topics, origin=origin)
    return JsonResponse({"token": minted, "csrf": get_token(request), "person": str(request.user.pk)})
