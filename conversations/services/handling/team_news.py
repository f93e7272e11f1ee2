"""A team hears that conversations were given to it: whoever of it is there, and may see them."""

from collections.abc import Sequence
from uuid import UUID

from conversations import hints
from conversations.models import Conversation, InboxSettings, Team, TeamMember
from conversations.services.people import presence
from tenants.accounts.models import User

TEAMED = "teamed"  # the hint's name
FOR_OTHERS = (Conversation.Hold.CUSTOMER, Conversation.Hold.CLIENT)  # a snooze ends when a team gets it


def tell(team: Team, rows: Sequence[Conversation], *, by: User) -> None:
    """Hint to everybody in the team who takes conversations now, busy or not, except who gave them; after the commit.

    Who paused or is away finds them in the team's view. What is given out by itself is told to whoever gets it.
    rows  of the entered company
    """
    if team.auto_assign or InboxSettings.load().auto_assign:
        rows = [row for row in rows if row.waiting_since is None or row.hold in FOR_OTHERS]
    if not rows:
        return
    members = TeamMember.objects.filter(team=team).exclude(user=by).values_list("user", flat=True)
    there = [person.user for person in presence.everybody(only=list(members)) if person.available]
    told: dict[tuple[UUID, ...], list[UUID]] = {}
    for user in there:
        seen = tuple(row.pk for row in rows if user.cleared or not row.sensitive)
        told.setdefault(seen, []).append(user.pk)
    for ids, people in told.items():  # at most two: the cleared see all of them
        hints.tell(TEAMED, people, ids)
