"""Files travel both ways through ids and links that run out."""

import base64
import hashlib
from typing import Any

import pytest

from tests.simulator.driving import NUMBER, OTHER_NUMBER, TOKEN, Receiver, Simulator, code_of

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


def upload(simulator: Simulator, data: bytes = PNG, mime_type: str = "image/png", **rest: Any) -> Any:
    fields = {"messaging_product": "whatsapp", "type": mime_type}
    files = {"file": ("a.png", data, mime_type)}
    return simulator.graph("POST", f"{NUMBER}/media", data=fields, files=files, **rest)


def test_an_upload_is_described_fetched_sent_and_deleted(simulator: Simulator) -> None:
    media_id = upload(simulator).json()["id"]

    described = simulator.graph("GET", f"{media_id}?phone_number_id={NUMBER}").json()
    assert described["mime_type"] == "image/png"
    assert described["file_size"] == len(PNG)
    assert described["sha256"] == hashlib.sha256(PNG).hexdigest()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert simulator.session.get(described["url"], headers=headers, timeout=5).content == PNG

    simulator.write(text="Hallo")
    assert simulator.post({"type": "image", "image": {"id": media_id, "caption": "Zie"}}).ok
    assert code_of(simulator.post({"type": "audio", "audio": {"id": media_id}})) == 131053

    assert simulator.graph("DELETE", media_id).json() == {"success": True}
    assert code_of(simulator.graph("GET", media_id)) == 100
    assert simulator.session.get(described["url"], headers=headers, timeout=5).status_code == 404


def test_a_link_needs_the_token_and_its_seal(simulator: Simulator) -> None:
    url = simulator.graph("GET", upload(simulator).json()["id"]).json()["url"]
    mine, other = {"Authorization": f"Bearer {TOKEN}"}, {"Authorization": "Bearer EAAzorgvast"}

    assert simulator.session.get(url, timeout=5).status_code == 401
    assert simulator.session.get(url, headers=other, timeout=5).status_code == 404
    assert simulator.session.get(url.replace("ext=1", "ext=2"), headers=mine, timeout=5).status_code == 404
    assert simulator.session.get(url, headers=mine, timeout=5).status_code == 200


@pytest.mark.parametrize(
    ("data", "mime_type", "code"),
    [
        (b"", "image/png", 100),
        (PNG, "image/svg+xml", 100),
        (b"0" * (5 * 1024 * 1024 + 1), "image/png", 131053),
    ],
    ids=["empty", "wrong type", "too big"],
)
def test_files_the_platform_would_not_take_are_refused(
    simulator: Simulator, data: bytes, mime_type: str, code: int
) -> None:
    assert code_of(upload(simulator, data, mime_type)) == code


def test_what_a_person_sends_is_fetched_by_its_business_only(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write(type="image", data=base64.b64encode(PNG).decode(), mime_type="image/png")
    image = receiver.messages()[0]["image"]

    assert simulator.graph("GET", image["id"]).json()["file_size"] == len(PNG)
    assert base64.b64decode(image["sha256"]) == hashlib.sha256(PNG).digest()
    assert code_of(simulator.graph("GET", image["id"], token="EAAzorgvast")) == 100
    assert code_of(simulator.graph("GET", f"{image['id']}?phone_number_id={OTHER_NUMBER}")) == 100


def test_the_phone_never_runs_a_file_as_a_page(simulator: Simulator, receiver: Receiver) -> None:
    simulator.write(type="document", data=base64.b64encode(b"<script>").decode(), mime_type="text/html")
    media_id = receiver.messages()[0]["document"]["id"]

    response = simulator.session.get(f"{simulator.url}/phone/media/{media_id}", timeout=5)

    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]
