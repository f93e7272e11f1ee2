"""What somebody answers next, and the conversations she has open."""

from django.db.models import F, QuerySet

from conversations.models import Conversation
from tenants.accounts.models import User

Hold = Conversation.Hold
KEYS = 9  # of the keyboard


def following(user: User, *, after: Conversation | None = None) -> Conversation | None:
    """The conversation to answer next: hers or nobody's, danger first, then whose promise breaks first."""
    rows = Conversation.objects.waiting().visible_to(user).filter(hold=Hold.NONE)
    rows = rows.filter(assignee=user) | rows.filter(assignee=None)
    if after is not None:
        rows = rows.exclude(pk=after.pk)
    return rows.order_by(F("danger_at").asc(nulls_last=True), F("due_at").asc(nulls_last=True), "waiting_since").first()


def own(user: User) -> QuerySet[Conversation]:
    """Her first nine open conversations in the order in which she got them, so that a number stays where it is."""
    rows = Conversation.objects.open().visible_to(user).filter(assignee=user).select_related("contact")
    return rows.order_by(F("assigned_at").asc(nulls_first=True), "id")[:KEYS]
