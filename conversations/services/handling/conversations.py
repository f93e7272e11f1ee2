"""What people do with a conversation: take it over, give it back, close, reopen, note."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from conversations import hints
from conversations.errors import AlreadyTaken, ConversationClosed, TextInvalid
from conversations.integrations.services import events
from conversations.models import Channel, Conversation, ConversationEvent, InboxSettings, Intent, Note
from conversations.services import summary
from conversations.services.guard import guard_writing
from conversations.services.promise import promise_records
from conversations.services.threads import receipts
from tenants.accounts.models import User
from tenants.accounts.roles import Permission

Kind = ConversationEvent.Kind
MAX_NOTE_CHARS = 4096


@transaction.atomic
def take(conversation: Conversation, *, by: User, from_holder: UUID | None) -> Conversation:
    """Become the one who answers.

    from_holder  the holder the person saw when pressing (None: nobody); when it is somebody else by now, the other
                 was quicker: AlreadyTaken
    Raises       AlreadyTaken, ConversationClosed
    """
    conversation = _locked(conversation)
    if conversation.status == Conversation.Status.CLOSED:
        raise ConversationClosed
    if conversation.assignee_id == by.pk:
        return conversation
    if conversation.assignee_id != from_holder:
        raise AlreadyTaken
    assign(conversation, to=by)
    note_event(conversation, Kind.TAKEN, actor=by, taken_from=str(from_holder) if from_holder else None)
    receipts.mark_read(conversation)
    return changed(conversation)


@transaction.atomic
def release(conversation: Conversation, *, by: User) -> Conversation:
    """Give the conversation back to the queue. Somebody else's may be given back by those who may assign.

    Raises  AlreadyTaken
    """
    conversation = _locked(conversation)
    if conversation.assignee_id is None:
        return conversation
    if conversation.assignee_id != by.pk and not by.may(Permission.CONVERSATION_ASSIGN):
        raise AlreadyTaken
    held_by = str(conversation.assignee_id)
    assign(conversation, to=None)
    note_event(conversation, Kind.RELEASED, actor=by, taken_from=held_by)
    return changed(conversation)


@transaction.atomic
def close(
    conversation: Conversation, *, by: User | None, reason: str = "", intent: Intent | None = None
) -> Conversation:
    """End this spell of the thread; the person's next message reopens it or begins a new one. Twice is once.

    reason  a word of the company's; ``closing.close`` asks for what the company wants to know
    """
    conversation = _locked(conversation)
    if conversation.status == Conversation.Status.CLOSED:
        return conversation
    if intent is not None:
        conversation.intent = intent
    conversation.hold, conversation.hold_since, conversation.hold_until = Conversation.Hold.NONE, None, None
    conversation.status = Conversation.Status.CLOSED
    conversation.closed_at, conversation.closed_by = timezone.now(), by
    promise_records.left([conversation], at=conversation.closed_at)
    conversation.close_reason, conversation.waiting_since, conversation.unread_count = reason, None, 0
    conversation.woke_at = None
    conversation.save(
        update_fields=[
            "status", "closed_at", "closed_by", "close_reason", "waiting_since", "unread_count", "intent",
            "hold", "hold_since", "hold_until", "woke_at",
        ]
    )  # fmt: skip
    note_event(conversation, Kind.CLOSED, actor=by, reason=reason)
    return changed(conversation)


@transaction.atomic
def reopen(conversation: Conversation, *, by: User | None) -> Conversation:
    """Open a closed conversation by hand; when the pair has a live one by now, that one is given back."""
    channel = Channel.objects.select_for_update().get(pk=conversation.channel_id)
    live = Conversation.objects.open().filter(channel=channel).first()
    if live is not None:
        return live
    conversation = _locked(conversation)
    was = past_of(conversation)
    _open_again(conversation)
    note_event(conversation, Kind.REOPENED, actor=by, **was)
    return changed(conversation)


@transaction.atomic
def live_of(channel: Channel, *, at: datetime | None = None) -> Conversation:
    """The live conversation of a pair: the open one, else the last one reopened when it closed lately, else a new one.

    Used when we write first; inbound messages do the same in bulk.
    """
    at = at or timezone.now()
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    last = Conversation.objects.filter(channel=channel).order_by("-opened_at").first()
    if last and last.status != Conversation.Status.CLOSED:
        return last
    hours = InboxSettings.load().reopen_hours
    closed_at = last.closed_at if last and last.close_reason != Conversation.IMPORTED else None
    if last and closed_at and (at - closed_at).total_seconds() < hours * 3600:
        was = past_of(last)
        _open_again(last)
        note_event(last, Kind.REOPENED, actor=None, **was)
        return changed(last)
    fresh = Conversation.objects.create(
        contact_id=channel.contact_id,
        phone_number_id=channel.phone_number_id,
        channel=channel,
        opened_at=at,
        last_message_at=at,
    )
    note_event(fresh, Kind.OPENED, actor=None)
    return changed(fresh)


@transaction.atomic
def add_note(conversation: Conversation, *, author: User, body: str, token: str = "") -> Note:
    """Write something to colleagues; the contact never sees it.

    body    1 to 4096 characters
    token   the page's own id of it, unique
    Raises  TextInvalid, SensitiveNote
    """
    body = body.strip().replace("\x00", "\ufffd")
    if not body or len(body) > MAX_NOTE_CHARS:
        raise TextInvalid
    guard_writing.check_note(body)
    note = Note.objects.create(
        channel_id=conversation.channel_id,
        conversation=conversation,
        author=author,
        body=body,
        at=timezone.now(),
        client_token=token or None,
    )
    changed(conversation)
    return note


@transaction.atomic
def mark_seen(conversation: Conversation, *, by: User) -> None:
    """Somebody opened the thread: it counts as read here (never at the platform: see receipts).

    What came back from a rest has been looked at when its holder did, or anybody where nobody holds it.
    """
    same = Conversation.objects.filter(pk=conversation.pk)
    read = same.filter(unread_count__gt=0).update(unread_count=0)
    looked = same.filter(Q(assignee=None) | Q(assignee=by), woke_at__isnull=False).update(woke_at=None)
    if looked:
        summary.refresh([conversation.pk])
    elif read:
        summary.seen([conversation.pk])
    if looked or read:
        hints.conversations_changed([conversation.pk])


def note_event(conversation: Conversation, kind: str, *, actor: User | None, **data: object) -> ConversationEvent:
    """A line in the thread, and for opening and closing a fact for integrators; in the caller's transaction."""
    now = timezone.now()
    if kind in (Kind.OPENED, Kind.CLOSED, Kind.REOPENED):
        fact = events.Fact(f"conversation.{kind}", conversation.pk, now, conversation_id=conversation.pk)
        events.record([fact])
    return ConversationEvent.objects.create(
        channel_id=conversation.channel_id, conversation=conversation, kind=kind, at=now, actor=actor, data=data
    )


def past_of(conversation: Conversation) -> dict[str, str]:
    """Who closed a conversation and why, for the line that says it was reopened."""
    closer = str(conversation.closed_by_id) if conversation.closed_by_id else ""
    return {name: value for name, value in (("closed_by", closer), ("reason", conversation.close_reason)) if value}


def _open_again(conversation: Conversation) -> None:
    """With whoever answered it before, unless she works here no more."""
    conversation.status, conversation.closed_at, conversation.closed_by = Conversation.Status.OPEN, None, None
    conversation.close_reason = ""
    if conversation.assignee is not None and not conversation.assignee.is_active:
        conversation.assignee, conversation.assigned_at = None, None
    conversation.save(update_fields=["status", "closed_at", "closed_by", "close_reason", "assignee", "assigned_at"])


def _locked(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)


def assign(conversation: Conversation, *, to: User | None) -> None:
    """Write who answers, of a row that the caller has locked; events and hints are the caller's."""
    conversation.assignee, conversation.assigned_at = to, timezone.now() if to else None
    conversation.save(update_fields=["assignee", "assigned_at"])


def changed(conversation: Conversation) -> Conversation:
    """After a change that pages show: a new version, the desk's entry, a hint; in the caller's transaction."""
    Conversation.objects.filter(pk=conversation.pk).update(version=F("version") + 1)
    summary.refresh([conversation.pk])
    hints.conversations_changed([conversation.pk])
    return conversation
