"""Questions to somebody at the client without a seat: asked by mail, answered by a link, returned as a note."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from conversations import hints
from conversations.errors import (
    ContentInvalid,
    ConversationClosed,
    QuestionGone,
    QuestionInvalid,
    RemindedLately,
    TooManyQuestions,
)
from conversations.models import Channel, ClientQuestion, Conversation, ConversationEvent, InboxSettings, Note
from conversations.services.guard import guard_writing, guarding_out
from conversations.services.guard.guarding_out import MAX_REASON_CHARS
from conversations.services.handling import conversations, following, holds
from conversations.services.promise import promise
from conversations.services.writing import asking
from conversations.shown import shown_text
from tenants import work
from tenants.accounts import audit
from tenants.accounts.models import User

Kind = ConversationEvent.Kind
KEY = "questions"  # of the work index
ANSWERED = "answered"  # the hint to whoever asked
LIFETIME = timedelta(days=14)
QUIET = timedelta(hours=1)  # between two mails about one question
A_MOMENT = timedelta(seconds=1)
MAX_CHARS = 4096
MAX_OPEN = 5  # per conversation
SALT = "balie.client-question"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody at the client."""

    name: str
    email: str

    def checked(self) -> "Addressee":
        """With the spaces gone. Raises ContentInvalid"""
        name, email = " ".join(self.name.split()), self.email.strip().lower()
        if not name or len(name) > 80:
            raise ContentInvalid("name", user_message=_("Say who is asked, in at most 80 characters."))
        try:
            validate_email(email)
        except ValidationError:
            raise ContentInvalid("email", user_message=_("This is not an e-mail address.")) from None
        return Addressee(name, email)


def token_of(question: ClientQuestion) -> str:
    """The link's secret; it can be worked out again with the key of the installation, so no row has to hold it."""
    return salted_hmac(SALT, str(question.pk), algorithm="sha256").hexdigest()


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@guarding_out.recorded
@transaction.atomic
def ask(
    conversation: Conversation, *, by: User, to: Addressee, body: str, confirmed: Iterable[str] = ()
) -> ClientQuestion:
    """Ask; the mail leaves after commit, and the conversation waits for the client.

    A mail leaves the house like a message does: it asks first about the same things.
    confirmed  codes of the questions (AsksFirst) that were answered with "Send anyway"
    Raises     AsksFirst, ConversationClosed, ContentInvalid, OverrideNotAllowed, QuestionInvalid, TooManyQuestions
    """
    to, body, confirmed = to.checked(), checked(body), frozenset(confirmed)
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    if conversation.status == Conversation.Status.CLOSED:
        raise ConversationClosed
    if open_of(conversation).count() >= MAX_OPEN:
        raise TooManyQuestions
    asking.ask(conversation, author=by, text=body, confirmed=confirmed)
    why = guarding_out.reason_in(confirmed)
    passed = guarding_out.check(conversation, by=by, reason=why, body=body, content=None)
    now = timezone.now()
    question = ClientQuestion(
        conversation=conversation,
        asked_by=by,
        to_name=to.name,
        to_email=to.email,
        body=body,
        asked_at=now,
        expires_at=now + LIFETIME,
    )
    question.token_hash = hash_of(token_of(question))
    question.save()
    hidden = [[hit.hide_start, hit.hide_end, hit.detector] for text, hit in passed if text == body]
    told = shown_text(body, hidden)
    conversations.note_event(conversation, Kind.QUESTION_ASKED, actor=by, person=to.name, body=told)
    audit.record("question.asked", actor=by, subject=question, conversation=conversation.pk)
    if passed:
        names = sorted({hit.detector for _text, hit in passed})
        audit.record(
            "sensitive.overridden",
            actor=by,
            subject=question,
            reason=guard_writing.reason(why)[:MAX_REASON_CHARS],
            detectors=names,
        )
    _mark_work(question)
    holds.hold(conversation, by=by, kind=Conversation.Hold.CLIENT)
    conversations.changed(conversation)
    return question


def checked(body: str) -> str:
    """A text of an acceptable length. Raises QuestionInvalid"""
    body = body.strip().replace("\x00", "\ufffd").replace("\r\n", "\n")
    if not body or len(body) > MAX_CHARS:
        raise QuestionInvalid
    return body


def find(token: str) -> ClientQuestion | None:
    """The question of a link, whatever became of it."""
    rows = ClientQuestion.objects.select_related("conversation", "asked_by")
    return rows.filter(token_hash=hash_of(token)).first()


def is_open(question: ClientQuestion) -> bool:
    return question.answered_at is None and question.withdrawn_at is None and question.expires_at > timezone.now()


def open_of(conversation: Conversation) -> QuerySet[ClientQuestion]:
    """Questions of a conversation that may still be answered, oldest first."""
    return open_ones().filter(conversation=conversation).order_by("asked_at")


def open_ones() -> QuerySet[ClientQuestion]:
    """Every question of the entered company that may still be answered."""
    now = timezone.now()
    return ClientQuestion.objects.filter(answered_at=None, withdrawn_at=None, expires_at__gt=now)


def unanswered(conversation: Conversation) -> QuerySet[ClientQuestion]:
    """Questions that nobody answered and nobody withdrew, also those whose link has ended."""
    rows = ClientQuestion.objects.filter(conversation=conversation, answered_at=None, withdrawn_at=None)
    return rows.order_by("asked_at")


def language_of(question: ClientQuestion) -> str:
    """What the company said that this person reads; empty when it said nothing."""
    people = [one for one in InboxSettings.load().client_people if isinstance(one, dict)]
    known = {str(one.get("email", "")).lower(): str(one.get("language", "")) for one in people}
    return known.get(question.to_email, "")


@transaction.atomic
def answer(token: str, *, name: str, body: str) -> ClientQuestion:
    """The answer comes back as a note, ends the waiting and raises the conversation. One answer to a question.

    Raises  QuestionGone, QuestionInvalid, SensitiveNote
    """
    body, name = checked(body), " ".join(name.replace("\x00", "").split())[:80]
    question = ClientQuestion.objects.select_for_update(of=("self",)).filter(token_hash=hash_of(token)).first()
    if question is None or not is_open(question):
        raise QuestionGone
    guard_writing.check_note(body)
    conversation = _locked_conversation(question)
    signed = name or question.to_name
    question.answer = Note.objects.create(
        channel_id=conversation.channel_id, conversation=conversation, signed=signed, body=body, at=timezone.now()
    )
    question.answered_at = timezone.now()
    question.save(update_fields=["answer", "answered_at"])
    conversations.note_event(conversation, Kind.QUESTION_ANSWERED, actor=None, person=signed)
    audit.record("question.answered", subject=question, conversation=conversation.pk)
    raised = _raise(conversation)
    tell(ANSWERED, question, raised)
    return question


def _locked_conversation(question: ClientQuestion) -> Conversation:
    """Locked, and its channel before it where it has to be reopened: everybody reopens in that order."""
    conversation = question.conversation
    if conversation.status == Conversation.Status.CLOSED:
        Channel.objects.select_for_update().get(pk=conversation.channel_id)
    return Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)


def tell(hint: str, question: ClientQuestion, conversation: Conversation) -> None:
    """Whoever asked, whoever answers the conversation, and its followers hear of it."""
    readers = [pk for pk in (question.asked_by_id, conversation.assignee_id) if pk is not None]
    hints.tell(hint, readers, [conversation.pk])
    following.tell([conversation.pk])


def _raise(conversation: Conversation) -> Conversation:
    """Bring a conversation back into the queue: the customer now waits for what the client said.

    A closed one opens again, or the one that the person has open by now is raised instead. Whatever rest it is at ends,
    only waiting for others at the client who were asked goes on.
    """
    if conversation.status == Conversation.Status.CLOSED:
        conversation = conversations.reopen(conversation, by=None)
    if conversation.hold != Conversation.Hold.CLIENT or not open_of(conversation).exists():
        conversation = holds.end(conversation, by=None, why="answer")
    conversation.waiting_since = conversation.waiting_since or timezone.now()
    conversation.unread_count = max(conversation.unread_count, 1)
    conversation.save(update_fields=["waiting_since", "unread_count"])
    promise.renew([conversation.pk])
    return conversations.changed(conversation)


@transaction.atomic
def withdraw(question: ClientQuestion, *, by: User) -> ClientQuestion:
    """Take it back: the link says so. With the last one the waiting for the client ends. Twice is once.

    Raises  QuestionGone when it was answered meanwhile
    """
    question = _locked(question)
    if question.withdrawn_at is not None:
        return question
    if question.answered_at is not None:
        raise QuestionGone
    question.withdrawn_at = timezone.now()
    question.save(update_fields=["withdrawn_at"])
    conversation = question.conversation
    conversations.note_event(conversation, Kind.QUESTION_ASKED, actor=by, person=question.to_name, withdrawn=True)
    audit.record("question.withdrawn", actor=by, subject=question, conversation=conversation.pk)
    if conversation.hold == Conversation.Hold.CLIENT and not open_of(conversation).exists():
        holds.end(conversation, by=by)
    conversations.changed(conversation)
    return question


@transaction.atomic
def remind(question: ClientQuestion, *, by: User) -> ClientQuestion:
    """Mail it once more; the link is the same and lives for 14 days from now, and the client is waited for again.

    Raises  QuestionGone, RemindedLately
    """
    question = _locked(question)
    if question.answered_at is not None or question.withdrawn_at is not None:
        raise QuestionGone
    now = timezone.now()
    if max(question.reminded_at or question.asked_at, question.mailed_at or question.asked_at) > now - QUIET:
        raise RemindedLately
    question.reminded_at, question.mailed_at, question.expires_at = now, None, now + LIFETIME
    question.save(update_fields=["reminded_at", "mailed_at", "expires_at"])
    conversation = question.conversation
    conversations.note_event(conversation, Kind.QUESTION_ASKED, actor=by, person=question.to_name, reminded=True)
    audit.record("question.reminded", actor=by, subject=question, conversation=conversation.pk)
    _mark_work(question)
    if conversation.status != Conversation.Status.CLOSED and not conversation.hold:
        holds.hold(conversation, by=by, kind=Conversation.Hold.CLIENT)
    conversations.changed(conversation)
    return question


def _locked(question: ClientQuestion) -> ClientQuestion:
    rows = ClientQuestion.objects.select_for_update(of=("self",)).select_related("conversation")
    return rows.get(pk=question.pk)


def _mark_work(question: ClientQuestion) -> None:
    """Its mail has to leave now, and somebody has to look at it when its link ends."""
    work.mark(work.Kind.HOUSEKEEPING, key=KEY)
    work.mark(work.Kind.HOUSEKEEPING, key=KEY, due_at=question.expires_at + A_MOMENT)
