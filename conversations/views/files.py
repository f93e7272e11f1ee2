"""Serves files to those who may see them, so that no browser ever runs what a stranger sent."""

import re
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import quote
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from conversations.models import Conversation, MediaFile, Message
from conversations.services.guard import media_blur
from conversations.views.opening import record_opening
from conversations.whatsapp.media_rules import INLINE, safe_name
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission

RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
CHUNK = 64 * 1024
SHOWN = INLINE - {"application/pdf"}  # a PDF opens in the person's own viewer: it may carry scripts
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=3600",
    "Accept-Ranges": "bytes",
}


@require_safe
@requires(Permission.INBOX_VIEW)
def file(request: CompanyRequest, media_id: UUID) -> HttpResponseBase:
    media = media_or_404(media_id, user=request.user)
    if media_blur.is_blurred(media):
        raise PermissionDenied  # somebody has to choose to look first
    record_opening("file.opened", user=request.user, subject=media, request=request)
    inline = media.mime_type in SHOWN and "download" not in request.GET
    content_type = media.mime_type if media.mime_type in INLINE else "application/octet-stream"
    response = _bytes(request, media.storage_key, content_type=content_type)
    response["Content-Disposition"] = disposition(media.filename or f"{media.kind}-{media.pk}", inline=inline)
    return response


@require_safe
@requires(Permission.INBOX_VIEW)
def thumbnail(request: CompanyRequest, media_id: UUID) -> HttpResponseBase:
    """Our own small picture of a file; looking at a thread shows it, so it is not an opening of its own."""
    media = media_or_404(media_id, user=request.user)
    if not media.thumbnail_key:
        raise Http404
    if media_blur.is_blurred(media):
        return _blurred(media.thumbnail_key)
    return _bytes(request, media.thumbnail_key, content_type="image/webp")


def disposition(filename: str, *, inline: bool) -> str:
    """The header that names a download, safe for any name a stranger chose (RFC 6266)."""
    name = safe_name(filename)
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace("\\", "_")
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def media_or_404(media_id: UUID, *, user: User) -> MediaFile:
    """A stored file of a conversation that this person may see, or of none."""
    rows = MediaFile.objects.exclude(storage_key="").filter(state=MediaFile.State.STORED)
    hidden = Conversation.objects.hidden_from(user)
    if hidden is not None:
        of_cards = Message.objects.filter(conversation__in=hidden, pk=OuterRef("card_of_id"))
        rows = rows.exclude(message__conversation__in=hidden).exclude(Exists(of_cards))
    return get_object_or_404(rows, pk=media_id)


def _blurred(key: str) -> HttpResponse:
    """A rendition in which nothing can be made out; the clear bytes do not leave, and no cache keeps it for later."""
    try:
        with default_storage.open(key) as source:
            picture = media_blur.blurred(source)
    except OSError as error:
        raise Http404 from error
    response = HttpResponse(picture, content_type="image/webp", headers=GUARDS | {"Cache-Control": "no-store"})
    del response["Accept-Ranges"]
    response._csp_exempt = True  # type: ignore[attr-defined]  # a stricter policy stands above
    return response


def _bytes(request: HttpRequest, key: str, *, content_type: str) -> HttpResponseBase:
    try:
        size = default_storage.size(key)
        source = default_storage.open(key)
    except OSError as error:
        raise Http404 from error
    part = wanted(request.headers.get("Range", ""), size=size)
    if part is None:
        source.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = _whole(source, content_type) if part == (0, size) else _part(source, part, size, content_type)
    for name, value in GUARDS.items():
        response[name] = value
    response._csp_exempt = True  # type: ignore[attr-defined]  # a stricter policy stands above
    return response


def wanted(header: str, *, size: int) -> tuple[int, int] | None:
    """The bytes asked for as start and end (exclusive); everything when nothing readable is asked, None if beyond."""
    found = RANGE.fullmatch(header.strip())
    if not found or not (found[1] or found[2]):
        return 0, size
    if not found[1]:
        start, end = max(size - int(found[2]), 0), size
    else:
        start, end = int(found[1]), min(int(found[2]) + 1 if found[2] else size, size)
    return (start, end) if start < end else None


def _whole(source: IO[Any], content_type: str) -> HttpResponseBase:
    return FileResponse(source, content_type=content_type)


def _part(source: IO[Any], part: tuple[int, int], size: int, content_type: str) -> HttpResponseBase:
    start, end = part
    response = StreamingHttpResponse(Part(source, start, end), status=206, content_type=content_type)
    response["Content-Length"] = str(end - start)
    response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


class Part:
    """Some bytes of a file; the server closes it, however far it read."""

    def __init__(self, source: IO[Any], start: int, end: int) -> None:
        self._source, self._left = source, end - start
        source.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0 and (chunk := self._source.read(min(CHUNK, self._left))):
            self._left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self._source.close()
