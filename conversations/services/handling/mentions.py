"""Colleagues and teams named in a note: who it is, who hears of it, when it was seen."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from conversations import hints
from conversations.models import Conversation, Mention, Note, Team, TeamMember
from conversations.naming import folded
from tenants.accounts.models import User

MENTIONED = "mentioned"
OFFERED = 12
MOST = 50  # people that one note may call


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody, or a team, that an @ may name."""

    pk: UUID
    name: str
    is_team: bool = False


def offered(conversation: Conversation, *, by: User, search: str = "") -> list[Called]:
    """Colleagues who may see the conversation, and teams, by the letters typed so far."""
    wanted = folded(search.replace("\x00", "")[:40])
    people = [Called(user.pk, user.name) for user in _people(conversation) if user.pk != by.pk]
    teams = [Called(pk, name, is_team=True) for pk, name in Team.objects.values_list("pk", "name")]
    fit = [one for one in [*people, *teams] if _fits(one.name, wanted)]
    return sorted(fit, key=lambda one: (not folded(one.name).startswith(wanted), one.is_team, folded(one.name)))[
        :OFFERED
    ]


def call(note: Note, *, conversation: Conversation) -> list[UUID]:
    """Keep whom the note names; they hear of it after commit. In the caller's transaction."""
    if "@" not in note.body:
        return []
    people = {user.pk: user.name for user in _people(conversation)}
    teams = dict(Team.objects.values_list("pk", "name"))
    named = set(_named(note.body, {**people, **teams}))
    members = TeamMember.objects.filter(team__in=named & set(teams), user__in=people)
    called = (named & set(people)) | set(members.values_list("user_id", flat=True))
    called.discard(note.author_id)
    listed = sorted(called)[:MOST]
    Mention.objects.bulk_create(
        [Mention(note=note, conversation=conversation, user_id=pk, at=note.at) for pk in listed], ignore_conflicts=True
    )
    hints.tell(MENTIONED, listed, [conversation.pk])
    return listed


def named_in(notes: Iterable[Note]) -> dict[UUID, list[Called]]:
    """Whom each note calls, people and teams, for pages that show the notes; nothing is asked when none has an @."""
    wanted = [note.pk for note in notes if "@" in note.body]
    if not wanted:
        return {}
    teams = [Called(pk, name, is_team=True) for pk, name in Team.objects.values_list("pk", "name")]
    found: dict[UUID, list[Called]] = {pk: list(teams) for pk in wanted}
    rows = Mention.objects.filter(note__in=wanted).values_list("note_id", "user_id", "user__name")
    for note_id, user_id, name in rows:
        found[note_id].append(Called(user_id, name))
    return found


def see(conversation: Conversation, *, by: User) -> None:
    """Somebody opened the conversation: what calls her there is seen."""
    Mention.objects.filter(conversation=conversation, user=by, seen_at=None).update(seen_at=timezone.now())


def _people(conversation: Conversation) -> Iterator[User]:
    """Those who may see it; of a sensitive one the cleared only."""
    for user in User.objects.filter(Q(is_active=True), left_at=None).order_by("name"):
        if user.cleared or not conversation.sensitive:
            yield user


def _fits(name: str, wanted: str) -> bool:
    said = folded(name)
    return said.startswith(wanted) or any(word.startswith(wanted) for word in said.split())


def _named(body: str, names: dict[UUID, str]) -> Iterator[UUID]:
    """Whoever stands after an @, the longest name first, so that "Ana Maria" is not "Ana"."""
    text = folded(body)
    for pk, name in sorted(names.items(), key=lambda one: -len(one[1])):
        found = re.compile(rf"(?<!\w)@{re.escape(folded(name))}(?!\w)")
        if found.search(text):
            text = found.sub(" ", text)
            yield pk
            yield from (other for other, same in names.items() if other != pk and folded(same) == folded(name))
