"""The lease on a number: its holder is the one sender for it, by the database's clock."""

import logging
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from conversations.services.sender.database import Database
from conversations.whatsapp.credentials import Credentials
from tenants.secrets import decrypt

logger = logging.getLogger(__name__)

LEASE_SECONDS = 8.0
RENEW_SECONDS = 2.0
TAKE_SECONDS = 3.0
UNKNOWN_BLOCKS_SECONDS = 60.0

TAKE = """
UPDATE conversations_phonenumber AS number
SET sender_id = %(me)s, sender_epoch = number.sender_epoch + 1,
    sender_until = clock_timestamp() + make_interval(secs => %(seconds)s)
FROM public.tenants_metaapp AS app
WHERE number.id = %(number)s AND app.id = number.meta_app_id
  AND (number.sender_until IS NULL OR number.sender_until < clock_timestamp() OR number.sender_id = %(me)s)
RETURNING number.sender_epoch, old.sender_id IS NOT DISTINCT FROM %(me)s, number.phone_number_id, number.waba_id,
    number.token, app.graph_url, app.graph_version, app.secret, number.messages_per_second, number.state,
    number.marketing_apart
"""
# What the holder before did not finish: claims have not left, whatever was leaving may have.
RECOVER = """
WITH mine AS (
    SELECT id FROM conversations_phonenumber WHERE id = %(number)s AND sender_epoch = %(epoch)s FOR SHARE
), left_over AS (
    UPDATE conversations_message AS message
    SET status = CASE message.status WHEN 20 THEN 10 ELSE 40 END,
        claimed_at = CASE message.status WHEN 20 THEN NULL ELSE message.claimed_at END,
        not_before = CASE message.status WHEN 20 THEN message.not_before
                     ELSE now() + make_interval(secs => %(blocks)s) END,
        error_details = CASE message.status WHEN 20 THEN message.error_details ELSE %(reason)s END
    WHERE message.phone_number_id = (SELECT id FROM mine) AND message.status IN (20, 30)
    RETURNING message.id, message.conversation_id, message.status
)
INSERT INTO integrations_event (kind, object_id, conversation_id, data, at)
SELECT 'message.status', id, conversation_id, '{"status": "unknown"}'::jsonb, clock_timestamp()
FROM left_over WHERE status = 40
RETURNING conversation_id
"""
RENEW = """
UPDATE conversations_phonenumber AS number
SET sender_until = clock_timestamp() + make_interval(secs => %(seconds)s)
WHERE number.id = %(number)s AND number.sender_epoch = %(epoch)s
RETURNING number.state, number.messages_per_second, (
    SELECT count(*) FROM conversations_message AS message
    WHERE message.created_at > clock_timestamp() - make_interval(secs => %(since)s)
      AND message.phone_number_id = %(number)s AND message.direction = 'in')
"""
RELEASE = """
UPDATE conversations_phonenumber SET sender_until = NULL WHERE id = %(number)s AND sender_epoch = %(epoch)s
"""
CRASHED = "The sender stopped before the answer was written down."


class LeaseLost(Exception):
    """Somebody else is the sender of this number by now."""


@dataclass(slots=True)
class Lease:
    """Our turn at one number. ``continued``: this process was the holder before as well, so its budgets still hold."""

    schema_name: str
    number_id: UUID
    epoch: int
    continued: bool
    waba_id: str
    credentials: Credentials
    token_cipher: str = field(repr=False)
    messages_per_second: int
    state: str
    marketing_apart: bool = False  # marketing templates take the platform's own way for them
    orphaned: list[UUID] = field(default_factory=list)

    @property
    def params(self) -> dict[str, Any]:
        return {"number": self.number_id, "epoch": self.epoch}


async def take(database: Database, *, schema_name: str, number_id: UUID, me: UUID) -> Lease | None:
    """Become the sender of a number unless another one is; puts right what the one before left half done."""
    params = {"number": number_id, "me": me, "seconds": LEASE_SECONDS}
    rows = await database.run(schema_name, TAKE, params, insist=TAKE_SECONDS)
    if not rows:
        return None
    epoch, continued, phone_number_id, waba_id, token, graph_url, version, secret, rate, state, apart = rows[0]
    credentials = Credentials(
        graph_url=graph_url,
        version=version,
        token=decrypt(token) if token else "",
        app_secret=decrypt(secret) if secret else None,
        phone_number_id=phone_number_id,
    )
    lease = Lease(schema_name, number_id, epoch, continued, waba_id, credentials, token, rate, state, apart)
    recover = lease.params | {"blocks": UNKNOWN_BLOCKS_SECONDS, "reason": CRASHED}
    lease.orphaned = [row[0] for row in await database.run(schema_name, RECOVER, recover, insist=TAKE_SECONDS)]
    if lease.orphaned:
        logger.warning("%d messages of %s may have left before a crash", len(lease.orphaned), schema_name)
    return lease


async def renew(database: Database, lease: Lease) -> int:
    """Stay the sender and see what changed; gives how many messages came in since the last time.

    Raises  LeaseLost
    """
    params = lease.params | {"seconds": LEASE_SECONDS, "since": RENEW_SECONDS}
    rows = await database.run(lease.schema_name, RENEW, params, insist=LEASE_SECONDS)
    if not rows:
        raise LeaseLost
    lease.state, lease.messages_per_second, received = rows[0]
    return int(received)
