"""Brings a message's file to the platform before the message itself leaves."""

import asyncio
import logging

from django.core.files.storage import default_storage

from conversations.services.sender.claims import File
from conversations.services.sender.database import Database
from conversations.services.sender.lease import Lease
from conversations.whatsapp.answers import SCOPES
from conversations.whatsapp.credentials import BadCredentials
from conversations.whatsapp.error_catalogue import TOKEN_DEAD
from conversations.whatsapp.errors import is_token_dead, rule_for
from conversations.whatsapp.management import GraphRefused, GraphUnreachable
from conversations.whatsapp.media import MediaClient
from conversations.whatsapp.outcomes import Outcome, Permanent, Scope, Throttled, TokenDead

logger = logging.getLogger(__name__)

PLATFORM_KEEPS_DAYS = 30
AT_ONCE = 4
UNAVAILABLE, MEDIA_FAILED = 131016, 131053

KEEP = """
UPDATE conversations_mediafile
SET platform_id = %(platform_id)s, platform_id_until = now() + make_interval(days => %(days)s)
WHERE id = %(file)s
"""


async def media_id_of(database: Database, lease: Lease, file: File, *, places: asyncio.Semaphore) -> str | Outcome:
    """The platform's id of a stored file, uploaded when the platform does not have it; or why that failed."""
    if file.fresh and file.platform_id:
        return file.platform_id
    async with places:
        found = await asyncio.to_thread(_upload, lease, file)
    if isinstance(found, str):
        params = {"file": file.id, "platform_id": found, "days": PLATFORM_KEEPS_DAYS}
        await database.run(lease.schema_name, KEEP, params)
    return found


def _upload(lease: Lease, file: File) -> str | Outcome:
    try:
        with default_storage.open(file.storage_key, "rb") as stored, MediaClient(lease.credentials) as client:
            return client.upload(stored, size=file.size, mime_type=file.mime_type, filename=file.filename)
    except BadCredentials as bad:
        return TokenDead(TOKEN_DEAD, str(bad))
    except GraphRefused as refused:
        return _refused(refused)
    except GraphUnreachable as away:
        return Throttled(rule_for(UNAVAILABLE), None, Scope.MESSAGE, None, str(away))
    except FileNotFoundError:
        return Permanent(rule_for(MEDIA_FAILED), None, "The file is no longer in the storage.")
    except Exception as broken:  # whatever the storage raises: one file must not end the turn of the others
        logger.exception("a file of %s could not be read", lease.schema_name)
        return Throttled(rule_for(UNAVAILABLE), None, Scope.MESSAGE, None, type(broken).__name__)


def _refused(refused: GraphRefused) -> Outcome:
    rule = refused.rule
    if is_token_dead(rule):
        return TokenDead(rule, refused.details, refused.code)
    if rule.waits:
        wait = rule.wait.total_seconds() if rule.wait else None
        return Throttled(rule, wait, SCOPES.get(rule.retry, Scope.MESSAGE), refused.code, refused.details)
    return Permanent(rule, refused.code, refused.details)
