"""The end of a shift: all of one's open conversations in a list, each with a note and to whom, one press."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from conversations.forms_people import HandOverLine
from conversations.models import Team
from conversations.services.people import handover, presence
from conversations.services.people.handover import Outcome
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.MESSAGE_SEND)
def hand_over(request: CompanyRequest) -> HttpResponse:
    if request.method == "POST":
        ids = request.POST.getlist("conversation")[: handover.MOST]
        usually = request.POST.get("all-to", "")
        forms = [HandOverLine(request.POST, prefix=pk, conversation=pk, usually=usually) for pk in ids]
        try:
            done = handover.hand_over(request.user, [form.line for form in forms if form.is_valid()])
        except handover.NoteRefused as refusal:
            context = _context(request) | {"problems": [str(refusal.user_message)]}
            return render(request, "people/handover.html", context, status=refusal.http_status)
        tell(request, done)
        return redirect("floor:hand-over")
    return render(request, "people/handover.html", _context(request))


def _context(request: CompanyRequest) -> dict[str, Any]:
    others = [person for person in presence.everybody() if person.user.pk != request.user.pk]
    return {
        "rows": handover.of(request.user),
        "others": sorted(others, key=lambda one: (not one.available, one.load, one.user.name)),
        "teams": Team.objects.order_by("name"),
    }


def tell(request: HttpRequest, done: Outcome) -> None:
    """What became of it, once she is away."""
    text = ngettext(
        "%(count)d conversation is handed over.", "%(count)d conversations are handed over.", done.moved
    ) % {"count": done.moved}
    away = _("You are away now.")
    messages.success(request, f"{text} {away}")
    if done.queued:
        names = ", ".join(row.contact.shown_name for row in done.queued)
        text = _("The person or team chosen may not have these, so they are in the queue: %(names)s.")
        messages.warning(request, text % {"names": names})
    if done.returned:
        text = ngettext(
            "%(count)d more came in meanwhile and is back in the queue.",
            "%(count)d more came in meanwhile and are back in the queue.",
            done.returned,
        )
        messages.info(request, text % {"count": done.returned})
    if done.gone:
        text = ngettext(
            "%(count)d was closed or taken by somebody else meanwhile; its note is kept.",
            "%(count)d were closed or taken by others meanwhile; their notes are kept.",
            done.gone,
        )
        messages.info(request, text % {"count": done.gone})
