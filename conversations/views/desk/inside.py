"""Answers one request of the agency's host inside a client: its own inbox views, with its own user row as the person.

``/desk/<company>/inbox/…`` leads to what ``/inbox/…`` is on the client's host. Session, sign-in and CSRF are the
agency's and were settled before; whatever the views link to stays under the same prefix, because it is put before every
address that is made meanwhile. Afterwards, also after an error, everything is as it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import (
    Resolver404,
    ResolverMatch,
    get_script_prefix,
    get_urlconf,
    resolve,
    reverse,
    set_script_prefix,
    set_urlconf,
)
from django.utils import timezone
from django.views.decorators.cache import never_cache

from conversations.desk import entries
from conversations.services import desk_rows
from tenants.accounts.access import StaffRequest, staff_only
from tenants.accounts.models import User
from tenants.accounts.services import conditions
from tenants.context import inside, schema_of
from tenants.models import ClientCompany, StaffGrant

APPS = frozenset({"conversations", "briefing"})  # their routes answer here; everything else stays on the client's host
EXTRA = frozenset({"numbers:bar", "billing:estimate"})
KEPT = ("_promise", "_briefing", "_inbox_settings")  # what parts of a page remember of the company in a request
HABITS = ("enter_sends", "letter_keys", "open_next", "undo_seconds")
FILES = frozenset({"conversations:file", "conversations:thumbnail"})  # what a browser asks for by itself


@never_cache
@staff_only()
def enter(request: StaffRequest, company_id: UUID, path: str) -> HttpResponseBase:
    """Dispatch to the client's view behind ``path``; nothing is there without a grant."""
    door = door_or_404(request, company_id)
    match = _match(path)
    if _is_a_page(request, match):
        return bare(request, company_id) if path == "inbox/" else _to_clients_host(door.company, path)
    with within(request, door, match=match):
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    if "X-Next" in response and match.url_name != "reopen":
        response["X-Next"] = _next(request, after=match.kwargs.get("conversation_id"))
    return response


def _next(request: StaffRequest, *, after: UUID | None) -> str:
    """What to answer next, of all clients and not only of the one just answered."""
    companies = desk_rows.of_staff(request.user.pk)
    scope = entries.Scope(request.user.pk, tuple(companies), cleared=request.user.cleared)
    following = entries.next_for(scope, after=after)
    if following is None:
        return reverse("desk:desk")
    return reverse("desk:conversation", args=[following.company_id, following.pk])


@dataclass(frozen=True, slots=True)
class Door:
    """A client that somebody may enter now, and as what."""

    company: ClientCompany
    role: str


def door_or_404(request: StaffRequest, company_id: UUID) -> Door:
    """The way into a client of this agency that the person may enter now."""
    company = get_object_or_404(ClientCompany, pk=company_id, agency=request.agency)
    try:
        grant = conditions.check_entry(request.user.pk, company_id=company.pk)
    except conditions.ConditionsUnmet as refusal:
        raise Http404 from refusal
    if grant is None:
        raise Http404
    return Door(company, grant.role)


def doors_of(request: StaffRequest) -> dict[UUID, Door]:
    """Every client that the person may enter now."""
    grants: dict[UUID, list[StaffGrant]] = {}
    for grant in conditions.usable(request.user.pk):
        grants.setdefault(grant.company_id, []).append(grant)
    return {pk: Door(found[0].company, conditions.role_of(found) or "") for pk, found in grants.items()}


@contextmanager
def within(request: StaffRequest, door: Door, *, match: ResolverMatch | None = None) -> Iterator[User]:
    """Run the block inside the client as the person's own row there; gives that row.

    Whatever is lazy about the request belongs to the agency's side and is looked up before the door.
    """
    company = door.company
    staff, agency, outer = request.user, request.agency, request.resolver_match
    staff.pk, request.session.is_empty()
    before = get_script_prefix(), get_urlconf()
    with inside(schema_of(company.pk)), timezone.override(company.time_zone or settings.TIME_ZONE):
        user = User.objects.filter(staff_id=staff.pk, is_active=True).first()
        if user is None:
            raise Http404
        user.role = door.role  # what her grants give at this moment, whatever was settled before
        for name in HABITS:  # as on the agency's side, so that a key does the same at every client
            setattr(user, name, getattr(staff, name))
        request.user, request.company = user, company  # type: ignore[attr-defined]
        request.agency = None  # type: ignore[assignment]
        request.at_desk = True  # type: ignore[attr-defined]
        request.other_clock = company.time_zone != agency.time_zone  # type: ignore[attr-defined]
        request.resolver_match = match or outer
        set_script_prefix(reverse("desk:company", args=[company.pk], urlconf=settings.PUBLIC_SCHEMA_URLCONF))
        set_urlconf(settings.ROOT_URLCONF)
        try:
            yield user
        finally:
            set_script_prefix(before[0])
            set_urlconf(before[1])
            request.user, request.agency, request.resolver_match = staff, agency, outer
            request.company, request.at_desk = None, False  # type: ignore[attr-defined]
            for name in KEPT:
                request.__dict__.pop(name, None)


def _match(path: str) -> ResolverMatch:
    try:
        match = resolve(f"/{path}", urlconf=settings.ROOT_URLCONF)
    except Resolver404 as error:
        raise Http404 from error
    if not (match.app_names and match.app_names[0] in APPS) and match.view_name not in EXTRA:
        raise Http404
    return match


def _is_a_page(request: StaffRequest, match: ResolverMatch) -> bool:
    """Whole pages of a client stand on its own host; the desk shows parts."""
    part = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    return request.method == "GET" and not part and match.view_name not in FILES


def _to_clients_host(company: ClientCompany, path: str) -> HttpResponseBase:
    away = reverse("agency:enter", args=[company.pk])
    return redirect(f"{away}?next=/{path}")


@staff_only()
def bare(request: StaffRequest, company_id: UUID) -> HttpResponseBase:
    """The prefix alone leads to the desk with this client's conversations."""
    return redirect(f"{reverse('desk:desk')}?client={company_id}")
