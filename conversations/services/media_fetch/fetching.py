"""Fetches one file from the platform and looks at it: what it is, how big, whether it is what it was said to be."""

import logging
import tempfile
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from conversations.models import MediaFile, PhoneNumber
from conversations.services.media_fetch import pictures, sounds
from conversations.services.numbers import numbers
from conversations.whatsapp.addresses import AddressRefused
from conversations.whatsapp.credentials import BadCredentials
from conversations.whatsapp.errors import is_token_dead
from conversations.whatsapp.management import GraphRefused, GraphUnreachable
from conversations.whatsapp.media import Downloaded, MediaClient, MediaDamaged, MediaGone, MediaTooBig
from conversations.whatsapp.media_rules import Received, check_received
from tenants.context import current_schema

logger = logging.getLogger(__name__)

State = MediaFile.State
HEAD_BYTES = 4096


@dataclass(slots=True)
class Result:
    """What a try brought: columns to write, whether to try again later, and what was stored on the way."""

    changes: dict[str, Any]
    again: bool = False
    keys: list[str] = field(default_factory=list)


def fetch(media: MediaFile) -> Result:
    """Fetch, check and store a file. Never raises for what the platform or a stranger does."""
    number = PhoneNumber.objects.filter(pk=media.phone_number_id).first()
    if number is None:
        return _refused(State.FAILED, "no_number")
    try:
        with tempfile.TemporaryFile() as file, MediaClient(numbers.credentials_of(number)) as client:
            found = client.download(media.platform_id, file, sha256=media.platform_sha256)
            return _look_at(media, file, found)
    except MediaTooBig:
        return _refused(State.REFUSED, "too_big")
    except MediaDamaged:
        return Result({"problem": "wrong_hash"}, again=True)
    except AddressRefused:
        return _refused(State.REFUSED, "address_refused")
    except MediaGone:
        return Result({"problem": "gone"}, again=True)
    except BadCredentials:
        return Result({"problem": "token_dead"}, again=True)
    except GraphRefused as refused:
        return Result({"problem": "token_dead" if is_token_dead(refused.rule) else "not_given"}, again=True)
    except GraphUnreachable:
        return Result({"problem": "unreachable"}, again=True)


def discard(result: Result) -> None:
    """Throw away what was stored for a file that is no longer wanted."""
    for key in result.keys:
        default_storage.delete(key)


def _look_at(media: MediaFile, file: IO[bytes], found: Downloaded) -> Result:
    if not found.size:
        return _refused(State.REFUSED, "empty")
    file.seek(0)
    received = check_received(file.read(HEAD_BYTES), declared=media.mime_type, filename=media.filename)
    if received.lies:
        return _refused(State.REFUSED, "lies_about_type")
    return _store(media, file, found, received)


def _store(media: MediaFile, file: IO[bytes], found: Downloaded, received: Received) -> Result:
    """Bytes go under a name that says nothing and ends in nothing, so that no server takes them for a program."""
    key = f"{current_schema()}/media/{media.pk.hex}"
    result = Result(
        {
            "state": State.STORED,
            "problem": "",
            "due_at": None,
            "size": found.size,
            "sha256": found.sha256,
            "mime_type": received.mime_type,
        }
    )
    result.changes["storage_key"] = save(key, File(file), result)
    seen = preview(file, received)
    result.changes |= seen.columns
    if seen.thumbnail:
        result.changes["thumbnail_key"] = save(f"{key}-small", ContentFile(seen.thumbnail), result)
    return result


def save(key: str, content: "File[bytes]", result: Result) -> str:
    """Store bytes under this name, and note them in the result."""
    default_storage.delete(key)  # of an earlier try that ended half-way
    content.seek(0)
    stored = default_storage.save(key, content)
    result.keys.append(stored)
    return stored


def preview(file: IO[bytes], received: Received) -> pictures.Preview:
    """What a page shows before the file itself; a file that cannot be read is kept without."""
    kind = received.mime_type.partition("/")[0]
    file.seek(0)
    if kind == "image":
        return pictures.look(file)
    if kind == "audio":
        return sounds.listen(file)
    if kind == "video":
        return sounds.watch(file)
    return pictures.Preview()


def _refused(state: str, problem: str) -> Result:
    return Result({"state": state, "problem": problem, "due_at": None})
