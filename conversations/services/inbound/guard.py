"""Looks at what a batch brings before anybody sees it: hides, sets apart, sees danger. Few statements, often none."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone

from conversations import guard_policy, hints
from conversations.detectors import Hit, following, scan
from conversations.detectors.danger import DangerWords
from conversations.detectors.hit import whole
from conversations.detectors.parts import InParts
from conversations.guard_policy import Action, Policy
from conversations.models import ConversationEvent, InboxSettings, Message
from conversations.own_identifiers import Own
from conversations.services.guard import guarding
from conversations.services.inbound import before
from conversations.services.inbound.before import Said
from conversations.services.inbound.items import Outcome
from conversations.services.people import duty_marks
from conversations.shown import shown_text
from tenants import bulk, work
from tenants.ids import uuid7

Kind = ConversationEvent.Kind
ANSWERS = frozenset({"interactive", "button"})
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
    return _danger_words(orjson.dumps(lists)) if lists else DangerWords({}, {})


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
        self._before: dict[UUID, list[Said]] = {}
        self._earlier: dict[UUID, list[list[Any]]] = {}  # masks in messages that are stored, by message

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

    def prepare(self, rows: Sequence[bulk.Row]) -> None:
        """Learn what was said before those rows whose meaning may lie there."""
        self._before = before.of(rows)

    def look(self, row: bulk.Row, *, danger: bool = False, file: bulk.Row | None = None) -> None:
        """Look at one message's row: its ``masks`` are set, what is to be written is remembered.

        danger  whether danger words count: in what people write now, not in the past nor in what we wrote
        file    the row of its file, whose name is changed where it holds what nobody may read
        """
        body: str = row["body"]
        hits = self._hits(body)
        named, parted = self._hits_by_context(row, hits)
        hits += [*named, *(found.last for found, _said in parted)]
        row["masks"] = guarding.masks_of(hits, self._policy) or None if hits else None
        with_terms = self._settings.term_lists
        inside = guarding.look_into(row["content"], with_terms=with_terms) if row["content"] else []
        inside = guarding.not_own(inside, self._own) if inside else []
        hidden = [(text, hit) for text, hit in inside if self._policy.incoming(hit) == Action.MASKED]
        if hidden:
            row["masks"] = [*(row["masks"] or []), *guarding.content_marks(hidden)]
        alone = hits[: len(hits) - len(parted)]
        self._remember(row, [(body, hit) for hit in alone] + inside + self._name_of(file))
        for found, said in parted:
            self._remember_parts(row, found, said)
        if danger and self._danger_words and (words := self._danger_words.find(_said_in(row))):
            self._danger.setdefault(row["conversation_id"], (row, words))

    def _hits_by_context(
        self, row: bulk.Row, known: Sequence[Hit]
    ) -> tuple[list[Hit], list[tuple[InParts, list[Said]]]]:
        """What the messages before say that it is, and numbers that begin in them."""
        said = self._before.get(row["id"])
        if not said:
            return [], []
        body: str = row["body"]
        bodies = [one.body for one in said]
        same = before.of_the_same(said, row)
        parted = [
            (found, same)
            for found in following.in_parts(body, [one.body for one in same], bodies)
            if _is_free(found.last, known) and self._own.without(found.text, [found.hit])
        ]
        taken = [*known, *(found.last for found, _same in parted)]
        named = [hit for hit in following.named(body, bodies) if _is_free(hit, taken)]
        return (self._own.without(body, named) if named else []), parted

    def _remember_parts(self, row: bulk.Row, found: InParts, said: Sequence[Said]) -> None:
        """One number over several messages: the finding stands at the newest, and its parts with it."""
        self._remember(row, [(row["body"], found.last)])
        newest = self._findings[-1]
        for which, start, end in found.earlier:
            part, mask = said[which], [start, end, found.hit.detector]
            hit = whole(start, end, detector=found.hit.detector, confidence=found.hit.confidence)
            self._findings.append(self._finding(part, part.body, hit) | {"part_of_id": newest["id"]})
            if part.row is not None:
                known = part.row["masks"] or []
                part.row["masks"] = known if mask in known else sorted([*known, mask])
            else:
                self._earlier.setdefault(part.id, []).append(mask)

    def _name_of(self, file: bulk.Row | None) -> list[tuple[str, Hit]]:
        """Findings in the name of a file, which loses them for good: the file itself stays as it is."""
        name: str = file["filename"] if file else ""
        if not file or not name:
            return []
        found = self._own.without(name, hits) if (hits := scan(name, with_terms=False)) else []
        hidden = [hit for hit in found if self._policy.incoming(hit) == Action.MASKED]
        file["filename"] = shown_text(name, [[hit.hide_start, hit.hide_end] for hit in hidden])[:255]
        return [(name, hit) for hit in hidden]

    def _remember(self, row: bulk.Row, found: list[tuple[str, Hit]]) -> None:
        about = Said(row["id"], row["conversation_id"], str(row["direction"]), row["body"], row["at"])
        for text, hit in found[: guarding.MAX_FINDINGS]:
            finding = self._finding(about, text, hit)
            self._findings.append(finding)
            if self._policy.is_for_the_cleared(hit):
                self._apart.add(row["conversation_id"])
            if finding["action"] == Action.MASKED:
                self._seen.setdefault(row["id"], {"row": row, "detectors": set()})["detectors"].add(hit.detector)
                self._purges = self._purges or guard_policy.is_purged(hit.detector)

    def _finding(self, about: Said, text: str, hit: Hit) -> bulk.Row:
        return guarding.finding_row(
            hit,
            text,
            conversation_id=about.conversation_id,
            message_id=about.id,
            action=self._policy.incoming(hit),
            at=timezone.now(),
            outbound=about.direction == "out",
        )

    def write(self, outcome: Outcome) -> None:
        """Store findings, set conversations apart, raise danger; in the batch's transaction, behind its messages."""
        if not self._findings and not self._danger:
            return
        self._write_earlier()
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

    def _write_earlier(self) -> None:
        """Hide the first parts of numbers in messages that are stored already."""
        stored = Message.objects.filter(pk__in=self._earlier).order_by("pk").select_for_update(of=("self",))
        for message in stored if self._earlier else []:
            known = message.masks or []
            message.masks = sorted([*known, *(mask for mask in self._earlier[message.pk] if mask not in known)])
            message.save(update_fields=["masks"])

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


def _is_free(hit: Hit, known: Sequence[Hit]) -> bool:
    return all(hit.end <= one.start or one.end <= hit.start for one in known)


def _said_in(row: bulk.Row) -> str:
    """What somebody wrote or chose: the text, the answers of a form. Names on a card or a map say nothing of danger."""
    chosen = guarding.texts_in(row["content"]) if row["content"] and row.get("type") in ANSWERS else []
    return "\n".join([row["body"], *chosen])


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
