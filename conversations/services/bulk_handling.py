"""What people do with many conversations at once: each by the service that does it for one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conversations.errors import AlreadyTaken
from conversations.models import Conversation, Label, Team
from conversations.services import closing, conversations, holds, labels, transfers
from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

MOST = 200


class NothingToDo(DomainError):
    code = "nothing_to_do"
    http_status = 422
    user_message = _("Choose what to do, and with what.")


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do with each: ``act`` is take, release, give, label, unlabel, snooze, close or read."""

    act: str
    person: User | None = None
    team: Team | None = None
    label: Label | None = None
    until: datetime | None = None
    reason: str = ""


@dataclass(slots=True)
class Result:
    """How many were done, and of the others who they are and why not."""

    done: list[UUID] = field(default_factory=list)
    refused: list[tuple[Conversation, str]] = field(default_factory=list)


def carry_out(task: Task, *, ids: Sequence[UUID], by: User) -> Result:
    """Do it with each conversation that this person may see; one that refuses does not stop the others.

    Raises  NothingToDo when the task is not complete
    """
    act = ACTS.get(task.act)
    if act is None or not _complete(task):
        raise NothingToDo
    found = Conversation.objects.visible_to(by).select_related("contact").in_bulk(ids[:MOST])
    result = Result()
    for pk in ids[:MOST]:
        row = found.get(pk)
        if row is None:
            continue
        try:
            with transaction.atomic():
                act(row, task, by)
        except DomainError as refusal:
            result.refused.append((row, str(refusal.user_message)))
        else:
            result.done.append(pk)
    return result


def _complete(task: Task) -> bool:
    match task.act:
        case "give":
            return (task.person is None) != (task.team is None)
        case "label" | "unlabel":
            return task.label is not None
    return True


def _take(row: Conversation, task: Task, by: User) -> None:
    conversations.take(row, by=by, from_holder=row.assignee_id if by.may(Permission.CONVERSATION_ASSIGN) else None)


def _release(row: Conversation, task: Task, by: User) -> None:
    if row.assignee_id not in (None, by.pk) and not by.may(Permission.CONVERSATION_ASSIGN):
        raise AlreadyTaken
    conversations.release(row, by=by)


def _give(row: Conversation, task: Task, by: User) -> None:
    transfers.transfer(row, by=by, to=transfers.Transfer(person=task.person, team=task.team))


def _label(row: Conversation, task: Task, by: User) -> None:
    assert task.label is not None  # noqa: S101  _complete asks for it
    labels.put_on(row, task.label, by=by)


def _unlabel(row: Conversation, task: Task, by: User) -> None:
    assert task.label is not None  # noqa: S101  _complete asks for it
    labels.take_off(row, task.label, by=by)


def _snooze(row: Conversation, task: Task, by: User) -> None:
    holds.hold(row, by=by, kind=Conversation.Hold.SNOOZED, until=task.until)


def _close(row: Conversation, task: Task, by: User) -> None:
    closing.close(row, by=by, reason=task.reason)


def _read(row: Conversation, task: Task, by: User) -> None:
    conversations.mark_seen(row)


ACTS: dict[str, Callable[[Conversation, Task, User], None]] = {
    "take": _take,
    "release": _release,
    "give": _give,
    "label": _label,
    "unlabel": _unlabel,
    "snooze": _snooze,
    "close": _close,
    "read": _read,
}
