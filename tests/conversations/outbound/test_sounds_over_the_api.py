"""Sounds over the API: plain ones and voice notes, uploaded or by their address, and those that people send."""

import base64
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conversations.api.conftest import Integrator, integrator_of, problem_of
from tests.conversations.outbound import recordings
from tests.conversations.outbound.file_server import FileServer
from tests.conversations.outbound.people import Outbound
from tests.conversations.outbound.postbox import Postbox

RunDue = Callable[..., int]
OPUS = ("voice.ogg", lambda: recordings.sound("ogg", "libopus", layout="mono"), "audio/ogg")
SONG = ("song.mp3", lambda: recordings.sound("mp3", "libmp3lame"), "audio/mpeg")
RECORDED = ("voice.webm", recordings.sound, "audio/webm")


@pytest.fixture
def shop_key(shop: Outbound) -> Integrator:
    return integrator_of(shop.company)


def upload(integrator: Integrator, sound: tuple[str, Callable[[], bytes], str], *, voice: bool) -> Any:
    name, made, content_type = sound
    client = Client(headers={"host": integrator.host, "Authorization": f"Bearer {integrator.secret}"})
    form = {"file": SimpleUploadedFile(name, made(), content_type=content_type), "voice": voice}
    return client.post("/api/v1/media", form, headers={"Idempotency-Key": str(uuid4())}).json()


@pytest.mark.parametrize("voice", [True, False], ids=["voice", "plain"])
def test_a_sound_leaves_as_what_it_was_given_for(
    voice: bool, shop: Outbound, shop_key: Integrator, files: FileServer, run_due: RunDue
) -> None:
    url = files.put("/sound.webm", recordings.sound(), "audio/webm")
    parts = {
        "uploaded": {"media_id": upload(shop_key, RECORDED if voice else SONG, voice=voice)["id"]},
        "fitting": {"media_id": upload(shop_key, OPUS, voice=voice)["id"]},
        "fetched": {"link": url, "voice": voice},
    }
    sent = {}
    for name, part in parts.items():
        body = {"conversation_id": str(shop.conversation(name).pk), "audio": part}
        sent[name] = shop_key.send(body, key=name).json()["id"]

    run_due("media")
    run_due("outbound")

    for name, message_id in sent.items():
        [received] = shop.received(person=name)
        assert received["content"]["audio"].get("voice", False) is voice
        told = shop_key.get(f"/api/v1/messages/{message_id}").json()
        wanted = "audio/mpeg" if (name, voice) == ("uploaded", False) else "audio/ogg"
        assert (told["type"], told["error"], told["media"]["mime_type"]) == ("audio", None, wanted)
        assert told["media"]["voice"] is voice


def test_a_caption_or_a_picture_is_no_sound(shop: Outbound, shop_key: Integrator) -> None:
    row, sound = shop.conversation(), upload(shop_key, OPUS, voice=False)

    captioned = shop_key.send(
        {"conversation_id": str(row.pk), "audio": {"media_id": sound["id"], "caption": "Listen"}}, key="a"
    )
    picture = shop_key.send({"conversation_id": str(row.pk), "image": {"media_id": sound["id"]}}, key="b")

    assert captioned.json()["text"] == ""
    assert problem_of(picture, status=422) == "file_refused"


def test_a_sound_that_a_person_sends_is_read_over_the_api(
    shop: Outbound, shop_key: Integrator, postbox: Postbox, run_due: RunDue
) -> None:
    row = shop.conversation()
    for voice, (_name, made, mime_type) in ((True, OPUS), (False, SONG)):
        data = base64.b64encode(made()).decode()
        media = {"data": data, "mime_type": mime_type, "voice": voice}
        shop.simulator.post("people/ana/send", number=shop.number.phone_number_id, type="audio", **media)
    for letter in postbox.take(at_least=2):
        postbox.hand_on(letter)
    run_due()

    listed = shop_key.get(f"/api/v1/conversations/{row.pk}/messages").json()["results"]
    sounds = [one["media"] for one in listed if one["type"] == "audio"]
    assert {(one["voice"], one["state"]) for one in sounds} == {(True, "stored"), (False, "stored")}
    assert all(one["duration_ms"] for one in sounds)
