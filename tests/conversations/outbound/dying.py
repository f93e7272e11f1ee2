"""A sender that dies between two of its steps: the product's own parts, put down before they are done."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from conversations.models import PhoneNumber
from conversations.services.sender import claims, lease, payloads
from conversations.services.sender.claims import Claimed
from conversations.services.sender.database import Database, conninfo
from conversations.services.sender.lease import Lease
from conversations.services.sender.marking import Marker
from conversations.whatsapp.client import GraphClient
from tenants.context import inside
from tenants.ids import uuid7
from tests.conversations.outbound.people import Outbound

STEPS = ("sent", "marked", "claimed", "leased")


def die(shop: Outbound, *, after: str, limit: int = 3) -> int:
    """Work for the number up to this step and stop there; gives how many messages were in hand. The lease runs out."""
    in_hand = asyncio.run(_work(shop, after, limit))
    with inside(shop.company.schema_name):
        PhoneNumber.objects.update(sender_until=None)
    return in_hand


async def _work(shop: Outbound, after: str, limit: int) -> int:
    database = Database(conninfo())
    await database.open()
    try:
        taken = await lease.take(database, schema_name=shop.company.schema_name, number_id=shop.number.pk, me=uuid7())
        if taken is None or after == "leased":
            return 0
        claimed = [one for one in await claims.claim(database, taken, limit=limit) if not one.refusal()]
        if after in ("marked", "sent") and claimed:
            await _mark(database, taken, claimed)
        if after == "sent":
            async with GraphClient() as client:
                await _together(client.send(taken.credentials, payloads.build(one)) for one in claimed)
        return len(claimed)
    finally:
        await database.close()


async def _mark(database: Database, taken: Lease, claimed: list[Claimed]) -> None:
    marker = Marker(database, taken)
    working = asyncio.create_task(marker.work())
    await _together(marker.mark(one.id) for one in claimed)
    working.cancel()


async def _together(work: Any) -> None:
    todo: list[Coroutine[Any, Any, Any]] = list(work)
    await asyncio.gather(*todo)
