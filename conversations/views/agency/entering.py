"""One click from the agency's host into a client's inbox, and the switcher on the client's host."""

import re
from urllib.parse import quote
from uuid import UUID

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations.desk import services as desk
from tenants.accounts import audit
from tenants.accounts.access import CompanyRequest, StaffRequest, open_to_all, signed_in, staff_only
from tenants.accounts.services import entrances, hand_overs
from tenants.accounts.services.conditions import HOUSE_RULES, ConditionsUnmet
from tenants.addresses import address_of
from tenants.models import ClientCompany

BACKEND = "tenants.accounts.backend.PersonBackend"
PLACE = re.compile(r"/[a-z0-9][a-z0-9/-]{0,200}")


@require_GET
@never_cache
@staff_only()
def enter(request: StaffRequest, company_id: UUID) -> HttpResponse:
    """On the agency's host: make a token and go to the client's."""
    client = get_object_or_404(ClientCompany, pk=company_id, agency=request.agency)
    try:
        token = hand_overs.mint(request.user, company=client, session_key=str(request.session.session_key))
    except hand_overs.NoGrant as refusal:
        raise Http404 from refusal
    except ConditionsUnmet as refusal:
        context = {"client": client, "refusal": refusal, "rules": HOUSE_RULES in refusal.missing}
        return render(request, "agency/not_yet.html", context, status=refusal.http_status)
    place = request.GET.get("next", "")
    onward = f"?next={quote(place, safe='/')}" if _is_a_place(place) else ""
    return redirect(f"{address_of(client)}/enter/{token}/{onward}")


@require_GET
@never_cache
@open_to_all
def redeem(request: HttpRequest, token: str) -> HttpResponse:
    """On the client's host: the token signs its person in, once."""
    try:
        handed_over = hand_overs.redeem(token)
    except hand_overs.TokenSpent as refusal:
        context = {"message": refusal.user_message, "agency_address": _agency_address(request)}
        return render(request, "agency/token_spent.html", context, status=refusal.http_status)
    login(request, handed_over.user, backend=BACKEND)
    entrances.note(request.session, entrance_id=handed_over.pk)
    audit.record("grant.used", actor=handed_over.user, request=request)
    place = request.GET.get("next", "")
    return redirect(place if _is_a_place(place) else "/inbox/")


@require_GET
@signed_in
def doors(request: CompanyRequest) -> HttpResponse:
    """The switcher's list on a client's host, for agency staff only."""
    if request.user.staff_id is None:
        raise Http404
    listed = desk.doors_of(request.user.staff_id)
    context = {
        "doors": listed,
        "unanswered": sum(door.unanswered for door in listed),
        "here": request.company.pk,
        "agency_address": _agency_address(request),
    }
    return render(request, "agency/_doors.html", context)


def _is_a_place(text: str) -> bool:
    """Whether it is a path on the client's own host, and on no other."""
    return bool(PLACE.fullmatch(text))


def _agency_address(request: HttpRequest) -> str:
    return address_of(request.company.agency)  # type: ignore[attr-defined]
