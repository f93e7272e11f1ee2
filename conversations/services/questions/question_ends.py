"""Questions that end without an answer: the mail never left, or the link has run out.

The conversation that waited for the client comes back to whoever asked, so that it does not wait for ever for an
answer that cannot come.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from conversations.models import ClientQuestion, Conversation
from conversations.services.handling import conversations, holds
from conversations.services.questions import questions
from conversations.services.questions.question_mail import GIVE_UP

UNANSWERED = "unanswered"  # the hint to whoever asked
EXPIRED, UNSENT = "expired", "unsent"  # why the waiting ended
BATCH = 200
Hold = Conversation.Hold


def end_due() -> int:
    """Bring back what waits for answers that will not come, in the entered company; tells how many."""
    ids = list(_over().values_list("pk", flat=True)[:BATCH])
    return sum(map(_end, ids))


@transaction.atomic
def _end(pk: UUID) -> bool:
    """One of them, when it is still so; it counts as unread, so that its row stands out."""
    row = _over().filter(pk=pk).select_for_update(of=("self",)).first()
    if row is None:
        return False
    question = _ended().filter(conversation=row).order_by("-asked_at").first()
    if question is None:
        return False
    row = holds.end(row, by=None, why=EXPIRED if question.expires_at <= timezone.now() else UNSENT)
    Conversation.objects.filter(pk=row.pk).update(unread_count=Greatest(F("unread_count"), 1))
    conversations.changed(row)
    questions.tell(UNANSWERED, question, row)
    return True


def _over() -> QuerySet[Conversation]:
    """Conversations that wait for the client since before a question ended, and in which no other is open."""
    since, now = OuterRef("hold_since"), timezone.now()
    ran_out = Q(expires_at__lte=now, expires_at__gt=since)
    gave_up = Q(mailed_at=None, asked_last__lt=now - GIVE_UP, asked_last__gt=since - GIVE_UP)
    ended = _unanswered().filter(ran_out | gave_up, conversation=OuterRef("pk"))
    hopeful = _unanswered().exclude(_is_over()).filter(conversation=OuterRef("pk"))
    return Conversation.objects.open().filter(Exists(ended), ~Exists(hopeful), hold=Hold.CLIENT)


def _ended() -> QuerySet[ClientQuestion]:
    return _unanswered().filter(_is_over())


def _unanswered() -> QuerySet[ClientQuestion]:
    rows = ClientQuestion.objects.filter(answered_at=None, withdrawn_at=None)
    return rows.annotate(asked_last=Coalesce("reminded_at", "asked_at"))


def _is_over() -> Q:
    now = timezone.now()
    return Q(expires_at__lte=now) | Q(mailed_at=None, asked_last__lt=now - GIVE_UP)
