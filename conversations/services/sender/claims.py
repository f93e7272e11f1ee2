"""Takes the next messages of a number, one of each channel, and judges them once more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from conversations import window
from conversations.errors import (
    ConsentMissing,
    ContactOptedOut,
    FileRefused,
    LinkGone,
    LinkOtherKind,
    LinkRefused,
    LinkTooBig,
    LinkUnfit,
    LinkUnreachable,
    MarketingRests,
    NoRecipient,
    TemplateUnusable,
    WindowClosed,
)
from conversations.services.sender.database import Database
from conversations.services.sender.lease import Lease
from conversations.status import MEDIA_TYPES

MEDIA_WAIT_SECONDS = 10.0  # text after a file waits so long for its delivery: the platform keeps no order
APPROVED = "APPROVED"
LINK_PROBLEMS = frozenset(
    one.code for one in (LinkRefused, LinkUnreachable, LinkGone, LinkTooBig, LinkUnfit, LinkOtherKind)
)
CONSENTED = ("given", "confirmed")

# A channel's first message is the head: it goes only while nothing of its channel is under way or unsettled. The index
# of the outbox is read in its order until there are enough heads, with one probe per row, however long the queue is;
# a queue's statistics are always wrong, so the planner may not choose to read and sort all of it. While the platform
# slows a number's marketing down, marketing is passed over, and what stands behind it in a conversation is not held up.
CLAIM = """
SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;
SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
WITH mine AS (
    SELECT id, waba_id, coalesce(marketing_not_before > now(), false) AS marketing_rests
    FROM conversations_phonenumber
    WHERE id = %(number)s AND sender_epoch = %(epoch)s AND state = 'live'
      AND (not_before IS NULL OR not_before <= now())
    FOR SHARE
), heads AS (
    SELECT m.id, m.channel_id, m.media_id
    FROM conversations_message AS m
    WHERE m.phone_number_id = (SELECT id FROM mine) AND m.status = 10 AND m.priority <= %(priority)s
      AND (m.not_before IS NULL OR m.not_before <= now())
      AND (m.purpose <> 'marketing' OR NOT (SELECT marketing_rests FROM mine))
      AND (SELECT p.id = m.id FROM conversations_message AS p
        WHERE p.channel_id = m.channel_id AND p.status IN (10, 20, 30, 40)
          AND (p.status <> 40 OR p.not_before > now())
          AND (p.status <> 10 OR p.purpose <> 'marketing' OR NOT (SELECT marketing_rests FROM mine))
        ORDER BY p.sequence LIMIT 1)
      AND (SELECT c.not_before IS NULL OR c.not_before <= now()
        FROM conversations_channel AS c WHERE c.id = m.channel_id)
      AND (m.type = ANY(%(media_types)s) OR m.type = 'reaction' OR coalesce((
        SELECT false FROM conversations_message AS p
        WHERE p.channel_id = m.channel_id AND p.at > now() - interval '25 hours' AND p.direction = 'out'
          AND p.type = ANY(%(media_types)s) AND p.status IN (50, 60)
          AND p.accepted_at > now() - make_interval(secs => %(media_wait)s)
        LIMIT 1), true))
    ORDER BY m.priority, m.sequence
    LIMIT %(limit)s
    FOR UPDATE OF m SKIP LOCKED
)
UPDATE conversations_message AS m
SET status = 20, claimed_at = now(), sender_epoch = %(epoch)s
FROM heads AS h
JOIN conversations_channel AS c ON c.id = h.channel_id
JOIN conversations_contact AS p ON p.id = c.contact_id
LEFT JOIN conversations_mediafile AS f ON f.id = h.media_id
WHERE m.id = h.id
RETURNING m.id, m.conversation_id, m.channel_id, m.type, m.body, m.content, m.quoted_wamid, m.priority, m.sequence,
    m.purpose, m.attempts, p.wa_id, p.bsuid, p.opted_out_at,
    CASE WHEN c.refused_inbound_at IS NULL OR c.last_inbound_at > c.refused_inbound_at THEN c.last_inbound_at END,
    now(),
    CASE WHEN m.purpose = 'marketing' THEN (
        SELECT k.event FROM conversations_consentrecord AS k
        WHERE k.contact_id = p.id AND k.purpose = 'marketing' AND k.event <> 'requested'
        ORDER BY k.occurred_at DESC, k.id DESC LIMIT 1) END,
    m.purpose = 'marketing' AND EXISTS (
        SELECT 1 FROM conversations_message AS held
        WHERE held.channel_id = m.channel_id AND held.at > now() - interval '7 days'
          AND held.error_code = %(held_back)s AND held.failed_at > now() - make_interval(secs => %(rest_seconds)s)),
    CASE WHEN m.type = 'template' THEN (
        SELECT t.status FROM conversations_messagetemplate AS t
        WHERE t.waba_id = (SELECT waba_id FROM mine) AND t.name = m.content #>> '{template,name}'
          AND t.language = m.content #>> '{template,language}') END,
    f.id, f.state, f.platform_id,
    f.phone_number_id = m.phone_number_id AND f.platform_id_until > now() + interval '1 hour',
    f.storage_key, f.size, f.mime_type, f.filename, f.voice, f.problem, p.group_id
"""
GIVE_BACK = """
UPDATE conversations_message SET status = 10, claimed_at = NULL
WHERE id = ANY(%(ids)s) AND sender_epoch = %(epoch)s AND status = 20
"""
# At the end of a turn, when every answer is written down: claims whose confirmation got lost with a connection, and
# those whose mark did, so that they never left.
GIVE_BACK_REST = """
UPDATE conversations_message SET status = 10, claimed_at = NULL
WHERE phone_number_id = %(number)s AND sender_epoch = %(epoch)s
  AND (status = 20 OR (status = 30 AND id = ANY(%(unmarked)s)))
"""
INSIST_SECONDS = 5.0
HELD_BACK = 131049
ANY_PRIORITY = 100
REST_SECONDS = 24 * 3600.0


@dataclass(slots=True)
class File:
    """The file of a message. ``fresh``: the platform has it, through this number, for at least another hour."""

    id: UUID
    state: str
    platform_id: str
    fresh: bool
    storage_key: str
    size: int
    mime_type: str
    filename: str
    voice: bool
    problem: str = ""


@dataclass(slots=True)
class Claimed:
    """One message that is ours to send, with what sending needs to know."""

    id: UUID
    conversation_id: UUID
    channel_id: UUID
    type: str
    body: str
    content: dict[str, Any]
    quoted_wamid: str
    priority: int
    sequence: int
    purpose: str
    attempts: int
    wa_id: str | None
    bsuid: str | None
    opted_out_at: datetime | None
    window_opened_at: datetime | None
    claimed_at: datetime
    consent: str | None
    marketing_rests: bool
    template_status: str | None  # as we know it; None where we do not
    file: File | None = None
    group_id: str | None = None

    @property
    def is_marketing_template(self) -> bool:
        """Whether the platform counts it as marketing; what we call marketing may be a service template."""
        named = self.content.get("template")
        return self.type == "template" and isinstance(named, dict) and named.get("category") == "marketing"

    def refusal(self) -> str:
        """Why this may no longer be sent: the code of a DomainError, empty when nothing speaks against it."""
        if not (self.wa_id or self.bsuid or self.group_id):
            return NoRecipient.code
        if self.purpose == "marketing":
            if self.opted_out_at:
                return ContactOptedOut.code
            if self.consent not in CONSENTED:
                return ConsentMissing.code
            if self.marketing_rests:
                return MarketingRests.code
        if self.template_status and self.template_status.upper() != APPROVED:
            return TemplateUnusable.code
        if self.type != "template" and not window.is_open(self.window_opened_at, at=self.claimed_at):
            return WindowClosed.code
        if self.file and self.file.state not in ("pending", "stored"):
            return self.file.problem if self.file.problem in LINK_PROBLEMS else FileRefused.code
        if self.type in MEDIA_TYPES and self.file is None:
            return FileRefused.code
        return ""


async def claim(database: Database, lease: Lease, *, limit: int, priority: int = ANY_PRIORITY) -> list[Claimed]:
    """Claim up to ``limit`` messages, replies first, each the next one of its channel.

    priority  only this urgent or more so
    """
    params = (
        {"priority": priority}
        | lease.params
        | {"limit": limit, "media_types": list(MEDIA_TYPES), "media_wait": MEDIA_WAIT_SECONDS}
    )
    params |= {"held_back": HELD_BACK, "rest_seconds": REST_SECONDS}
    rows = await database.run(lease.schema_name, CLAIM, params, insist=INSIST_SECONDS)
    found = []
    for row in rows:
        one = Claimed(*row[:19])
        one.file = File(*row[19:-1]) if row[19] else None
        one.group_id = row[-1]
        found.append(one)
    found.sort(key=lambda one: (one.priority, one.sequence, one.id))
    return found


async def give_back(database: Database, lease: Lease, ids: list[UUID]) -> None:
    """Put messages back into the queue that were claimed and did not leave."""
    if ids:
        await database.run(lease.schema_name, GIVE_BACK, lease.params | {"ids": ids}, insist=INSIST_SECONDS)


async def give_back_rest(database: Database, lease: Lease, *, unmarked: list[UUID]) -> None:
    """Put back what is ours and never left, when nothing is under way any more."""
    params = lease.params | {"unmarked": unmarked}
    await database.run(lease.schema_name, GIVE_BACK_REST, params, insist=INSIST_SECONDS)
