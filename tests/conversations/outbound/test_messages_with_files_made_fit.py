"""What WhatsApp would not take is made fit by a worker before its message leaves; what cannot be says why."""

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from conversations.models import Conversation, MediaFile, Message
from conversations.status import MessageStatus
from tenants.context import inside
from tests.conversations.outbound import recordings
from tests.conversations.outbound.people import Outbound
from tests.fixtures.people import browser_of

RunDue = Callable[..., int]
HX = {"HX-Request": "true"}


@pytest.fixture
def browser(shop: Outbound) -> Client:
    shop.update(shop.agent, undo_seconds=0)
    return browser_of(shop.agent, company=shop.company)


def post(browser: Client, row: Conversation, file: tuple[str, bytes, str], **fields: Any) -> Any:
    name, data, content_type = file
    form = {"body": "", "token": str(uuid4()), "file": SimpleUploadedFile(name, data, content_type=content_type)}
    return browser.post(f"/inbox/{row.pk}/reply/", form | fields, headers=HX)


def outcome(shop: Outbound) -> tuple[Message, MediaFile]:
    with inside(shop.company.schema_name):
        message = Message.objects.select_related("media").get(direction="out")
        assert message.media is not None
        return message, message.media


def bytes_of(shop: Outbound, media: MediaFile) -> io.BytesIO:
    with inside(shop.company.schema_name), default_storage.open(media.storage_key) as stored:
        return io.BytesIO(stored.read())


@pytest.mark.parametrize(
    ("name", "made", "content_type"),
    [
        ("voice.webm", lambda: recordings.sound(), "audio/webm;codecs=opus"),
        ("voice.mp4", lambda: recordings.sound("mp4", "aac"), "audio/mp4"),
        ("voice.ogg", lambda: recordings.sound("ogg", "libopus", layout="mono"), "audio/ogg"),
    ],
)
def test_a_recording_leaves_as_a_voice_note_in_mono_opus(
    name: str, made: Callable[[], bytes], content_type: str, shop: Outbound, browser: Client, run_due: RunDue
) -> None:
    import av

    row = shop.conversation()

    response = post(browser, row, (name, made(), content_type), voice="1")
    assert response.status_code == 200
    assert "being made ready" in response.content.decode()
    assert shop.received() == []
    run_due("media")
    run_due("outbound")

    message, media = outcome(shop)
    assert (message.type, media.mime_type, media.state, media.voice) == ("audio", "audio/ogg", "stored", True)
    assert media.waveform
    assert abs((media.duration_ms or 0) - 1000) < 150
    with av.open(bytes_of(shop, media)) as heard:
        context = heard.streams.audio[0].codec_context
        assert (context.name, context.layout.nb_channels) == ("opus", 1)
    [received] = shop.received()
    assert received["content"]["audio"]["voice"] is True


@pytest.mark.parametrize(
    ("name", "made", "content_type", "size"),
    [
        ("film.webm", lambda: recordings.film(), "video/webm", (160, 90)),
        ("IMG_1.MOV", lambda: recordings.film("mov", "libx264", sound_codec="aac"), "video/quicktime", (160, 90)),
        ("turned.mp4", lambda: recordings.film("mp4", "mpeg4", sound_codec="", turned=90), "video/mp4", (90, 160)),
        ("wide.mp4", lambda: recordings.film("mp4", "mpeg4", size=(1920, 1080), frames=3), "video/mp4", (1280, 720)),
    ],
)
def test_a_film_of_another_make_leaves_as_mp4_with_h264_and_aac(
    name: str,
    made: Callable[[], bytes],
    content_type: str,
    size: tuple[int, int],
    shop: Outbound,
    browser: Client,
    run_due: RunDue,
) -> None:
    import av

    row = shop.conversation()

    assert post(browser, row, (name, made(), content_type)).status_code == 200
    run_due("media")
    run_due("outbound")

    message, media = outcome(shop)
    assert (message.type, media.mime_type, media.state) == ("video", "video/mp4", "stored")
    assert media.filename.endswith(".mp4")
    assert media.thumbnail_key
    with av.open(bytes_of(shop, media)) as seen:
        shown = seen.streams.video[0]
        assert (shown.codec_context.name, (shown.width, shown.height)) == ("h264", size)
        assert {stream.codec_context.name for stream in seen.streams.audio} <= {"aac"}
    assert len(shop.received()) == 1


def test_a_film_that_fits_leaves_as_it_is(shop: Outbound, browser: Client, run_due: RunDue) -> None:
    row, data = shop.conversation(), recordings.film("mp4", "libx264", sound_codec="aac")

    post(browser, row, ("film.mp4", data, "video/mp4"))
    run_due("media")

    _message, media = outcome(shop)
    assert bytes_of(shop, media).getvalue() == data
    assert (media.state, media.width) == ("stored", 160)


@pytest.mark.parametrize(
    ("name", "made", "content_type", "size"),
    [
        ("IMG_2.HEIC", recordings.heic, "image/heic", (320, 240)),
        ("cmyk.jpg", lambda: recordings.photo(mode="CMYK"), "image/jpeg", (320, 240)),
        ("lying.jpg", lambda: recordings.photo(turned=6), "image/jpeg", (240, 320)),
        ("scan.tif", lambda: recordings.photo("TIFF"), "image/tiff", (320, 240)),
        ("deep.png", lambda: recordings.photo("PNG", mode="I;16"), "image/png", (320, 240)),
    ],
)
def test_a_picture_of_another_make_leaves_upright_as_jpeg(
    name: str,
    made: Callable[[], bytes],
    content_type: str,
    size: tuple[int, int],
    shop: Outbound,
    browser: Client,
    run_due: RunDue,
) -> None:
    row = shop.conversation()

    assert post(browser, row, (name, made(), content_type), body="Kijk").status_code == 200
    run_due("media")
    run_due("outbound")

    message, media = outcome(shop)
    assert (message.type, message.body, media.mime_type) == ("image", "Kijk", "image/jpeg")
    with Image.open(bytes_of(shop, media)) as seen:
        assert (seen.mode, seen.size, dict(seen.getexif())) == ("RGB", size, {})
    assert shop.received()[0]["content"]["image"]["caption"] == "Kijk"


def test_a_picture_chosen_as_a_sticker_becomes_one(shop: Outbound, browser: Client, run_due: RunDue) -> None:
    row = shop.conversation()

    post(browser, row, ("cat.png", recordings.photo("PNG"), "image/png"), sticker="1")
    run_due("media")
    run_due("outbound")

    message, media = outcome(shop)
    assert (message.type, media.mime_type, media.width, media.height) == ("sticker", "image/webp", 512, 512)
    assert shop.received()[0]["type"] == "sticker"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x1a\x45\xdf\xa3" + b"broken" * 200, "cannot be read"),
        (recordings.sound(seconds=0.06), "Nothing can be heard"),
    ],
)
def test_a_broken_or_empty_recording_is_refused_with_words(
    data: bytes, words: str, shop: Outbound, browser: Client, run_due: RunDue
) -> None:
    row = shop.conversation()

    assert post(browser, row, ("voice.webm", data, "audio/webm"), voice="1").status_code == 200
    run_due("media")
    run_due("outbound")

    message, media = outcome(shop)
    assert (message.status, message.refusal, media.storage_key) == (MessageStatus.FAILED, "file_refused", "")
    assert words in browser.get(f"/inbox/{row.pk}/").content.decode()
    assert shop.received() == []


def test_something_else_is_no_recording(shop: Outbound, browser: Client) -> None:
    row = shop.conversation()

    refused = post(browser, row, ("voice.webm", b"%PDF-1.4\n%%EOF", "audio/webm"), voice="1")

    assert refused.status_code == 422
    assert "Record it again" in refused.content.decode()


def test_a_recording_taken_back_while_it_is_made_ready_leaves_nothing(
    shop: Outbound, browser: Client, run_due: RunDue
) -> None:
    shop.update(shop.agent, undo_seconds=10)
    row = shop.conversation()
    post(browser, row, ("voice.webm", recordings.sound(), "audio/webm"), voice="1")
    message, media = outcome(shop)

    taken = browser.post(f"/inbox/{row.pk}/messages/{message.pk}/undo/", headers=HX)
    run_due("media")

    assert taken.status_code == 200
    with inside(shop.company.schema_name):
        assert not MediaFile.objects.exists()
        assert not default_storage.exists(media.storage_key)
