"""Fetches one file from the address that an integrator named, and judges it as an upload is judged."""

import tempfile
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.utils import timezone

from conversations.errors import LinkGone, LinkOtherKind, LinkRefused, LinkTooBig, LinkUnfit, LinkUnreachable
from conversations.models import MediaFile
from conversations.services import media_files
from conversations.services.media_fetch import fetching
from conversations.services.media_fetch.fetching import Result
from conversations.whatsapp import links, media_rules
from conversations.whatsapp.addresses import AddressRefused
from conversations.whatsapp.media import MediaGone, MediaTooBig

State = MediaFile.State
MAX_TRIES = 3  # the message waits meanwhile, and with it what stands behind it


def fetch(media: MediaFile) -> Result:
    """Fetch, check and store the file; what WhatsApp would not take as it is, is then converted. Never raises.

    ``problem`` becomes the code of one of the Link… refusals, which its message shows as the reason.
    """
    try:
        with tempfile.TemporaryFile() as file:
            bound = media_rules.source_max_bytes(media.kind)
            found = links.fetch(media.link, file, max_bytes=bound, trusted=settings.MEDIA_LINK_ORIGINS)
            return _judge(media, file, found)
    except AddressRefused:
        return _refused(LinkRefused.code)
    except MediaGone:
        return _refused(LinkGone.code)
    except MediaTooBig:
        return _refused(LinkTooBig.code)
    except links.LinkUnreachable:
        if media.attempts >= MAX_TRIES:
            return _refused(LinkUnreachable.code)
        return Result({"problem": LinkUnreachable.code}, again=True)


def _judge(media: MediaFile, file: IO[bytes], found: links.Fetched) -> Result:
    upload = File(file, name=media.filename or found.filename)
    upload.seek(0)
    try:
        checked = media_files.check(
            upload, declared=found.mime_type, voice=media.voice, sticker=media.kind == "sticker", wanted=media.kind
        )
        waits = media_files.needs_converting(checked)
    except media_files.UploadRefused as refused:
        return _refused(LinkTooBig.code if refused.too_big else LinkUnfit.code)
    if checked.rule.kind != media.kind:
        return _refused(LinkOtherKind.code)
    return _store(file, found, checked.rule, waits=waits)


def _store(file: IO[bytes], found: links.Fetched, rule: media_rules.Upload, *, waits: bool) -> Result:
    result = Result(
        {
            "state": State.PENDING if waits else State.STORED,
            "due_at": timezone.now() if waits else None,
            "attempts": 0,
            "problem": "",
            "link": "",
            "size": found.size,
            "sha256": found.sha256,
            "mime_type": rule.mime_type,
            "filename": rule.filename,
        }
    )
    result.changes["storage_key"] = fetching.save(media_files.new_key(), File(file), result)
    file.seek(0)
    seen = fetching.preview(file, media_rules.Received(rule.mime_type, lies=False, inline=False))
    result.changes |= seen.columns
    if seen.thumbnail:
        key = media_files.new_key(suffix=".webp")
        result.changes["thumbnail_key"] = fetching.save(key, ContentFile(seen.thumbnail), result)
    return result


def _refused(problem: str) -> Result:
    return Result({"state": State.REFUSED, "problem": problem, "due_at": None, "link": ""})
