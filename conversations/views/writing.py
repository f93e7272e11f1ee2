"""What the composer knows before anything is typed: drafts, language, signature."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from conversations import emoji_names
from conversations.errors import TextInvalid
from conversations.forms import DraftForm
from conversations.models import Conversation, Draft
from conversations.services import inbox_settings
from conversations.services.handling import holds, mentions
from conversations.services.threads import thread
from conversations.services.writing import drafts, signatures
from conversations.views.opening import conversation_or_404
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

DAY_SECONDS = 24 * 3600


@require_POST
@requires(Permission.INBOX_VIEW)
def keep_draft(request: CompanyRequest, conversation_id: UUID) -> JsonResponse:
    """Keep what is being written; when another device wrote later, what that one wrote comes back with 409."""
    row, form = conversation_or_404(conversation_id, user=request.user), DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"problem": str(TextInvalid.user_message)}, status=422)
    data = form.cleaned_data
    kept = drafts.keep(
        row,
        user=request.user,
        mode=data["mode"],
        body=data["body"],
        quoting=data["quoting"],
        typed_at=timezone.now() - timedelta(milliseconds=data["age"] or 0),
        known_at=data["known_at"],
    )
    told = {"known_at": kept.draft.changed_at.isoformat() if kept.draft else "", "replaced": bool(kept.replaced)}
    if kept.newer and kept.draft:
        return JsonResponse(told | {"body": kept.draft.body}, status=409)
    return JsonResponse(told)


@require_GET
@requires(Permission.INBOX_VIEW)
def offer_people(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    """Colleagues and teams that fit the letters after the @."""
    row = conversation_or_404(conversation_id, user=request.user)
    found = mentions.offered(row, by=request.user, search=request.GET.get("q", ""))
    return render(request, "conversations/_suggest_people.html", {"found": found})


@require_GET
@requires(Permission.INBOX_VIEW)
def emoji(request: CompanyRequest) -> HttpResponse:
    """The picker with all its signs; the same for everybody of one language, so browsers keep it for a day."""
    response = render(request, "conversations/_emoji.html", {"groups": emoji_names.groups(get_language() or "en")})
    patch_cache_control(response, private=True, max_age=DAY_SECONDS)
    patch_vary_headers(response, ["Cookie"])
    return response


def writing_context(request: CompanyRequest, row: Conversation) -> dict[str, Any]:
    """What the composer shows beside its mode."""
    written = drafts.of(row, user=request.user)
    draft = written.get(Draft.Mode.REPLY)
    return {
        "draft": draft,
        "draft_quoted": thread.quotable(row.channel, draft.quoting) if draft and draft.quoting else None,
        "snoozes_until": holds.preset("tomorrow", zone=request.company.time_zone),  # of "send and snooze"
        "note_draft": written.get(Draft.Mode.NOTE),
        "signature": signatures.of(request.user, settings=inbox_settings.of_request(request)),
    }
