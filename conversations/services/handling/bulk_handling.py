"""What people do with many conversations at once, in a fixed number of statements.

Who may do what is decided for each; one that refuses does not stop the others. Rows are locked in one order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conversations.errors import (
    AlreadyTaken,
    ClosingIncomplete,
    ConversationClosed,
    HeldByColleague,
    TransferImpossible,
)
from conversations.models import Conversation, InboxSettings, Intent, Label, Team
from conversations.services.handling import bulk_writing as writing
from conversations.services.handling import closing, holds, labels, transfers
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
    """One thing to do with each: ``act`` is take, release, give, label, unlabel, snooze, close or read.

    over    take or close also what colleagues hold: whoever asks has seen that they do
    intent  what those were about of which nobody said it yet
    """

    act: str
    person: User | None = None
    team: Team | None = None
    label: Label | None = None
    until: datetime | None = None
    reason: str = ""
    intent: Intent | None = None
    over: bool = False


@dataclass(slots=True)
class Result:
    """What became of them.

    done     as asked for, ``changed`` those that were not so before
    refused  with why not
    held     by colleagues, left as they are until it is said that this is meant too
    """

    done: list[UUID] = field(default_factory=list)
    changed: list[UUID] = field(default_factory=list)
    refused: list[tuple[Conversation, str]] = field(default_factory=list)
    held: list[Conversation] = field(default_factory=list)


@transaction.atomic
def carry_out(task: Task, *, ids: Sequence[UUID], by: User) -> Result:
    """Do it with the conversations that this person may see.

    Raises  NothingToDo when the task is not complete, HoldInvalid
    """
    if task.act not in CHECKS or not _complete(task):
        raise NothingToDo
    if task.act == "snooze":
        holds.check(Conversation.Hold.SNOOZED, until=task.until)
    rows = Conversation.objects.visible_to(by).filter(pk__in=ids[:MOST]).select_related("contact", "assignee")
    found = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))
    asked, result, changing = _Asked(task, by), Result(), []
    for row in found:
        try:
            changes = CHECKS[task.act](asked, row)
        except HeldByColleague:
            result.held.append(row)
        except DomainError as refusal:
            result.refused.append((row, str(refusal.user_message)))
        else:
            result.done.append(row.pk)
            changing += [row] if changes else []
    if changing:
        _write(task, changing, by=by)
        result.changed = [row.pk for row in changing]
    return result


class _Asked:
    """Looks at one conversation after the other: whether the task changes it; refusals are raised."""

    def __init__(self, task: Task, by: User) -> None:
        self._task, self._by = task, by
        self._may_assign = by.may(Permission.CONVERSATION_ASSIGN)

    def take(self, row: Conversation) -> bool:
        _open(row)
        if row.assignee_id in (None, self._by.pk):
            return row.assignee_id is None
        self._not_anothers(row)
        if not self._task.over:
            raise HeldByColleague
        return True

    def release(self, row: Conversation) -> bool:
        _open(row)
        self._not_anothers(row)
        return row.assignee_id is not None

    def give(self, row: Conversation) -> bool:
        _open(row)
        self._not_anothers(row)
        person, team = self._task.person, self._task.team
        teams = self._teams_of_the_cleared if row.sensitive else self._teams
        if person is not None and not transfers.may_get(row, user=person):
            raise TransferImpossible
        if team is not None and team.pk not in teams:
            raise TransferImpossible(_("Nobody in this team may answer this conversation. Choose another one."))
        return True

    def label(self, row: Conversation) -> bool:
        if self._label.pk in row.labels:
            return False
        if len(row.labels) >= labels.MOST_ON_ONE:
            raise labels.TooManyLabels
        return True

    def unlabel(self, row: Conversation) -> bool:
        return self._label.pk in row.labels

    def snooze(self, row: Conversation) -> bool:
        _open(row)
        return (row.hold, row.hold_until) != (Conversation.Hold.SNOOZED, self._task.until)

    def close(self, row: Conversation) -> bool:
        if row.status == Conversation.Status.CLOSED:
            return False
        closing.check_danger(row)
        if self._reasons and self._task.reason not in self._reasons:
            raise ClosingIncomplete("reason")
        if self._settings.close_needs_intent and row.intent_id is None and self._task.intent is None:
            raise ClosingIncomplete("intent")
        if row.assignee_id not in (None, self._by.pk) and not self._task.over:
            raise HeldByColleague
        return True

    def read(self, row: Conversation) -> bool:
        return row.unread_count > 0 or (row.woke_at is not None and row.assignee_id in (None, self._by.pk))

    def _not_anothers(self, row: Conversation) -> None:
        if row.assignee_id not in (None, self._by.pk) and not self._may_assign:
            raise AlreadyTaken

    @property
    def _label(self) -> Label:
        assert self._task.label is not None  # noqa: S101  _complete asks for it
        return self._task.label

    @cached_property
    def _settings(self) -> InboxSettings:
        return InboxSettings.load()

    @cached_property
    def _reasons(self) -> list[str]:
        return closing.reasons(self._settings)

    @cached_property
    def _teams(self) -> set[UUID]:
        return {team.pk for team in transfers.teams_for(Conversation(sensitive=False))}

    @cached_property
    def _teams_of_the_cleared(self) -> set[UUID]:
        return {team.pk for team in transfers.teams_for(Conversation(sensitive=True))}


def _open(row: Conversation) -> None:
    if row.status == Conversation.Status.CLOSED:
        raise ConversationClosed


def _complete(task: Task) -> bool:
    match task.act:
        case "give":
            return (task.person is None) != (task.team is None)
        case "label" | "unlabel":
            return task.label is not None
    return True


def _write(task: Task, rows: list[Conversation], *, by: User) -> None:
    match task.act:
        case "take":
            writing.take(rows, by=by)
        case "release":
            writing.release(rows, by=by)
        case "give":
            writing.give(rows, by=by, person=task.person, team=task.team)
        case "label" | "unlabel" if task.label is not None:
            writing.label(rows, task.label, by=by, put=task.act == "label")
        case "snooze":
            writing.snooze(rows, by=by, until=task.until)
        case "close":
            writing.close(rows, by=by, reason=task.reason, intent=task.intent)
        case "read":
            writing.read(rows, by=by)


CHECKS: dict[str, Callable[[_Asked, Conversation], bool]] = {
    "take": _Asked.take,
    "release": _Asked.release,
    "give": _Asked.give,
    "label": _Asked.label,
    "unlabel": _Asked.unlabel,
    "snooze": _Asked.snooze,
    "close": _Asked.close,
    "read": _Asked.read,
}
