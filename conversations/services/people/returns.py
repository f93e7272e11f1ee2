"""Conversations come back to the queue when whoever held them is not there; the customer keeps the place in the order.

Who left gives everything back. Who went away or fell silent gives back where somebody waits for an answer; the rest
stays with her, and what is on hold until an hour after the hold ends. What is sensitive comes back from whoever may not
see it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conversations import hints
from conversations.models import Conversation, ConversationEvent
from conversations.presence_rules import FOR_GOOD, LEFT, UNCLEARED, Stand
from conversations.services import summary
from tenants import bulk
from tenants.accounts.models import User

BATCH = 500
PATIENCE = timedelta(hours=1)
GIVEN_BACK = "assignee_id = NULL, assigned_at = NULL, version = old.version + 1"


@transaction.atomic
def of_person(user: User, *, why: str) -> int:
    """Give back what she holds now: everything when she may not come back, else where somebody waits; tells how many.

    why  any word of ``presence_rules`` but UNCLEARED
    """
    held = Conversation.objects.open().filter(assignee=user)
    if why not in FOR_GOOD:
        held = held.filter(waiting_since__isnull=False, hold="")
    return _give_back(dict.fromkeys(held.values_list("pk", flat=True), (user.pk, why)))


@transaction.atomic
def of_the_gone(stands: dict[UUID, Stand], *, at: datetime, limit: timedelta) -> int:
    """Give back where somebody waits for people who are gone; tells how many.

    stands  of everybody who may answer, by User.id; a holder who is not among them left
    limit   silence that the company allows; none: any
    """
    doubtful = [pk for pk, stand in stands.items() if stand.gone(held_since=None, at=at, limit=limit)]
    held = Conversation.objects.waiting().filter(hold="").exclude(assignee=None)
    held = held.filter(Q(assignee__in=doubtful) | ~Q(assignee__in=stands))
    back: dict[UUID, tuple[UUID, str]] = {}
    for pk, holder, since in held.order_by("waiting_since").values_list("pk", "assignee_id", "assigned_at"):
        stand = stands.get(holder)
        why = LEFT if stand is None else stand.gone(held_since=since, at=at, limit=limit)
        if why:
            back[pk] = (holder, why)
    return _give_back(back)


@transaction.atomic
def of_the_woken(stands: dict[UUID, Stand], *, at: datetime, limit: timedelta) -> int:
    """Give back what woke up for people who are gone and has not been looked at for an hour; tells how many.

    Nobody waits in it, but somebody meant to go on with it: at nine, when she was to be there.
    """
    gone = {pk: why for pk, stand in stands.items() if (why := stand.gone(held_since=None, at=at, limit=limit))}
    rows = Conversation.objects.open().filter(assignee__in=gone, waiting_since=None, woke_at__lte=at - PATIENCE)
    held = rows.values_list("pk", "assignee_id")
    return _give_back({pk: (holder, gone[holder]) for pk, holder in held if holder})


@transaction.atomic
def of_the_uncleared(cleared: Iterable[UUID]) -> int:
    """Give back all that is sensitive and held by somebody who may not even see it; tells how many.

    A conversation becomes sensitive under its holder's hands, and a clearance runs out. It would be hers and nobody's.
    cleared  User.ids of everybody who may
    """
    held = Conversation.objects.open().filter(sensitive=True).exclude(assignee=None).exclude(assignee__in=list(cleared))
    return _give_back({pk: (holder, UNCLEARED) for pk, holder in held.values_list("pk", "assignee_id")})


def _give_back(back: dict[UUID, tuple[UUID, str]]) -> int:
    pending = sorted(back)
    return sum(_give_back_some(pending[start : start + BATCH], back) for start in range(0, len(pending), BATCH))


def _give_back_some(ids: list[UUID], back: dict[UUID, tuple[UUID, str]]) -> int:
    """Locked in the order that everybody locks them in; what changed hands or was answered meanwhile stays."""
    rows = Conversation.objects.open().filter(pk__in=ids).select_related("assignee").order_by("pk")
    locked = rows.select_for_update(of=("self",), no_key=True)
    held = [row for row in locked if row.assignee_id == back[row.pk][0] and _comes_back(row, back[row.pk][1])]
    if not held:
        return 0
    now, kind = timezone.now(), ConversationEvent.Kind.RETURNED
    bulk.update(Conversation, [{"id": row.pk} for row in held], changes=GIVEN_BACK)
    ConversationEvent.objects.bulk_create(
        ConversationEvent(
            channel_id=row.channel_id,
            conversation=row,
            kind=kind,
            at=now,
            data={"why": back[row.pk][1], "from": row.assignee.name if row.assignee else ""},
        )
        for row in held
    )
    changed = [row.pk for row in held]
    summary.refresh(changed)
    hints.conversations_changed(changed)
    return len(changed)


def _comes_back(row: Conversation, why: str) -> bool:
    if why == UNCLEARED:
        return row.sensitive
    return why in FOR_GOOD or (not row.hold and (row.waiting_since is not None or row.woke_at is not None))
