"""Sends read receipts that were asked for, with "typing" where somebody types.

They are a courtesy: one that fails harms nothing and is not insisted on.
"""

import asyncio
import logging
from uuid import UUID

from conversations.services.sender.database import Database, Row
from conversations.whatsapp.client import GraphClient
from conversations.whatsapp.credentials import Credentials
from conversations.whatsapp.outcomes import NotSent, Throttled, TokenDead, Unknown
from tenants import wake, work
from tenants.secrets import decrypt

logger = logging.getLogger(__name__)

AT_ONCE = 10
BATCH = 500
RETRY_SECONDS = 30.0
INSIST_SECONDS = 2.0  # a pooled connection may have died unseen; a drain that finds that out asks again
TYPING_SECONDS = 10.0  # later than this after the keys were pressed it would be told of nobody

MARKS = """
SELECT id FROM public.tenants_workmark
WHERE schema_name = %(schema)s AND kind = %(kind)s AND key = '' AND due_at <= clock_timestamp()
"""
DUE = """
SELECT c.id, c.receipt_wamid, n.phone_number_id, n.token, app.graph_url, app.graph_version, app.secret,
    coalesce(c.typing_at > now() - make_interval(secs => %(typing)s), false)
FROM conversations_channel AS c
JOIN conversations_phonenumber AS n ON n.id = c.phone_number_id AND n.state = 'live'
JOIN public.tenants_metaapp AS app ON app.id = n.meta_app_id
WHERE c.receipt_wamid <> '' AND c.read_up_to > now() - interval '30 days'
LIMIT %(limit)s
"""
# Only the receipt that was sent: a newer one may have been asked for in the meantime.
SENT = """
UPDATE conversations_channel AS c SET receipt_wamid = ''
FROM unnest(%(ids)s::uuid[], %(wamids)s::text[]) AS sent (id, wamid)
WHERE c.id = sent.id AND c.receipt_wamid = sent.wamid
"""
FINISH = """
DELETE FROM public.tenants_workmark WHERE id = ANY(%(marks)s);
INSERT INTO public.tenants_workmark (schema_name, kind, key, due_at)
SELECT %(schema)s, %(kind)s, '', clock_timestamp() + make_interval(secs => %(seconds)s)
WHERE %(seconds)s IS NOT NULL
"""


async def send(database: Database, client: GraphClient, schema_name: str) -> None:
    """Send every receipt of a company that is due."""
    params: dict[str, object] = {"schema": schema_name, "kind": work.Kind.RECEIPTS.value, "limit": BATCH}
    params["typing"] = TYPING_SECONDS
    await asyncio.to_thread(wake.started, schema_name, work.Kind.RECEIPTS.value)
    found = await database.run(schema_name, MARKS, params, insist=INSIST_SECONDS)
    marks = [row[0] for row in found]
    due = await database.run(schema_name, DUE, params)
    places = asyncio.Semaphore(AT_ONCE)

    async def one(row: Row) -> tuple[UUID, str] | None:
        async with places:
            return (row[0], row[1]) if await _send(client, row) else None

    sent = [done for done in await asyncio.gather(*map(one, due)) if done]
    if sent:
        ids, wamids = zip(*sent, strict=True)
        await database.run(schema_name, SENT, {"ids": list(ids), "wamids": list(wamids)})
    seconds = RETRY_SECONDS if len(sent) < len(due) else (0.0 if len(due) == BATCH else None)
    await database.run(schema_name, FINISH, params | {"marks": marks, "seconds": seconds})


async def _send(client: GraphClient, row: Row) -> bool:
    """Whether this receipt is done with: sent, or refused for good."""
    _, wamid, phone_number_id, token, graph_url, version, secret, typing = row
    credentials = Credentials(
        graph_url=graph_url,
        version=version,
        token=decrypt(token) if token else "",
        app_secret=decrypt(secret) if secret else None,
        phone_number_id=phone_number_id,
    )
    outcome = await client.mark_read(credentials, wamid, typing=typing)
    return not isinstance(outcome, NotSent | Throttled | TokenDead | Unknown)
