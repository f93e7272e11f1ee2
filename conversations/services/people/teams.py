"""Teams of a company: who answers what, who leads, and whether all of them are cleared."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations import hints
from conversations.models import Conversation, Team, TeamMember
from conversations.services import summary
from conversations.services.people import duty_marks
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError


class TeamNameTaken(DomainError):
    code = "team_name_taken"
    http_status = 422
    user_message = _("There is a team with this name.")


class NotAllCleared(DomainError):
    code = "not_all_cleared"
    http_status = 422
    user_message: str | Promise = _(
        "A team is cleared as a whole when everybody in it is cleared. Not cleared: %(names)s."
    )

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self.user_message = str(self.user_message) % {"names": ", ".join(names)}


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What a team is; ``members`` are User.ids, ``leads`` those of them who hear of trouble."""

    name: str
    skills: list[str]
    languages: list[str]
    auto_assign: bool
    cleared_as_a_whole: bool
    members: frozenset[UUID]
    leads: frozenset[UUID]


@transaction.atomic
def create(facts: TeamFacts, *, by: User, request: HttpRequest | None = None) -> Team:
    """Raises TeamNameTaken, NotAllCleared."""
    team = Team(name=facts.name)
    _write(team, facts)
    audit.record("team.created", actor=by, subject=team, request=request, name=team.name, people=len(facts.members))
    return team


@transaction.atomic
def change(team: Team, facts: TeamFacts, *, by: User, request: HttpRequest | None = None) -> Team:
    """Raises TeamNameTaken, NotAllCleared."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    before = set(team.members.values_list("user_id", flat=True))
    changed = _changed(team, facts, before)
    _write(team, facts)
    joined, left = facts.members - before, before - facts.members
    audit.record(
        "team.changed",
        actor=by,
        subject=team,
        request=request,
        fields=changed,
        joined=len(joined),
        left=len(left),
    )
    return team


@transaction.atomic
def delete(team: Team, *, by: User, request: HttpRequest | None = None) -> None:
    """The team's conversations go on without one."""
    ids = list(Conversation.objects.open().filter(team=team).values_list("pk", flat=True))
    audit.record("team.deleted", actor=by, subject=team, request=request, name=team.name)
    team.delete()
    if ids:
        summary.refresh(ids)
        hints.conversations_changed(ids)


def drop_lapsed() -> int:
    """Teams in which somebody is no longer cleared are not cleared as a whole any more; tells how many."""
    dropped = 0
    for team in Team.objects.filter(cleared_as_a_whole=True):
        if _uncleared(team.members.values_list("user_id", flat=True)):
            dropped += Team.objects.filter(pk=team.pk, cleared_as_a_whole=True).update(cleared_as_a_whole=False)
            audit.record("team.clearance_lapsed", subject=team, name=team.name)
    return dropped


def _write(team: Team, facts: TeamFacts) -> None:
    if facts.cleared_as_a_whole and (names := _uncleared(facts.members)):
        raise NotAllCleared(names)
    team.name, team.skills, team.languages = facts.name, facts.skills, facts.languages
    team.auto_assign, team.cleared_as_a_whole = facts.auto_assign, facts.cleared_as_a_whole
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as error:
        raise TeamNameTaken from error
    team.members.exclude(user__in=facts.members).delete()
    for user_id in facts.members:
        TeamMember.objects.update_or_create(team=team, user_id=user_id, defaults={"leads": user_id in facts.leads})
    duty_marks.here(duty_marks.ASSIGN, duty_marks.DUTY)


def _changed(team: Team, facts: TeamFacts, before: set[UUID]) -> list[str]:
    names = ("name", "skills", "languages", "auto_assign", "cleared_as_a_whole")
    changed = [name for name in names if getattr(team, name) != getattr(facts, name)]
    leads = set(team.members.filter(leads=True).values_list("user_id", flat=True))
    return changed + (["leads"] if leads != facts.leads else []) + (["members"] if before != facts.members else [])


def _uncleared(user_ids: Iterable[UUID]) -> list[str]:
    people = User.objects.filter(pk__in=list(user_ids), is_active=True).order_by("name")
    return [user.name for user in people if not user.cleared]
