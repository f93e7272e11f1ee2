"""What has to be ready before a message may leave: its file at the platform, and the body of its request."""

import asyncio

from conversations.services.sender import cards, payloads, uploads
from conversations.services.sender.claims import Claimed
from conversations.services.sender.database import Database
from conversations.services.sender.lease import Lease
from conversations.services.sender.unready import NotYet, Unfit
from conversations.whatsapp.fields import InvalidField
from conversations.whatsapp.messages import Payload
from conversations.whatsapp.outcomes import Outcome


async def ready(
    database: Database, lease: Lease, claimed: Claimed, *, places: asyncio.Semaphore
) -> Payload | Outcome | Unfit | NotYet:
    """The body to send, or why there is none: what came of uploading a file, or that the message fits no request."""
    media_id = ""
    if claimed.file:
        found = await uploads.media_id_of(database, lease, claimed.file, places=places)
        if not isinstance(found, str):
            return found
        media_id = found
    card_ids = await cards.media_ids_of(database, lease, claimed, places=places)
    if not isinstance(card_ids, dict):
        return card_ids
    try:
        return payloads.build(claimed, media_id=media_id, card_ids=card_ids)
    except (InvalidField, AttributeError, KeyError, TypeError, ValueError) as unfit:
        return Unfit(str(unfit) if isinstance(unfit, InvalidField) else type(unfit).__name__)
