"""What somebody answers next, and the conversations she has open."""

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from conversations.desk.turns import behind
from conversations.models import Conversation, TeamMember
from tenants.accounts.models import User

Hold = Conversation.Hold
KEYS = 9  # of the keyboard
SKIPPED = 200  # so many can be gone past, then one begins at the top again


def following(user: User, *, after: Conversation | None = None) -> Conversation | None:
    """The conversation to answer next, as the queue stands: hers or nobody's, danger first, then what came back from a
    rest and nobody looked at, then whose promise breaks first.

    Of nobody's those of her teams and of none; somebody in no team helps everywhere.

    after  where she is: when that one waits still it was gone past, and the one behind it comes
    """
    rows = Conversation.objects.open().visible_to(user).filter(hold=Hold.NONE)
    teams = list(TeamMember.objects.filter(user=user).values_list("team", flat=True))
    free = Q(assignee=None) & (Q(team=None) | Q(team__in=teams)) if teams else Q(assignee=None)
    waits = Q(waiting_since__isnull=False) | Q(woke_at__isnull=False)
    queue = _as_they_stand(rows.filter(waits).filter(Q(assignee=user) | free))
    if after is None:
        return queue.first()
    ordered = queue.values_list("pk", "danger_at", "assignee")[:SKIPPED]
    pk = behind({pk: bool(danger and not holder) for pk, danger, holder in ordered}, after=after.pk)
    return queue.filter(pk=pk).first() if pk else None


def _as_they_stand(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    breaks = Coalesce("due_at", "waiting_since")
    nulls_last = (F(name).asc(nulls_last=True) for name in ("danger_at", "woke_at"))
    return rows.order_by(*nulls_last, breaks, "waiting_since", "id")


def own(user: User) -> QuerySet[Conversation]:
    """Her first nine open conversations in the order in which she got them, so that a number stays where it is."""
    rows = Conversation.objects.open().visible_to(user).filter(assignee=user).select_related("contact")
    return rows.order_by(F("assigned_at").asc(nulls_first=True), "id")[:KEYS]
