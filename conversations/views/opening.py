"""Finds what an address names, in the entered company only, and notes that somebody opened it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from conversations.models import ClientQuestion, Conversation, ConversationFollower, InboxSettings, Mention, Message
from tenants.accounts import audit
from tenants.accounts.models import AuditEntry, User

QUIET = timedelta(minutes=5)  # looking at the same thing again within this time is one opening
ONE_SITTING = timedelta(hours=12)  # how long a page that was opened may go on asking for its parts


def conversation_or_404(pk: UUID, *, user: User) -> Conversation:
    """A conversation that this person may see, with everything its head and composer show."""
    rows = Conversation.objects.visible_to(user).select_related(
        "channel__contact", "channel__phone_number", "contact", "assignee", "team", "intent"
    )
    rows = rows.defer("channel__phone_number__token", "channel__phone_number__pin")  # pages need no decrypted secrets
    asked = ClientQuestion.objects.filter(conversation=OuterRef("pk"), answered_at=None, withdrawn_at=None)
    rows = rows.annotate(
        has_forms=Exists(InboxSettings.objects.exclude(forms="")),
        is_followed=Exists(ConversationFollower.objects.filter(conversation=OuterRef("pk"), user=user)),
        has_questions=Exists(asked),
        calls_me=Exists(Mention.objects.filter(conversation=OuterRef("pk"), user=user, seen_at=None)),
    )
    row = get_object_or_404(rows, pk=pk)
    row.channel.shows_all = row.channel.opens_terms = user.cleared
    return row


def message_or_404(conversation: Conversation, pk: UUID) -> Message:
    """A message of this conversation's thread, as far as it is shown to whom the conversation was opened for."""
    rows = Message.objects.seen_in(conversation.channel).select_related("media", "channel", "author")
    message = get_object_or_404(rows, pk=pk)
    message.channel.shows_all = conversation.channel.shows_all
    message.channel.opens_terms = conversation.channel.opens_terms
    return message


def note_reading(row: Conversation, *, user: User, request: HttpRequest) -> None:
    """A part of an open page asked for more of the conversation: whoever reads it without opening it opened it."""
    record_opening("conversation.opened", user=user, subject=row, request=request, quiet=ONE_SITTING)


def record_opening(action: str, *, user: User, subject: Any, request: HttpRequest, quiet: timedelta = QUIET) -> None:
    """One audit entry per person, action and thing, however often it happens within five minutes (``quiet``)."""
    lately = AuditEntry.objects.filter(
        subject_kind=subject.__class__.__name__.lower(),
        subject_id=str(subject.pk),
        action=action,
        actor_id=user.pk,
        at__gt=timezone.now() - quiet,
    )
    if not lately.exists():
        audit.record(action, actor=user, subject=subject, request=request)
