"""Files in storage: what may go out is checked and kept, thumbnails are drawn anew, bytes are taken away for good.

Bytes stand under ``<schema>/media/``; a thumbnail is always our own picture, never a stranger's bytes.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.errors import FileRefused, LinkRefused
from conversations.models import Direction, MediaFile
from conversations.services.media_convert import images
from conversations.services.media_convert.bounds import Unfit
from conversations.services.media_fetch import pictures
from conversations.whatsapp import addresses, media_rules
from conversations.whatsapp.addresses import AddressRefused
from conversations.whatsapp.fields import InvalidField
from tenants import work
from tenants.context import current_schema
from tenants.ids import uuid7

HEAD_BYTES = 4096
CHUNK = 256 * 1024
EMPTIED: dict[str, Any] = {  # what stays of a file that was taken away names nothing of its content
    "state": MediaFile.State.REMOVED,
    "link": "",
    "storage_key": "",
    "thumbnail_key": "",
    "filename": "",
    "sha256": "",
    "platform_sha256": "",
    "platform_id": "",
    "platform_id_until": None,
    "waveform": None,
    "due_at": None,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """An upload that may go out, with its bytes still in the request's temporary file."""

    file: File  # type: ignore[type-arg]
    rule: media_rules.Upload


class UploadRefused(FileRefused):
    """The file may not go out; ``user_message`` says why and what to do."""

    def __init__(self, message: Any, *, too_big: bool = False) -> None:
        super().__init__()
        self.user_message = message
        self.too_big = too_big


def check(
    upload: File,  # type: ignore[type-arg]
    *,
    declared: str,
    voice: bool = False,
    sticker: bool = False,
    wanted: str = "",
) -> Checked:
    """Tell whether a file may be sent, by its bytes.

    voice    recorded as a voice note
    sticker  a picture that goes out as a sticker
    wanted   as what it is to go out, where its bytes could be more than one kind
    Raises   UploadRefused
    """
    head = upload.read(HEAD_BYTES)
    upload.seek(0)
    try:
        rule = media_rules.check_upload(
            head,
            filename=upload.name or "",
            declared=declared,
            size=upload.size,
            voice=voice,
            sticker=sticker,
            wanted=wanted,
        )
    except InvalidField as refusal:
        raise UploadRefused(refusal.user_message, too_big=refusal.limit is not None) from refusal
    return Checked(upload, rule)


def store(checked: Checked, *, phone_number_id: Any) -> MediaFile:
    """Keep a checked upload: bytes as they are, a thumbnail for pictures, size and hash.

    What WhatsApp would not take as it is stays pending until a worker has made it fit. Raises UploadRefused
    """
    waits = needs_converting(checked)
    media = MediaFile(
        phone_number_id=phone_number_id,
        direction=Direction.OUTBOUND,
        kind=checked.rule.kind,
        mime_type=checked.rule.mime_type,
        filename=checked.rule.filename,
        sha256=digest_of(checked.file),
        size=checked.file.size,
        voice=checked.rule.voice,
        state=MediaFile.State.PENDING if waits else MediaFile.State.STORED,
        due_at=timezone.now() if waits else None,
        received_at=timezone.now(),
    )
    checked.file.seek(0)
    media.storage_key = default_storage.save(new_key(), checked.file)
    add_thumbnail(media)
    media.save(force_insert=True)
    if waits:
        work.mark(work.Kind.MEDIA)
    return media


def from_link(link: str, *, kind: str, phone_number_id: Any, filename: str = "", voice: bool = False) -> MediaFile:
    """A file that a worker fetches from an address before its message leaves.

    kind    as what it goes out: image, video, audio, document or sticker
    Raises  LinkRefused for an address that is not secure or plainly an inner one
    """
    try:
        addresses.check_link(link, trusted=settings.MEDIA_LINK_ORIGINS)
    except AddressRefused as refused:
        raise LinkRefused from refused
    now = timezone.now()
    media = MediaFile.objects.create(
        phone_number_id=phone_number_id,
        direction=Direction.OUTBOUND,
        kind=kind,
        filename=media_rules.safe_name(filename) if filename else "",
        voice=voice,
        link=link,
        state=MediaFile.State.PENDING,
        due_at=now,
        received_at=now,
    )
    work.mark(work.Kind.MEDIA)
    return media


def digest_of(file: Any) -> str:
    """The SHA-256 of a file from where it stands to its end."""
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def needs_converting(checked: Checked) -> bool:
    """Whether these bytes cannot go out as they are. Films are always looked at: only their inside tells.

    Raises  UploadRefused for a picture that cannot be read and would have to be drawn anew
    """
    rule = checked.rule
    if rule.kind == "video" or (rule.transcode and rule.kind == "audio"):
        return True
    if rule.kind not in ("image", "sticker") or (rule.kind == "sticker" and not rule.transcode):
        return False
    try:
        return not images.fits(checked.file) or rule.transcode
    except Unfit as unfit:
        if rule.transcode:
            raise UploadRefused(_("This picture cannot be read. Save it as JPEG and try again.")) from unfit
        return False  # WhatsApp judges it
    finally:
        checked.file.seek(0)


def drop_replaced(media: MediaFile, changes: dict[str, Any]) -> None:
    """Delete the bytes that a conversion replaced, after commit."""
    old = [(name, getattr(media, name)) for name in ("storage_key", "thumbnail_key") if name in changes]
    _delete_after_commit([key for name, key in old if key and key != changes[name]])


def new_key(*, suffix: str = "") -> str:
    """A fresh name in the entered company's folder; never a name that a stranger chose."""
    return f"{current_schema()}/media/{uuid7().hex}{suffix}"


def add_thumbnail(media: MediaFile) -> None:
    """Draw a small picture of a picture and note its size; a file that is none simply gets none. Does not save."""
    if media.kind not in ("image", "sticker") or not media.storage_key:
        return
    with default_storage.open(media.storage_key) as file:
        seen = pictures.look(file)
    for name, value in seen.columns.items():
        setattr(media, name, value)
    if seen.thumbnail:
        media.thumbnail_key = default_storage.save(new_key(suffix=".webp"), ContentFile(seen.thumbnail))


COPIED: tuple[str, ...] = (
    *("direction", "kind", "mime_type", "filename", "sha256", "size", "voice", "animated", "width", "height"),
    *("duration_ms", "waveform", "received_at"),
)


def copy(media: MediaFile, *, phone_number_id: Any = None) -> MediaFile:
    """The same bytes as a file of its own, so that removing one never breaks the other. Raises FileRefused"""
    if media.state != MediaFile.State.STORED or not media.storage_key:
        raise FileRefused
    with default_storage.open(media.storage_key) as source:
        key = default_storage.save(new_key(), File(source))
    fresh = MediaFile(storage_key=key, state=MediaFile.State.STORED, **{name: getattr(media, name) for name in COPIED})
    fresh.phone_number_id = phone_number_id or media.phone_number_id
    add_thumbnail(fresh)
    fresh.save(force_insert=True)
    return fresh


def discard(media: MediaFile) -> None:
    """Delete a file that was never sent: the row now, the bytes after commit."""
    keys = _keys(media)
    MediaFile.objects.filter(pk=media.pk).delete()
    _delete_after_commit(keys)


def remove(media: MediaFile) -> None:
    """Take the bytes, the thumbnail and what names the content away; that there was a file stays known."""
    keys = _keys(media)
    MediaFile.objects.filter(pk=media.pk).update(removed_at=timezone.now(), **EMPTIED)
    _delete_after_commit(keys)


def forget_bytes(media: MediaFile) -> None:
    """Delete the bytes at once: their row never came to be."""
    for key in _keys(media):
        default_storage.delete(key)


def _keys(media: MediaFile) -> list[str]:
    return [key for key in (media.storage_key, media.thumbnail_key) if key]


def _delete_after_commit(keys: list[str]) -> None:
    def delete() -> None:
        for key in keys:
            default_storage.delete(key)

    transaction.on_commit(delete)
