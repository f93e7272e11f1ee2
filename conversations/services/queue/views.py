"""The views of the queue: which conversations each one holds for a person."""

from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

from conversations.models import Conversation, ConversationFollower, Mention, TeamMember
from tenants.accounts.models import User

Hold = Conversation.Hold


class View(StrEnum):
    """Stable names; they stand in addresses and in saved views.

    WAITING: somebody waits for an answer, or what the reader (or nobody) put away came back and was not looked at yet.
    """

    WAITING = "waiting"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    TEAM = "team"
    MENTIONS = "mentions"
    FOLLOWING = "following"
    SNOOZED = "snoozed"
    CUSTOMER = "customer"
    CLIENT = "client"
    OPEN = "open"
    CLOSED = "closed"


ON_HOLD = {View.SNOOZED: Hold.SNOOZED, View.CUSTOMER: Hold.CUSTOMER, View.CLIENT: Hold.CLIENT}
WITH_CLOSED = frozenset({View.MENTIONS, View.FOLLOWING})  # what somebody asked one to look at stays, closed or not


def in_view(view: View, *, user: User) -> QuerySet[Conversation]:
    """The conversations of a view that this person may see, in no order."""
    rows = Conversation.objects.visible_to(user)
    if view == View.CLOSED:
        return rows.filter(status=Conversation.Status.CLOSED)
    if view not in WITH_CLOSED:
        rows = rows.open()
    return rows.filter(_belongs(view, user=user))


def _belongs(view: View, *, user: User) -> Q:
    if view in ON_HOLD:
        return Q(hold=ON_HOLD[view])
    match view:
        case View.WAITING:
            back = Q(woke_at__isnull=False) & (Q(assignee=user) | Q(assignee=None))
            return Q(Q(waiting_since__isnull=False) | back, hold=Hold.NONE)
        case View.MINE:
            return Q(assignee=user)
        case View.UNASSIGNED:
            return Q(assignee=None, hold=Hold.NONE)
        case View.TEAM:
            return Q(team__in=TeamMember.objects.filter(user=user).values("team"))
        case View.MENTIONS:
            return Q(Exists(Mention.objects.filter(conversation=OuterRef("pk"), user=user)))
        case View.FOLLOWING:
            return Q(Exists(ConversationFollower.objects.filter(conversation=OuterRef("pk"), user=user)))
    return Q()
