"""Giving a conversation to a colleague or a team, with a note that stands in the thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from conversations import hints
from conversations.errors import AlreadyTaken, ConversationClosed, TransferImpossible
from conversations.models import Conversation, ConversationEvent, Team, TeamMember
from conversations.services.handling import conversations, following, holds, noting, team_news
from conversations.services.people import presence
from conversations.services.people.presence import Person
from tenants.accounts.models import User
from tenants.accounts.roles import Permission, Role, allows

ASSIGNED = "assigned"  # the name of the hint to whom a conversation was given
ANSWERING = [role for role in Role if allows(role, Permission.MESSAGE_SEND)]


@dataclass(frozen=True, slots=True)
class Transfer:
    """Where it goes: one of person and team. ``follow``: the giver wants to hear how it goes on."""

    person: User | None = None
    team: Team | None = None
    note: str = ""
    follow: bool = False


def people_for(conversation: Conversation, *, but: User | None = None) -> list[Person]:
    """Who may get this conversation: may answer, cleared when it is sensitive; who is there and free comes first."""
    found = [one for one in presence.everybody() if may_get(conversation, user=one.user)]
    others = [one for one in found if but is None or one.user.pk != but.pk]
    return sorted(others, key=lambda one: (not one.available, one.full, one.load, one.user.name.casefold()))


def teams_for(conversation: Conversation) -> Sequence[Team]:
    """Teams in which somebody may answer this conversation."""
    members = TeamMember.objects.filter(user__is_active=True, user__role__in=ANSWERING).select_related("user", "team")
    rows = [member.team for member in members if may_get(conversation, user=member.user)]
    return sorted({team.pk: team for team in rows}.values(), key=lambda team: team.name.casefold())


def may_get(conversation: Conversation, *, user: User) -> bool:
    """Whether somebody may answer this conversation: nobody gets what she may not see."""
    return user.may(Permission.MESSAGE_SEND) and (user.cleared or not conversation.sensitive)


@transaction.atomic
def transfer(conversation: Conversation, *, by: User, to: Transfer) -> Conversation:
    """Give it to a person, or to a team whose members see it unassigned; what was snoozed wakes up.

    Somebody else's may be given away by her, and by those who may assign.

    Raises  AlreadyTaken, ConversationClosed, TransferImpossible, TextInvalid
    """
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    if conversation.status == Conversation.Status.CLOSED:
        raise ConversationClosed
    if conversation.assignee_id not in (None, by.pk) and not by.may(Permission.CONVERSATION_ASSIGN):
        raise AlreadyTaken
    _check(conversation, to)
    if to.note.strip():
        noting.write(conversation, author=by, body=to.note)
    if conversation.hold == Conversation.Hold.SNOOZED:
        holds.end(conversation, by=by)
        conversation.refresh_from_db(fields=["hold", "hold_since", "hold_until"])
    _hand(conversation, by=by, to=to)
    if to.follow:
        following.follow(conversation, by=by)
    return conversation


def _check(conversation: Conversation, to: Transfer) -> None:
    if (to.person is None) == (to.team is None):
        raise TransferImpossible(_("Choose a person or a team."))
    if to.person is not None and not (may_get(conversation, user=to.person) and _may_enter(to.person)):
        raise TransferImpossible
    if to.team is not None and to.team not in teams_for(conversation):
        raise TransferImpossible(_("Nobody in this team may answer this conversation. Choose another one."))


def _may_enter(user: User) -> bool:
    """Of the agency's people only those whose door here is open."""
    return bool(presence.everybody(only=[user.pk])) if user.staff_id else True


def _hand(conversation: Conversation, *, by: User, to: Transfer) -> None:
    if to.team is not None:
        conversation.team = to.team
        conversation.save(update_fields=["team"])
    held_by = str(conversation.assignee_id) if conversation.assignee_id else None
    conversations.assign(conversation, to=to.person)
    told = {"person": to.person.name} if to.person else {"team": to.team.name if to.team else ""}
    conversations.note_event(conversation, ConversationEvent.Kind.TRANSFERRED, actor=by, taken_from=held_by, **told)
    conversations.changed(conversation)
    following.tell([conversation.pk], but=by)
    if to.person is not None and to.person.pk != by.pk:
        hints.tell(ASSIGNED, [to.person.pk], [conversation.pk])
    if to.team is not None:
        team_news.tell(to.team, [conversation], by=by)
