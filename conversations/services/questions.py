"""Questions to somebody at the client without a seat: asked by mail, answered by a link, returned as a note."""

import hashlib
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
from conversations.models import ClientQuestion, Conversation, ConversationEvent, Note
from conversations.services import conversations, following, holds, promise
from tenants import work
from tenants.accounts import audit
from tenants.accounts.models import User

Kind = ConversationEvent.Kind
KEY = "questions"  # of the work index
ANSWERED = "answered"  # the hint to whoever asked
LIFETIME = timedelta(days=14)
QUIET = timedelta(hours=1)  # between two mails about one question
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


@transaction.atomic
def ask(conversation: Conversation, *, by: User, to: Addressee, body: str) -> ClientQuestion:
    """Ask; the mail leaves after commit, and the conversation waits for the client.

    Raises  ConversationClosed, ContentInvalid, QuestionInvalid, TooManyQuestions
    """
    to, body = to.checked(), checked(body)
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    if conversation.status == Conversation.Status.CLOSED:
        raise ConversationClosed
    if open_of(conversation).count() >= MAX_OPEN:
        raise TooManyQuestions
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
    conversations.note_event(conversation, Kind.QUESTION_ASKED, actor=by, person=to.name, body=body)
    audit.record("question.asked", actor=by, subject=question, conversation=conversation.pk)
    work.mark(work.Kind.HOUSEKEEPING, key=KEY)
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
    return unanswered(conversation).filter(expires_at__gt=timezone.now())


def unanswered(conversation: Conversation) -> QuerySet[ClientQuestion]:
    """Questions that nobody answered and nobody withdrew, also those whose link has ended."""
    rows = ClientQuestion.objects.filter(conversation=conversation, answered_at=None, withdrawn_at=None)
    return rows.order_by("asked_at")


@transaction.atomic
def answer(token: str, *, name: str, body: str) -> ClientQuestion:
    """The answer comes back as a note, ends the waiting and raises the conversation. One answer to a question.

    Raises  QuestionGone, QuestionInvalid
    """
    body, name = checked(body), " ".join(name.replace("\x00", "").split())[:80]
    question = ClientQuestion.objects.select_for_update(of=("self",)).filter(token_hash=hash_of(token)).first()
    if question is None or not is_open(question):
        raise QuestionGone
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=question.conversation_id)
    signed = name or question.to_name
    question.answer = Note.objects.create(
        channel_id=conversation.channel_id, conversation=conversation, signed=signed, body=body, at=timezone.now()
    )
    question.answered_at = timezone.now()
    question.save(update_fields=["answer", "answered_at"])
    conversations.note_event(conversation, Kind.QUESTION_ANSWERED, actor=None, person=signed)
    audit.record("question.answered", subject=question, conversation=conversation.pk)
    _raise(conversation)
    readers = [pk for pk in (question.asked_by_id, conversation.assignee_id) if pk is not None]
    hints.tell(ANSWERED, readers, [conversation.pk])
    following.tell([conversation.pk])
    return question


def _raise(conversation: Conversation) -> None:
    """Bring a conversation back into the queue: the customer now waits for what the client said.

    A closed one opens again, or the one that the person has open by now is raised instead.
    """
    if conversation.status == Conversation.Status.CLOSED:
        conversation = conversations.reopen(conversation, by=None)
    if conversation.hold == Conversation.Hold.CLIENT and not open_of(conversation).exists():
        conversation = holds.end(conversation, by=None, why="answer")
    conversation.waiting_since = conversation.waiting_since or timezone.now()
    conversation.unread_count = max(conversation.unread_count, 1)
    conversation.save(update_fields=["waiting_since", "unread_count"])
    promise.renew([conversation.pk])
    conversations.changed(conversation)


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
    """Mail it once more; the link is the same and lives for 14 days from now.

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
    work.mark(work.Kind.HOUSEKEEPING, key=KEY)
    conversations.changed(conversation)
    return question


def _locked(question: ClientQuestion) -> ClientQuestion:
    rows = ClientQuestion.objects.select_for_update(of=("self",)).select_related("conversation")
    return rows.get(pk=question.pk)
