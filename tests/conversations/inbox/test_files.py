"""Files go out checked, come in guarded, and no browser ever runs what a stranger sent."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files import storage
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from conversations.models import MediaFile, PhoneNumber
from conversations.services import media_files
from conversations.services.media_fetch import pictures
from tenants.accounts.models import AuditEntry
from tests.conversations.inbox.conftest import Inbox

PDF = b"%PDF-1.4\n%%EOF"


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 600)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


def read(response: Any) -> bytes:
    """All bytes of an answer; reading to the end is what closes the file behind it."""
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


def upload(name: str, data: bytes, content_type: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type=content_type)


@pytest.fixture
def stored(inbox: Inbox) -> Callable[..., MediaFile]:
    """A file as it lies in storage after it was fetched."""

    def store(data: bytes, *, mime_type: str, kind: str = "document", filename: str = "") -> MediaFile:
        with inbox.inside():
            media = MediaFile(
                phone_number_id=PhoneNumber.objects.get().pk,
                direction="in",
                kind=kind,
                mime_type=mime_type,
                filename=filename,
                size=len(data),
                state=MediaFile.State.STORED,
                received_at=timezone.now(),
            )
            media.storage_key = storage.default_storage.save(media_files.new_key(), ContentFile(data))
            media_files.add_thumbnail(media)
            media.save()
        return media

    return store


def test_a_picture_goes_out_with_its_caption_and_shows_a_thumbnail_of_our_own(
    as_agent: Client, inbox: Inbox, reply: Callable[..., Any]
) -> None:
    row, data = inbox.conversation(), picture()

    response = reply(as_agent, row, "Your bicycle", file=upload("fiets.jpg", data, "image/jpeg"))

    assert response.status_code == 200
    [message] = inbox.sent(row)
    media = message.media
    assert media is not None
    assert (message.type, message.body, media.filename, media.size) == (
        "image",
        "Your bicycle",
        "fiets.jpg",
        len(data),
    )
    assert (media.width, media.height) == (900, 600)
    assert media.storage_key.startswith(f"{inbox.company.schema_name}/media/")
    small = as_agent.get(f"/files/{media.pk}/thumbnail/")
    assert read(small).startswith(b"RIFF")
    assert small["Content-Type"] == "image/webp"
    assert f"/files/{media.pk}/thumbnail/" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "content_type", "words"),
    [
        ("empty.pdf", b"", "application/pdf", "empty"),
        ("photo.jpg", PDF, "image/jpeg", "not what its name says"),
        ("invoice.pdf", b"MZ\x90\x00" + b"\x00" * 100, "application/pdf", "does not accept"),
        ("page.html", b"<!doctype html><script>alert(1)</script>", "text/html", "does not accept"),
        ("big.png", picture("PNG")[:20] + b"\x00" * (5 * 1024 * 1024), "image/png", "cannot be read"),
    ],
)
def test_a_file_that_lies_or_is_empty_or_too_big_is_refused_in_place(
    name: str,
    data: bytes,
    content_type: str,
    words: str,
    as_agent: Client,
    inbox: Inbox,
    reply: Callable[..., Any],
) -> None:
    row = inbox.conversation()

    response = reply(as_agent, row, "Look", file=upload(name, data, content_type))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert inbox.sent(row) == []
    with inbox.inside():
        assert not MediaFile.objects.exists()


def test_an_upload_larger_than_anything_is_refused_before_it_is_read(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    response = as_agent.generic(
        "POST",
        f"/inbox/{row.pk}/reply/",
        b"--x\r\n",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(200 * 1024 * 1024),
    )

    assert response.status_code == 400
    assert inbox.sent(row) == []


def test_a_refused_message_leaves_no_bytes_behind(
    as_agent: Client, inbox: Inbox, reply: Callable[..., Any], settings: Any
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        PhoneNumber.objects.update(state="stopped")
    folder = f"{inbox.company.schema_name}/media"

    def kept() -> list[str]:
        return storage.default_storage.listdir(folder)[1] if storage.default_storage.exists(folder) else []

    before = kept()
    assert reply(as_agent, row, "Look", file=upload("a.pdf", PDF, "application/pdf")).status_code == 422

    assert kept() == before


@pytest.mark.parametrize(
    ("mime_type", "shown_as", "disposition"),
    [
        ("image/png", "image/png", "inline"),
        ("audio/ogg", "audio/ogg", "inline"),
        ("application/pdf", "application/pdf", "attachment"),
        ("text/html", "application/octet-stream", "attachment"),
        ("image/svg+xml", "application/octet-stream", "attachment"),
    ],
)
def test_files_are_served_so_that_nothing_in_them_runs(
    mime_type: str, shown_as: str, disposition: str, as_agent: Client, stored: Callable[..., MediaFile]
) -> None:
    media = stored(b"<script>alert(1)</script>", mime_type=mime_type, filename='a"\r\nSet-Cookie: x=1;é.html')

    response = as_agent.get(f"/files/{media.pk}/")

    assert read(response) == b"<script>alert(1)</script>"
    assert response["Content-Type"] == shown_as
    assert response["Content-Disposition"].startswith(disposition)
    assert "\n" not in response["Content-Disposition"] and "Set-Cookie" not in response
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"].startswith("private")


@pytest.mark.parametrize(
    ("asked", "status", "body", "told"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=5-99", 206, b"56789", "bytes 5-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=x", 200, b"0123456789", None),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
    ],
)
def test_players_may_ask_for_a_part(
    asked: str, status: int, body: bytes, told: str | None, as_agent: Client, stored: Callable[..., MediaFile]
) -> None:
    media = stored(b"0123456789", mime_type="audio/ogg", kind="audio")

    response = as_agent.get(f"/files/{media.pk}/", headers={"Range": asked})

    assert (response.status_code, read(response), response.get("Content-Range")) == (status, body, told)


def test_opening_a_file_is_recorded_and_its_thumbnail_is_not(
    as_agent: Client, inbox: Inbox, stored: Callable[..., MediaFile]
) -> None:
    media = stored(picture(), mime_type="image/jpeg", kind="image")

    for _time in range(2):
        read(as_agent.get(f"/files/{media.pk}/thumbnail/"))
        read(as_agent.get(f"/files/{media.pk}/"))

    with inbox.inside():
        [entry] = AuditEntry.objects.filter(action="file.opened")
    assert entry.subject_id == str(media.pk)


def test_a_picture_that_unpacks_to_too_much_or_is_none_gets_no_thumbnail() -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")

    assert pictures.look(out) == pictures.Preview()
    assert pictures.look(io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"x" * 50)) == pictures.Preview()
    assert pictures.look(io.BytesIO()) == pictures.Preview()


def test_a_file_whose_bytes_are_gone_is_not_an_accident(as_agent: Client, stored: Callable[..., MediaFile]) -> None:
    media = stored(b"x", mime_type="image/png", kind="image")
    storage.default_storage.delete(media.storage_key)

    assert as_agent.get(f"/files/{media.pk}/").status_code == 404
