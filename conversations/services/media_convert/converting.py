"""One file: read, make anew where it does not fit, check, keep."""

import logging
import tempfile
from typing import IO, Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from conversations.models import MediaFile
from conversations.services import media_files
from conversations.services.media_convert import films, images, voices
from conversations.services.media_convert.bounds import TOO_BIG, UNREADABLE, Clock, Unfit
from conversations.services.media_fetch import pictures, sounds
from conversations.services.media_fetch.fetching import Result
from conversations.whatsapp.magic import is_opus
from conversations.whatsapp.media_rules import KINDS

logger = logging.getLogger(__name__)

State = MediaFile.State
MAX_TRIES = 3
SUFFIXES = {voices.MIME: ".ogg", films.MIME: ".mp4", images.JPEG: ".jpg", images.WEBP: ".webp"}


def convert(media: MediaFile) -> Result:
    """Make an uploaded file fit to leave. Never raises for what the file is.

    A file over which a worker died again and again is given up.
    """
    import av

    if media.attempts > MAX_TRIES:
        return _refused(UNREADABLE)
    try:
        stored = default_storage.open(media.storage_key)
    except FileNotFoundError:
        return _refused("gone")
    except OSError:  # the storage is away
        return Result({"problem": "unreachable"}, again=True)
    try:
        with stored, tempfile.NamedTemporaryFile() as made:
            return _convert(media, stored.file or stored, made)
    except Unfit as unfit:
        return _refused(unfit.code)
    except (av.FFmpegError, ValueError, IndexError, MemoryError, EOFError) as broken:
        logger.info("a file of kind %s could not be converted: %s", media.kind, type(broken).__name__)
        return _refused(UNREADABLE)
    except OSError:  # the storage is away
        return Result({"problem": "unreachable"}, again=True)


def _convert(media: MediaFile, stored: Any, made: Any) -> Result:
    match media.kind:
        case "audio":
            return _sound(media, stored, made)
        case "video":
            return _film(media, stored, made)
        case "sticker":
            return _picture(media, images.to_sticker(stored), images.WEBP)
    return _picture(media, images.to_jpeg(stored), images.JPEG)


def _sound(media: MediaFile, stored: IO[bytes], made: IO[bytes]) -> Result:
    stored.seek(0)
    voices.to_opus(stored, made, clock=Clock())
    made.seek(0)
    heard = sounds.listen(made)
    made.seek(0)
    if not heard.columns or not is_opus(made.read(4096)):
        raise Unfit(UNREADABLE)
    return _kept(media, made, voices.MIME, heard)


def _film(media: MediaFile, stored: IO[bytes], made: Any) -> Result:
    if films.fits(stored, size=media.size, mime_type=media.mime_type):
        stored.seek(0)
        seen = sounds.watch(stored)
        result = Result({"state": State.STORED, "problem": "", "due_at": None, **seen.columns})
        _add_thumbnail(result, seen)
        return result
    films.to_mp4(stored, made.name, clock=Clock())
    made.seek(0)
    return _kept(media, made, films.MIME, sounds.watch(made))


def _picture(media: MediaFile, data: bytes, mime_type: str) -> Result:
    made = ContentFile(data)
    return _kept(media, made, mime_type, pictures.look(made))


def _kept(media: MediaFile, made: Any, mime_type: str, seen: pictures.Preview) -> Result:
    """Store what was made under a new name; the source goes when the row says so."""
    size = made.seek(0, 2)
    if not 0 < size <= KINDS[media.kind].max_bytes:
        raise Unfit(TOO_BIG)
    made.seek(0)
    result = Result({"state": State.STORED, "problem": "", "due_at": None, "size": size, "mime_type": mime_type})
    result.changes["sha256"] = media_files.digest_of(made)
    made.seek(0)
    key = default_storage.save(media_files.new_key(), File(made))
    result.keys.append(key)
    stem = media.filename.rpartition(".")[0] or media.filename or "file"
    result.changes |= {"storage_key": key, "filename": stem[:200] + SUFFIXES[mime_type], **seen.columns}
    _add_thumbnail(result, seen)
    return result


def _add_thumbnail(result: Result, seen: pictures.Preview) -> None:
    if seen.thumbnail:
        key = default_storage.save(media_files.new_key(suffix=".webp"), ContentFile(seen.thumbnail))
        result.keys.append(key)
        result.changes["thumbnail_key"] = key


def _refused(problem: str) -> Result:
    emptied = {"storage_key": "", "thumbnail_key": ""}
    return Result({"state": State.REFUSED, "problem": problem, "due_at": None, **emptied})
