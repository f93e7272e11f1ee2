"""Every type an integrator may send reaches the platform in its shape; what does not fit is refused with its field."""

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from conversations.api.examples import FILE, QUOTED, SENDS
from conversations.api.examples import FILES as EXAMPLE_FILES
from conversations.models import Conversation, Message
from conversations.status import MessageStatus
from tenants.context import inside
from tests.conversations.api.conftest import Integrator, integrator_of, problem_of
from tests.conversations.outbound import recordings
from tests.conversations.outbound.file_server import FileServer
from tests.conversations.outbound.people import Outbound

RunDue = Callable[..., int]
FREE = {name: body for name, body in SENDS.items() if "template" not in body}


def picture(kind: str, *, size: tuple[int, int] = (512, 512)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


FILES = {
    "image": ("saddle.jpg", picture("JPEG"), "image/jpeg"),
    "document": ("invoice.pdf", b"%PDF-1.4\n%%EOF", "application/pdf"),
    "sticker": ("wave.webp", picture("WEBP"), "image/webp"),
    "audio": ("voice.ogg", recordings.sound("ogg", "libopus", layout="mono"), "audio/ogg"),
    "video": ("tour.mp4", recordings.film("mp4", "libx264", sound_codec="aac"), "video/mp4"),
}


@pytest.fixture
def shop_key(shop: Outbound) -> Integrator:
    return integrator_of(shop.company)


def upload(
    integrator: Integrator, kind: str = "image", *, key: str = "", file: tuple[str, bytes, str] | None = None
) -> Any:
    name, data, content_type = file or FILES[kind]
    client = Client(headers={"host": integrator.host, "Authorization": f"Bearer {integrator.secret}"})
    form = {"file": SimpleUploadedFile(name, data, content_type=content_type)}
    return client.post("/api/v1/media", form, headers={"Idempotency-Key": key or str(uuid4())})


def ready(
    integrator: Integrator, body: dict[str, Any], conversation: Conversation, quoted: Message, files: FileServer
) -> dict[str, Any]:
    """An example with ids and addresses that are known here."""
    made = {name: value for name, value in body.items() if name not in ("to", "conversation_id")}
    made["conversation_id"] = str(conversation.pk)
    if made.get("reply_to") == QUOTED:
        made["reply_to"] = str(quoted.pk)
    for kind, part in made.items():
        if isinstance(part, dict) and part.get("media_id") == FILE:
            made[kind] = part | {"media_id": upload(integrator, kind).json()["id"]}
        if isinstance(part, dict) and str(part.get("link", "")).startswith(EXAMPLE_FILES):
            path = part["link"].removeprefix(EXAMPLE_FILES)
            made[kind] = part | {"link": files.put(path, *FILES[kind][1:])}
        if isinstance(part, dict) and part.get("message_id") == QUOTED:
            made[kind] = part | {"message_id": str(quoted.pk)}
    return made


def test_every_documented_example_reaches_the_platform(
    shop: Outbound, shop_key: Integrator, files: FileServer, run_due: RunDue
) -> None:
    sent: dict[str, str] = {}
    for number, (name, body) in enumerate(FREE.items()):
        shop.simulator.person(f"person{number}")
        row = shop.conversation(f"person{number}")
        said = shop.simulator.say(f"person{number}", "Hallo?", number=shop.number.phone_number_id)
        quoted = shop.wrote(row, wamid=said["wamid"])
        answer = shop_key.send(ready(shop_key, body, row, quoted, files), key=f"k-{number}")
        assert answer.status_code == 202, (name, answer.content)
        sent[answer.json()["id"]] = name

    run_due()

    with inside(shop.company.schema_name):
        rows = {str(row.pk): row for row in Message.objects.filter(pk__in=sent)}
    troubles = {sent[pk]: (row.status, row.error_details, row.refusal) for pk, row in rows.items()}
    assert {name: told for name, told in troubles.items() if told[0] < MessageStatus.ACCEPTED or told[2]} == {}
    assert len(shop.received()) == len(sent)
    flows = [one for one in shop.received() if one["content"].get("interactive", {}).get("type") == "flow"]
    tokens = {one["content"]["interactive"]["action"]["parameters"]["flow_token"] for one in flows}
    assert tokens == {pk for pk, name in sent.items() if "flow" in FREE[name]}


def test_a_picture_above_buttons_travels_along(shop: Outbound, shop_key: Integrator, run_due: RunDue) -> None:
    row = shop.conversation()
    part = {"body": "This one?", "buttons": [{"id": "y", "title": "Yes"}]}
    part["header_media_id"] = upload(shop_key).json()["id"]

    answer = shop_key.send({"conversation_id": str(row.pk), "buttons": part})
    run_due("outbound")

    assert answer.status_code == 202
    [received] = shop.received()
    header = received["content"]["interactive"]["header"]
    assert header["type"] == "image"
    assert header["image"]["id"] not in ("", "file")


def test_a_file_may_be_sent_twice_and_is_two_files_then(shop: Outbound, shop_key: Integrator) -> None:
    row, media_id = shop.conversation(), upload(shop_key).json()["id"]
    body = {"conversation_id": str(row.pk), "image": {"media_id": media_id}}

    first, second = shop_key.send(body, key="one").json(), shop_key.send(body, key="two").json()

    assert first["media"]["id"] == media_id != second["media"]["id"]
    assert first["media"]["sha256"] == second["media"]["sha256"]


def test_an_upload_under_the_same_key_is_one_file(shop: Outbound, shop_key: Integrator) -> None:
    first, again = upload(shop_key, key="same"), upload(shop_key, key="same")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    other = upload(shop_key, "sticker", key="same")
    assert problem_of(other, status=422) == "idempotency_key_reused"


def test_a_file_of_another_kind_or_company_is_refused(shop: Outbound, care: Outbound, shop_key: Integrator) -> None:
    row, media_id = shop.conversation(), upload(shop_key).json()["id"]
    theirs = upload(integrator_of(care.company)).json()["id"]

    wrong = shop_key.send({"conversation_id": str(row.pk), "sticker": {"media_id": media_id}}, key="a")
    foreign = shop_key.send({"conversation_id": str(row.pk), "image": {"media_id": theirs}}, key="b")

    assert problem_of(wrong, status=422) == "file_refused"
    assert problem_of(foreign, status=404) == "not_found"


ROWS = [{"id": str(number), "title": f"Row {number}"} for number in range(6)]


@pytest.mark.parametrize(
    ("part", "code", "field"),
    [
        ({"buttons": {"body": "x", "buttons": [{"id": "a", "title": "x" * 21}]}}, "invalid", ""),
        (
            {"buttons": {"body": "x", "buttons": [{"id": str(n), "title": str(n)} for n in range(4)]}},
            "content_invalid",
            "buttons",
        ),
        (
            {
                "list": {
                    "body": "x",
                    "button": "y",
                    "sections": [{"rows": ROWS, "title": "A"}, {"rows": ROWS, "title": "B"}],
                }
            },
            "content_invalid",
            "sections",
        ),
        (
            {"list": {"body": "x", "button": "y", "sections": [{"rows": [*ROWS, ROWS[0]]}]}},
            "content_invalid",
            "sections",
        ),
        ({"link": {"body": "x", "label": "y", "url": "ftp://example.org"}}, "content_invalid", "url"),
        ({"location": {"latitude": 91, "longitude": 0}}, "invalid", ""),
        ({"contacts": []}, "content_invalid", "contacts"),
        ({"carousel": {"body": "x", "cards": []}}, "content_invalid", "cards"),
        ({"text": {"body": "x"}, "link": {"body": "x", "label": "y", "url": "https://example.org"}}, "invalid", ""),
        ({}, "invalid", ""),
    ],
)
def test_what_does_not_fit_is_a_problem_that_names_the_field(
    part: dict[str, Any], code: str, field: str, shop: Outbound, shop_key: Integrator
) -> None:
    row = shop.conversation()

    refused = shop_key.send({"conversation_id": str(row.pk), **part})

    assert problem_of(refused, status=422) == code
    if field:
        assert refused.json()["field"] == field
    with inside(shop.company.schema_name):
        assert not Message.objects.filter(direction="out").exists()
