"""Looks at what a batch brings before anybody sees it: hides, sets apart, sees danger. Few statements, often none."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone

from conversations import guard_policy, hints
from conversations.detectors import Hit, scan
from conversations.detectors.danger import DangerWords
from conversations.guard_policy import Action, Policy
from conversations.models import ConversationEvent, InboxSettings
from conversations.own_identifiers import Own
from conversations.services import duty_marks, guarding
from conversations.services.inbound.items import Outcome
from conversations.shown import CONTENT
from tenants import bulk, work
from tenants.ids import uuid7

Kind = ConversationEvent.Kind
PURGE, DANGER = "purge", "danger"  # housekeeping: originals go; leads are told
SET_APART = """
UPDATE conversations_conversation SET sensitive = true, version = version + 1
WHERE id = ANY(%s::uuid[]) AND NOT sensitive
"""
IN_DANGER = """
UPDATE conversations_conversation AS c SET danger_at = news.at, version = version + 1
FROM json_to_recordset(%s::json) AS news (id uuid, at timestamptz)
WHERE c.id = news.id AND c.danger_at IS NULL RETURNING c.id
"""


@lru_cache(maxsize=64)
def _danger_words(lists: bytes) -> DangerWords:
    return DangerWords.of(orjson.loads(lists))


def danger_words(settings: InboxSettings) -> DangerWords:
    """A company's danger words, prepared once."""
    lists = settings.danger_words if isinstance(settings.danger_words, dict) else {}
    return _danger_words(orjson.dumps(lists)) if lists else DangerWords({}, ())


class Guard:
    """Collects findings while a batch places its messages; ``write`` stores them behind the messages.

    The company's class and people are read only when something was found.
    """

    def __init__(self, settings: InboxSettings) -> None:
        self._settings = settings
        self._danger_words = danger_words(settings)
        self._known_policy: Policy | None = None
        self._known_own: Own | None = None
        self._findings: list[bulk.Row] = []
        self._seen: dict[UUID, dict[str, Any]] = {}  # events by message
        self._apart: set[UUID] = set()
        self._danger: dict[UUID, tuple[bulk.Row, list[str]]] = {}
        self._purges = False

    @property
    def _policy(self) -> Policy:
        if self._known_policy is None:
            self._known_policy = guarding.policy(self._settings)
        return self._known_policy

    @property
    def _own(self) -> Own:
        if self._known_own is None:
            self._known_own = guarding.own(self._settings)
        return self._known_own

    def _hits(self, body: str) -> list[Hit]:
        found = scan(body, with_terms=self._settings.term_lists) if body else []
        return self._own.without(body, found) if found else []

    def look(self, row: bulk.Row, *, danger: bool = False) -> None:
        """Look at one message's row: its ``masks`` are set, what is to be written is remembered.

        danger  whether danger words count: in what people write now, not in the past nor in what we wrote
        """
        body: str = row["body"]
        hits = self._hits(body)
        row["masks"] = guarding.masks_of(hits, self._policy) or None if hits else None
        inside = guarding.look_into(row["content"]) if row["content"] else []
        inside = guarding.not_own(inside, self._own) if inside else []
        if any(self._policy.incoming(hit) == Action.MASKED for _text, hit in inside):
            row["masks"] = [*(row["masks"] or []), [0, 0, CONTENT]]
        self._remember(row, [(body, hit) for hit in hits] + inside)
        if danger and body and self._danger_words and (words := self._danger_words.find(body)):
            self._danger.setdefault(row["conversation_id"], (row, words))

    def masks(self, body: str) -> list[list[Any]] | None:
        """What to hide in a text that becomes part of a message already known."""
        hits = self._hits(body)
        return (guarding.masks_of(hits, self._policy) or None) if hits else None

    def _remember(self, row: bulk.Row, found: list[tuple[str, Hit]]) -> None:
        outbound = row["direction"] == "out"
        for text, hit in found[: guarding.MAX_FINDINGS]:
            action = self._policy.incoming(hit)
            finding = guarding.finding_row(
                hit,
                text,
                conversation_id=row["conversation_id"],
                message_id=row["id"],
                action=action,
                at=timezone.now(),
                outbound=outbound,
            )
            self._findings.append(finding)
            if self._policy.is_for_the_cleared(hit):
                self._apart.add(row["conversation_id"])
            if action == Action.MASKED:
                self._seen.setdefault(row["id"], {"row": row, "detectors": set()})["detectors"].add(hit.detector)
                self._purges = self._purges or guard_policy.is_purged(hit.detector)

    def write(self, outcome: Outcome) -> None:
        """Store findings, set conversations apart, raise danger; in the batch's transaction, behind its messages."""
        if not self._findings and not self._danger:
            return
        guarding.keep(self._findings)
        events = [
            _event(seen["row"], Kind.SENSITIVE_SEEN, detectors=sorted(seen["detectors"]))
            for seen in self._seen.values()
        ]
        if self._apart:
            with connection.cursor() as cursor:
                cursor.execute(SET_APART, [list(self._apart)])
            duty_marks.here(duty_marks.DUTY)  # is anybody cleared there?
        fresh = self._raise_danger() if self._danger else set()
        events += [
            _event(row, Kind.DANGER_SEEN, words=words) for pk, (row, words) in self._danger.items() if pk in fresh
        ]
        bulk.insert(ConversationEvent, events)
        if self._purges:
            work.mark(work.Kind.HOUSEKEEPING, key=PURGE, due_at=timezone.now() + guard_policy.PURGE_AFTER)
        outcome.conversations.update(finding["conversation_id"] for finding in self._findings)
        outcome.conversations.update(self._danger)

    def _raise_danger(self) -> set[UUID]:
        rows = [{"id": pk, "at": row["at"]} for pk, (row, _words) in self._danger.items()]
        with connection.cursor() as cursor:
            cursor.execute(IN_DANGER, [bulk.dump(rows)])
            fresh = {row[0] for row in cursor.fetchall()}
        for pk in fresh:
            work.mark(work.Kind.HOUSEKEEPING, key=f"{DANGER}:{pk}")
        if fresh:
            hints.dangers_changed(fresh)
        return fresh


def _event(row: bulk.Row, kind: Kind, **data: Any) -> bulk.Row:
    at: datetime = row["at"]
    return {
        "id": uuid7(),
        "channel_id": row["channel_id"],
        "conversation_id": row["conversation_id"],
        "kind": kind,
        "at": at,
        "data": {"message_id": str(row["id"]), **data},
    }
