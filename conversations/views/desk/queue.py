"""The desk's queue on the agency's host."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations.desk import entries
from conversations.language_codes import normal, offered
from conversations.services import desk_rows
from tenants.accounts.access import StaffRequest, staff_only
from tenants.accounts.services import conditions
from tenants.models import ClientCompany, StaffGrant

MAX_IDS = 100
NUMBERS = 9  # keys 1 to 9


@require_GET
@never_cache
@staff_only()
def desk(request: StaffRequest) -> HttpResponse:
    """The page; somebody without any grant sees how to get one, and nothing of any client."""
    return render(request, "desk/desk.html", page_context(request))


@require_GET
@never_cache
@staff_only()
def queue_page(request: StaffRequest) -> HttpResponse:
    """The queue of a view, or with ``after`` only the rows that follow."""
    template = "_queue_more.html" if request.GET.get("after") else "_queue.html"
    return render(request, f"desk/{template}", page_context(request))


@require_GET
@never_cache
@staff_only()
def queue_rows(request: StaffRequest) -> HttpResponse:
    """Those of the named conversations that belong in the view now, and the counts."""
    companies = desk_rows.of_staff(request.user.pk)
    scope, asked = scope_of(request, companies), asked_of(request, companies)
    found = entries.by_id(scope, asked, ids=ids_of(request.GET.get("ids", "")))
    context = _words(asked) | {
        "rows": desk_rows.dressed(request.user.pk, found, companies=companies).rows,
        "counts": entries.counts(scope),
    }
    return render(request, "desk/_queue_news.html", context)


@require_GET
@never_cache
@staff_only()
def own(request: StaffRequest) -> HttpResponse:
    """One's own open conversations of all clients, with the numbers that open them."""
    companies = desk_rows.of_staff(request.user.pk)
    found = entries.page(scope_of(request, companies), entries.Asked(entries.View.MINE), limit=NUMBERS).rows
    rows = desk_rows.dressed(request.user.pk, found, companies=companies).rows
    return render(request, "desk/_own.html", {"rows": rows})


@require_GET
@never_cache
@staff_only()
def open_by_id(request: StaffRequest, conversation_id: UUID) -> HttpResponse:
    """A conversation of which only the id is known, as hints name it."""
    companies = desk_rows.of_staff(request.user.pk)
    asked = entries.Asked(entries.View.ALL)
    found = entries.by_id(scope_of(request, companies), asked, ids=[conversation_id])
    if not found:
        raise Http404
    return redirect("desk:conversation", found[0].company_id, conversation_id)


@require_GET
@never_cache
@staff_only()
def next_conversation(request: StaffRequest) -> HttpResponse:
    """Lead to the conversation to answer next, of all clients, other than ``after``."""
    after = next(iter(ids_of(request.GET.get("after", ""))), None)
    following = entries.next_for(scope_of(request, desk_rows.of_staff(request.user.pk)), after=after)
    address = reverse("desk:desk")
    if following is not None:
        address = reverse("desk:conversation", args=[following.company_id, following.pk])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"X-Next": address})
    return redirect(address)


def page_context(request: StaffRequest) -> dict[str, Any]:
    """The queue as the address asks for it. The grants are asked once, and every row is one of theirs."""
    judged = conditions.judged(request.user.pk)
    companies = {grant.company_id: grant.company for grant, unmet in judged if not unmet}
    scope, asked = scope_of(request, companies), asked_of(request, companies)
    page = entries.page(scope, asked, after=entries.Key.read(request.GET.get("after", "")), limit=_limit(request))
    languages, skills = entries.needs(scope)
    shown = desk_rows.dressed(request.user.pk, page.rows, companies=companies)
    return _words(asked) | {
        "companies": sorted(companies.values(), key=lambda one: one.name),
        "shut": _shut(judged, companies),
        "languages": offered(languages),
        "skills": skills,
        "rows": shown.rows,
        "away": shown.away,
        "next": page.next,
        "counts": entries.counts(scope),
    }


def scope_of(request: StaffRequest, companies: dict[UUID, ClientCompany]) -> entries.Scope:
    return entries.Scope(request.user.pk, tuple(companies), cleared=request.user.cleared)


def asked_of(request: StaffRequest, companies: dict[UUID, ClientCompany]) -> entries.Asked:
    """The view and filters of the address; another's client is not there, like one that never was."""
    given = {name: request.GET.get(name, "").replace("\x00", "") for name in ("view", "language", "skill")}
    asked = entries.Asked(language=normal(given["language"][:5]), skill=given["skill"][:40])
    if given["view"] in list(entries.View):
        asked = replace(asked, view=entries.View(given["view"]))
    named = request.GET.get("client", "")
    if not named:
        return asked
    chosen = next((pk for pk in companies if str(pk) == named), None)
    if chosen is None:
        raise Http404
    return replace(asked, company=chosen)


def _words(asked: entries.Asked) -> dict[str, Any]:
    """The address again, for links and for what the page asks next."""
    query = {
        "view": asked.view.value,
        "client": str(asked.company or ""),
        "language": asked.language,
        "skill": asked.skill,
    }
    return {"asked": query, "view": asked.view.value, "base": reverse("desk:desk")}


def _shut(judged: list[tuple[StaffGrant, list[str]]], companies: dict[UUID, ClientCompany]) -> list[dict[str, Any]]:
    """The clients that ask for something she has not shown yet, with what."""
    shut = {}
    for grant, unmet in judged:
        if unmet and grant.company_id not in companies:
            words = [conditions.MISSING_WORDS[one] for one in unmet]
            rules = conditions.HOUSE_RULES in unmet
            shut[grant.company_id] = {"company": grant.company, "missing": words, "rules": rules}
    return list(shut.values())


def _limit(request: StaffRequest) -> int:
    """How many rows: a page that refreshes all it has asks for as many."""
    asked = request.GET.get("limit", "")
    known = asked.isascii() and asked.isdecimal() and len(asked) < 6
    return max(entries.PAGE, min(int(asked), entries.MAX_ROWS)) if known else entries.PAGE


def ids_of(text: str) -> list[UUID]:
    found = []
    for part in text.split(",")[:MAX_IDS]:
        try:
            found.append(UUID(part))
        except ValueError:
            continue
    return found
