"""What somebody has written and not sent, kept on the server so that any of her devices goes on with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from conversations.errors import TextInvalid
from conversations.models import Conversation, Draft
from tenants.accounts.models import User

MAX_CHARS = 8192
LONGEST_AGO = timedelta(days=1)  # how far back a page may say that it was typed


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a draft.

    draft     what the server has now; None when there is nothing
    newer     another device wrote later, so that what came was not kept
    replaced  what came took the place of what another device wrote at this time
    """

    draft: Draft | None = None
    newer: bool = False
    replaced: datetime | None = None


@transaction.atomic
def keep(
    conversation: Conversation,
    *,
    user: User,
    mode: str,
    body: str,
    quoting: UUID | None = None,
    typed_at: datetime | None = None,
    known_at: datetime | None = None,
) -> Kept:
    """Keep a draft; an empty one goes. Of two devices the one that was typed on last wins.

    typed_at  when it was typed; now, when nothing is said
    known_at  ``changed_at`` of the draft that the page has seen; another one comes from another device
    Raises    TextInvalid
    """
    if len(body) > MAX_CHARS:
        raise TextInvalid
    now = timezone.now()
    typed_at = min(max(typed_at or now, now - LONGEST_AGO), now)
    there = (
        Draft.objects.select_for_update(of=("self",)).filter(conversation=conversation, user=user, mode=mode).first()
    )
    foreign = there is not None and there.changed_at != known_at and there.body != body
    if there is not None and foreign and there.changed_at > typed_at:
        return Kept(there, newer=True)
    replaced = there.changed_at if there is not None and foreign else None
    if not body.strip() and quoting is None:
        Draft.objects.filter(conversation=conversation, user=user, mode=mode).delete()
        return Kept(replaced=replaced)
    draft, _made = Draft.objects.update_or_create(
        conversation=conversation,
        user=user,
        mode=mode,
        defaults={"body": body.replace("\x00", "\ufffd"), "quoting": quoting, "changed_at": typed_at},
    )
    return Kept(draft, replaced=replaced)


def of(conversation: Conversation, *, user: User) -> dict[str, Draft]:
    """A person's drafts in one conversation, by mode."""
    return {draft.mode: draft for draft in Draft.objects.filter(conversation=conversation, user=user)}


def forget(
    conversation: Conversation, *, user: User, mode: str, until: datetime | None = None, words: str = ""
) -> None:
    """What was written has left; a draft that was typed after ``until`` is the next one and stays.

    words  what left: a draft of just that is none, however late a slow connection made it seem
    """
    for draft in Draft.objects.filter(conversation=conversation, user=user, mode=mode):
        if until is None or draft.changed_at <= until or (words and draft.body.split() == words.split()):
            draft.delete()
