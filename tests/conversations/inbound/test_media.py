"""Files that people send are fetched at once and looked at; what lies, is empty or is too big is not kept."""

import io
import wave

import pytest
import requests
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from conversations.models import MediaFile, Message
from tenants.models import WorkMark
from tests.fixtures.webhooks import change, envelope, text_message

State = MediaFile.State


def picture(size=(1200, 800), *, place: bool = False) -> bytes:
    into = io.BytesIO()
    image = Image.new("RGB", size, "teal")
    exif = image.getexif()
    if place:
        exif[0x010F] = "Secret camera"
        exif[0x0112] = 6  # lies on its side
    image.save(into, "JPEG", exif=exif)
    return into.getvalue()


def voice() -> bytes:
    """A voice message: a second of loud and a second of quiet, as ogg with opus."""
    import av

    raw = io.BytesIO()
    with wave.open(raw, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(48000)
        loud = b"".join((12000 if n % 100 < 50 else -12000).to_bytes(2, "little", signed=True) for n in range(48000))
        sound.writeframes(loud + bytes(2 * 48000))
    raw.seek(0)
    into = io.BytesIO()
    with av.open(raw) as source, av.open(into, "w", format="ogg") as target:
        stream = target.add_stream("libopus", rate=48000, layout="mono")
        for frame in source.decode(source.streams.audio[0]):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return into.getvalue()


@pytest.fixture
def send_file(simulator, deliver, run_due, number, company, enter):
    """A person sends a file: it lies at the platform, the webhook names it."""

    def sent(data: bytes, *, type: str = "image", mime: str = "image/jpeg", stored_as: str = "", **more) -> Message:
        with enter(company):
            number.refresh_from_db()
        upload = requests.post(
            f"{simulator.url}/v25.0/{number.phone_number_id}/media",
            data={"messaging_product": "whatsapp", "type": stored_as or mime},
            files={"file": ("file", data, stored_as or mime)},
            headers={"Authorization": f"Bearer {number.token}"},
            timeout=10,
        )
        assert upload.ok, upload.text
        media = {"id": upload.json()["id"], "mime_type": mime, **more}
        message = text_message(type=type, **{type: media})
        deliver(envelope(number.waba_id, change(number, messages=[message])))
        run_due("inbound", "media")
        with enter(company):
            return Message.objects.select_related("media", "conversation").get(wamid=message["id"])

    return sent


def test_a_picture_is_stored_under_a_harmless_name_with_a_small_one(send_file, company, other_company, enter):
    data = picture(place=True)

    message = send_file(data, caption="Kijk")

    media = message.media
    assert (media.state, media.problem, media.size) == (State.STORED, "", len(data))
    assert (media.width, media.height) == (800, 1200)
    assert media.storage_key == f"{company.schema_name}/media/{media.pk.hex}"
    with default_storage.open(media.storage_key) as file:
        assert file.read() == data
    with default_storage.open(media.thumbnail_key) as file:
        small = Image.open(io.BytesIO(file.read()))
        assert (small.format, max(small.size)) == ("WEBP", 640)
        assert not small.getexif()
    assert message.conversation.version >= 2
    with enter(other_company):
        assert not MediaFile.objects.exists()


def test_a_voice_message_gets_its_length_and_waveform(send_file):
    media = send_file(voice(), type="audio", mime="audio/ogg; codecs=opus", stored_as="audio/ogg", voice=True).media

    assert media.state == State.STORED
    assert 1900 <= media.duration_ms <= 2200
    assert len(media.waveform) == 64
    assert min(media.waveform[:28]) > 50
    assert max(media.waveform[40:]) < 20


@pytest.mark.parametrize(
    ("data", "told", "problem"),
    [
        (b"<html><script>alert(1)</script></html>", {"mime": "image/jpeg"}, "lies_about_type"),
        (b"MZ" + bytes(200), {"mime": "image/png"}, "lies_about_type"),
        (picture((20, 20)), {"sha256": "0" * 64}, "wrong_hash"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_not_kept(send_file, company, enter, data, told, problem):
    media = send_file(data, stored_as="text/plain", **told).media

    assert media.problem == problem
    assert media.state == (State.PENDING if problem == "wrong_hash" else State.REFUSED)
    assert media.storage_key == ""


def test_a_picture_that_would_unpack_into_gigabytes_gets_no_small_one(send_file):
    media = send_file(picture((9000, 9000))).media

    assert media.state == State.STORED
    assert media.thumbnail_key == ""


def test_a_file_that_cannot_be_fetched_is_tried_again_until_its_id_is_dead(
    simulator, deliver, run_due, number, company, enter
):
    message = text_message(type="image", image={"id": "404", "mime_type": "image/jpeg"})
    deliver(envelope(number.waba_id, change(number, messages=[message])))
    run_due("inbound", "media")

    with enter(company):
        media = MediaFile.objects.get()
        assert (media.state, media.attempts) == (State.PENDING, 1)
        assert media.due_at > timezone.now()
        MediaFile.objects.update(due_at=timezone.now(), platform_id_until=timezone.now())
        _due_now()
    run_due("media")

    with enter(company):
        media.refresh_from_db()
        assert (media.state, media.attempts, media.due_at) == (State.FAILED, 2, None)


def test_a_file_taken_back_meanwhile_stays_away(send_file, deliver, run_due, number, company, enter):
    message = send_file(picture())
    revoke = text_message(type="revoke", revoke={"original_message_id": message.wamid})
    deliver(envelope(number.waba_id, change(number, messages=[revoke])))
    run_due("inbound", "media")

    with enter(company):
        message.refresh_from_db()
        assert message.gone
        assert message.media.state == State.REMOVED
        assert message.media.storage_key == ""
    assert not default_storage.exists(f"{company.schema_name}/media/{message.media.pk.hex}")


def _due_now() -> None:
    WorkMark.objects.filter(kind="media").update(due_at=timezone.now())
