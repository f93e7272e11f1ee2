"""Brings the files of a message's cards to the platform before the message leaves."""

import asyncio
from uuid import UUID

from conversations.errors import FileRefused
from conversations.services.sender import uploads
from conversations.services.sender.claims import LINK_PROBLEMS, Claimed, File
from conversations.services.sender.database import Database
from conversations.services.sender.lease import Lease
from conversations.services.sender.unready import NotYet, Unfit
from conversations.whatsapp.outcomes import Outcome

FILES = """
SELECT f.card, f.id, f.state, f.platform_id,
    f.phone_number_id = %(number)s AND f.platform_id_until > now() + interval '1 hour',
    f.storage_key, f.size, f.mime_type, f.filename, f.voice, f.problem
FROM conversations_mediafile AS f
WHERE f.card_of_id = %(message)s
ORDER BY f.card
"""


async def media_ids_of(
    database: Database, lease: Lease, claimed: Claimed, *, places: asyncio.Semaphore
) -> dict[int, str] | Outcome | Unfit | NotYet:
    """The platform's ids by the card's number; or why they cannot be had."""
    wanted = claimed.content.get("card_files")
    if not isinstance(wanted, list) or not wanted:
        return {}
    files = await _files_of(database, lease, claimed.id)
    if set(wanted) - set(files):
        return Unfit("cards", refusal=FileRefused.code)
    for file in files.values():
        if file.state not in ("pending", "stored"):
            return Unfit("cards", refusal=file.problem if file.problem in LINK_PROBLEMS else FileRefused.code)
    if any(file.state == "pending" for file in files.values()):
        return NotYet()
    found: dict[int, str] = {}
    for card, file in files.items():
        platform_id = await uploads.media_id_of(database, lease, file, places=places)
        if not isinstance(platform_id, str):
            return platform_id
        found[card] = platform_id
    return found


async def _files_of(database: Database, lease: Lease, message_id: UUID) -> dict[int, File]:
    rows = await database.run(lease.schema_name, FILES, lease.params | {"message": message_id})
    return {row[0]: File(*row[1:]) for row in rows}
