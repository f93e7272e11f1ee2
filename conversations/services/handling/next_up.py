"""What somebody answers next, and the conversations she has open."""

from django.db.models import F, Q, QuerySet

from conversations.desk.turns import behind
from conversations.models import Conversation, TeamMember
from tenants.accounts.models import User

Hold = Conversation.Hold
KEYS = 9  # of the keyboard
SKIPPED = 200  # so many can be gone past, then one begins at the top again


def following(user: User, *, after: Conversation | None = None) -> Conversation | None:
    """The conversation to answer next: hers or nobody's, danger first, then whose promise breaks first.

    Of nobody's those of her teams and of none; somebody in no team helps everywhere. When nobody waits, what came back
    to her from a rest and she has not seen since.

    after  where she is: when that one waits still it was gone past, and the one behind it comes
    """
    rows = Conversation.objects.open().visible_to(user).filter(hold=Hold.NONE)
    teams = list(TeamMember.objects.filter(user=user).values_list("team", flat=True))
    free = Q(assignee=None) & (Q(team=None) | Q(team__in=teams)) if teams else Q(assignee=None)
    waiting = rows.exclude(waiting_since=None).filter(Q(assignee=user) | free)
    back = rows.filter(assignee=user, waiting_since=None, unread_count__gt=0).order_by("last_message_at")
    if after is None:
        return waiting.most_urgent_first().first() or back.first()
    ordered = waiting.most_urgent_first().values_list("pk", "danger_at", "assignee")[:SKIPPED]
    pk = behind({pk: bool(danger and not holder) for pk, danger, holder in ordered}, after=after.pk)
    return waiting.filter(pk=pk).first() if pk else back.exclude(pk=after.pk).first()


def own(user: User) -> QuerySet[Conversation]:
    """Her first nine open conversations in the order in which she got them, so that a number stays where it is."""
    rows = Conversation.objects.open().visible_to(user).filter(assignee=user).select_related("contact")
    return rows.order_by(F("assigned_at").asc(nulls_first=True), "id")[:KEYS]
