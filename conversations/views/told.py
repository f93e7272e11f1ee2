"""Asked by a page before it notifies: whether it is the one that tells, of all that are open in this browser."""

import re

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from conversations.services import told_once
from tenants.accounts.access import CompanyRequest, StaffRequest, requires, staff_only
from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.accounts.services import entrances
from tenants.context import PUBLIC, current_schema

NEWS = re.compile(r"[a-z]{1,20}:[0-9a-f-]{36}")


@require_POST
@never_cache
@requires(Permission.INBOX_VIEW)
def at_company(request: CompanyRequest) -> JsonResponse:
    return _claimed(request, user=request.user, side=current_schema())


@require_POST
@never_cache
@staff_only()
def at_agency(request: StaffRequest) -> JsonResponse:
    return _claimed(request, user=request.user, side=PUBLIC)


def _claimed(request: HttpRequest, *, user: User, side: str) -> JsonResponse:
    """``news``: kinds and ids of conversations, ``written:<id>``; back come those that this page tells."""
    news = [one for one in request.POST.getlist("news")[: told_once.MOST] if NEWS.fullmatch(one)]
    browser = entrances.browser_behind(request.session, user=user)
    return JsonResponse({"tell": told_once.claim(browser, side=side, news=news)})
