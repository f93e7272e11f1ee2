"""Who has a conversation in view and who types in it, for a few seconds at a time.

Kept in Valkey and nowhere else: one hash per conversation with a moment until which each person counts. Without Valkey
nobody is shown, and nothing waits for it.
"""

import time
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from redis.exceptions import RedisError

from conversations import hints
from conversations.models import Conversation
from tenants import wake
from tenants.accounts.models import User
from tenants.context import current_schema

LOOKING, REPLY, NOTE, GONE = "looking", "reply", "note", "gone"
STATES = (LOOKING, REPLY, NOTE, GONE)
SECONDS = 25  # a page says that it is there every ten seconds
HINT = "watching"
MOST = 50


@dataclass(frozen=True, slots=True)
class Watcher:
    """A colleague with the conversation in view; ``state``: looking, or typing a reply or a note."""

    user: User
    state: str

    @property
    def types(self) -> bool:
        return self.state != LOOKING


def note(conversation: Conversation, *, by: User, state: str) -> list[Watcher]:
    """Say that somebody looks, types or leaves; gives the others. Pages hear of it only when something changed."""
    now = time.time()
    key, me = _key(conversation.pk), str(by.pk)
    found = _exchange(key, me, "" if state == GONE else f"{state}:{now + SECONDS:.0f}")
    seen = _alive(found, now=now)
    if seen.pop(me, GONE) != state:
        hints.publish_here(HINT, [conversation.pk])
    return _people(seen)


def others(conversation: Conversation, *, but: User) -> list[Watcher]:
    """Who else has it in view now."""
    seen = _alive(_exchange(_key(conversation.pk)), now=time.time())
    seen.pop(str(but.pk), None)
    return _people(seen)


def _exchange(key: str, field: str = "", value: str = "") -> dict[bytes, bytes]:
    """What the hash held, and in the same round trip the new value of one field; empty deletes it."""
    if wake.away():
        return {}
    try:
        with wake.client().pipeline(transaction=False) as pipe:
            pipe.hgetall(key)
            if field and value:
                pipe.hset(key, field, value)
                pipe.expire(key, 2 * SECONDS)
            elif field:
                pipe.hdel(key, field)
            found: dict[bytes, bytes] = pipe.execute()[0]
    except (RedisError, OSError):
        wake.trip()
        return {}
    return found


def _alive(found: dict[bytes, bytes], *, now: float) -> dict[str, str]:
    """State by person, of those whose time is not over."""
    seen: dict[str, str] = {}
    for person, told in list(found.items())[:MOST]:
        state, _colon, until = told.decode().partition(":")
        if state in STATES and until.isdecimal() and int(until) > now:
            seen[person.decode()] = state
    return seen


def _people(seen: dict[str, str]) -> list[Watcher]:
    if not seen:
        return []
    rows = User.objects.filter(pk__in=[UUID(pk) for pk in seen], is_active=True).order_by("name")
    return [Watcher(user, seen[str(user.pk)]) for user in rows]


def _key(conversation_id: UUID) -> str:
    return f"balie:{settings.INSTALLATION}:watching:{current_schema()}:{conversation_id}"
