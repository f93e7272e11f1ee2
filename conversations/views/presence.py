"""The switch of one's presence, on both sides, and the sign of life of every open page."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from conversations.forms_people import PresenceForm
from conversations.presence_rules import Stand
from conversations.services.people import presence
from tenants.accounts.access import CompanyRequest, signed_in
from tenants.accounts.models import Presence, User
from tenants.context import in_company
from tenants.errors import DomainError


@require_POST
@signed_in
def choose(request: CompanyRequest) -> HttpResponse:
    """Become available, pause with a reason, or go away."""
    form = PresenceForm(request.POST)
    problem, said = "", ""
    if form.is_valid():
        chosen, reason = Presence(form.cleaned_data["presence"]), form.cleaned_data["reason"]
        try:
            said = _said(_choose(request.user, chosen, reason))
        except DomainError as refusal:
            problem = str(refusal.user_message)
    if request.headers.get("HX-Request"):
        context = {"stand": stand_of(request.user), "problem": problem, "said": said}
        return render(request, "people/_presence.html", context, status=422 if problem or form.errors else 200)
    if problem:
        messages.error(request, problem)
    if said:
        messages.info(request, said)
    return HttpResponseRedirect(_back(request))


def _choose(user: User, chosen: Presence, reason: str) -> int:
    if in_company():
        return presence.choose(user, presence=chosen, reason=reason)
    return presence.choose_as_staff(user.pk, presence=chosen, reason=reason)


def _said(back: int) -> str:
    """What going away did besides."""
    if not back:
        return ""
    text = ngettext(
        "%(count)d conversation in which somebody waits went back to the queue.",
        "%(count)d conversations in which somebody waits went back to the queue.",
        back,
    )
    return text % {"count": back}


@require_POST
@never_cache
@signed_in
def beat(request: CompanyRequest) -> JsonResponse:
    """A page of this person is open; answers with what she chose, perhaps on another page."""
    if in_company():
        presence.beat(request.user)
    else:
        presence.beat_as_staff(request.user.pk)
    return JsonResponse({"presence": stand_of(request.user).chosen})


def stand_of(user: User) -> Stand:
    """Where this person stands, on either side."""
    if in_company():
        return presence.own(user)
    return presence.of_staff([user.pk]).get(user.pk, Stand())


def _back(request: CompanyRequest) -> str:
    """The page that the switch was pressed on, of this host only."""
    came = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came, allowed_hosts={request.get_host()}):
        return "/"
    return f"/{urlsplit(came).path.lstrip('/')}"  # two slashes would lead to another host
