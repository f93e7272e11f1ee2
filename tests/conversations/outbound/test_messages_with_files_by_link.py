"""An integrator names where a file stands; a worker fetches it, guarded, and the message leaves or says why not."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from conversations.models import MediaFile, Message
from conversations.status import MessageStatus
from tenants import work
from tenants.context import inside
from tests.conversations.api.conftest import Integrator, integrator_of
from tests.conversations.outbound import recordings
from tests.conversations.outbound.file_server import FileServer
from tests.conversations.outbound.people import Outbound

RunDue = Callable[..., int]
PDF = b"%PDF-1.4\n%%EOF"


def picture(kind: str, *, size: tuple[int, int] = (64, 64)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


@pytest.fixture
def shop_key(shop: Outbound) -> Integrator:
    return integrator_of(shop.company)


def send(integrator: Integrator, row: Any, *, key: str = "k-1", **part: Any) -> Any:
    return integrator.send({"conversation_id": str(row.pk), **part}, key=key)


def told(integrator: Integrator, answer: Any) -> dict[str, Any]:
    assert answer.status_code == 202, answer.content
    found: dict[str, Any] = integrator.get(f"/api/v1/messages/{answer.json()['id']}").json()
    return found


def files_of(shop: Outbound) -> list[MediaFile]:
    with inside(shop.company.schema_name):
        return list(MediaFile.objects.all())


CASES: dict[str, tuple[str, Callable[[], bytes], str, dict[str, Any], str]] = {
    "image": ("/saddle.jpg", lambda: picture("JPEG"), "image/jpeg", {"caption": "The saddle"}, "image/jpeg"),
    "document": ("/a/invoice.pdf?token=s3cret", lambda: PDF, "application/pdf", {}, "application/pdf"),
    "video": ("/film.mp4", lambda: recordings.film("mp4", "libx264", sound_codec="aac"), "video/mp4", {}, "video/mp4"),
    "sticker": ("/wave.png", lambda: picture("PNG"), "image/png", {}, "image/webp"),
    "audio": (
        "/song.ogg",
        lambda: recordings.sound("ogg", "libopus", layout="mono"),
        "audio/ogg",
        {"voice": False},
        "audio/ogg",
    ),
}


def test_files_of_every_kind_are_fetched_by_a_worker_and_leave(
    shop: Outbound, shop_key: Integrator, files: FileServer, run_due: RunDue
) -> None:
    sent = {}
    for kind, (path, made, mime_type, more, _sent_as) in CASES.items():
        files.put(path.partition("?")[0], made(), mime_type)
        sent[kind] = send(shop_key, shop.conversation(kind), key=kind, **{kind: {"link": files.url + path, **more}})
        assert sent[kind].json()["media"]["state"] == "pending"
    assert files.asked == []

    run_due("media")
    run_due("outbound")

    assert sorted(files.asked) == sorted(path for path, *_ in CASES.values())
    assert not any({"Authorization", "Cookie"} & set(headers) for headers in files.headers)
    for kind, answer in sent.items():
        [received] = shop.received(person=kind)
        assert received["content"][kind]["id"]
        found = told(shop_key, answer)
        assert (found["media"]["state"], found["media"]["mime_type"], found["error"]) == (
            "stored",
            CASES[kind][4],
            None,
        )
        assert found["status"] in ("accepted", "sent", "delivered")
    assert {media.link for media in files_of(shop)} == {""}


def test_a_document_has_the_name_that_was_given_or_the_servers(
    shop: Outbound, shop_key: Integrator, files: FileServer, run_due: RunDue
) -> None:
    disposition = {"Content_Disposition": 'attachment; filename="factuur 12.pdf"'}
    url = files.put("/get", PDF, "application/pdf", **disposition)
    row = shop.conversation()

    send(shop_key, row, key="a", document={"link": url, "filename": "../Invoice.pdf"})
    send(shop_key, row, key="b", document={"link": url})
    run_due("media")

    assert {media.filename for media in files_of(shop)} == {"Invoice.pdf", "factuur 12.pdf"}


def test_the_same_call_again_is_one_message_and_one_fetch(
    shop: Outbound, shop_key: Integrator, files: FileServer, run_due: RunDue
) -> None:
    row, url = shop.conversation(), files.put("/a.jpg", picture("JPEG"), "image/jpeg")

    first, again = (send(shop_key, row, image={"link": url}) for _ in range(2))
    run_due("media")
    run_due("outbound")

    assert again.json() == first.json()
    assert len(files.asked) == len(shop.received()) == 1


def test_what_follows_waits_for_the_file(
    shop: Outbound, shop_key: Integrator, files: FileServer, run_due: RunDue
) -> None:
    row, url = shop.conversation(), files.put("/a.jpg", picture("JPEG"), "image/jpeg")
    send(shop_key, row, key="a", image={"link": url})
    send(shop_key, row, key="b", text={"body": "Do you like it?"})

    run_due("outbound")
    assert shop.received() == []
    run_due("media")
    run_due("outbound")

    assert shop.received()[0]["type"] == "image"


FAILURES: dict[str, tuple[str, int, dict[str, str], bytes, str]] = {
    "gone": ("link_gone", 404, {}, b"", "image/jpeg"),
    "forbidden": ("link_gone", 403, {}, b"no", "text/plain"),
    "too big": ("link_too_big", 200, {"Content_Length": str(200 * 1024 * 1024)}, b"", "image/jpeg"),
    "empty": ("link_unfit", 200, {}, b"", "image/jpeg"),
    "a page": ("link_unfit", 200, {}, b"<html>Sign in</html>", "text/html"),
    "lies": ("link_unfit", 200, {}, PDF, "image/jpeg"),
    "another kind": (
        "link_other_kind",
        200,
        {"Content-Disposition": 'inline; filename="a.pdf"'},
        PDF,
        "application/pdf",
    ),
    "elsewhere": ("link_refused", 302, {"Location": "http://127.0.0.1:9/x.jpg"}, b"", "text/html"),
    "inside": ("link_refused", 302, {"Location": "https://localhost/x.jpg"}, b"", "text/html"),
    "round": ("link_gone", 302, {"Location": "/9.jpg"}, b"", "text/html"),
}


def test_files_that_cannot_be_had_fail_their_messages_with_stable_codes(
    shop: Outbound, shop_key: Integrator, files: FileServer, run_due: RunDue
) -> None:
    sent = {}
    for number, (case, (_code, status, headers, body, mime_type)) in enumerate(FAILURES.items()):
        url = files.put(f"/{number}.jpg", body, mime_type, status=status, **headers)
        sent[case] = send(shop_key, shop.conversation(f"p{number}"), key=case, image={"link": url})

    run_due("media")
    run_due("outbound")

    for case, answer in sent.items():
        found, code = told(shop_key, answer), FAILURES[case][0]
        assert (case, found["status"], found["error"]["code"]) == (case, "failed", code)
        assert found["error"]["actor"] == "developer"
        assert (found["media"]["state"], found["media"]["problem"]) == ("refused", code)
        assert files.url not in found["error"]["title"]
        assert shop_key.get(f"/api/problems/{code}").status_code == 200
    assert shop.received() == []
    assert {media.link for media in files_of(shop)} == {""}


def test_a_server_that_is_busy_is_asked_again_and_then_given_up(
    shop: Outbound, shop_key: Integrator, files: FileServer, run_due: RunDue
) -> None:
    url = files.put("/a.jpg", b"", "text/plain", status=503)
    busy = files.put("/b.jpg", b"", "text/plain", status=503)
    files.put("/b.jpg", picture("JPEG"), "image/jpeg")
    row = shop.conversation()
    given_up = send(shop_key, row, key="a", image={"link": url})
    comes_later = send(shop_key, row, key="b", image={"link": busy})

    run_due("media")
    assert {media.state for media in files_of(shop)} == {"pending"}
    assert {media.problem for media in files_of(shop)} == {"link_unreachable"}
    for _try in range(2):
        let_time_pass(shop)
        run_due("media")
    let_messages_go(shop)
    run_due("outbound")

    assert told(shop_key, given_up)["error"]["code"] == "link_unreachable"
    assert told(shop_key, comes_later)["media"]["state"] == "stored"
    assert files.asked.count("/a.jpg") == 3


def let_time_pass(shop: Outbound) -> None:
    with inside(shop.company.schema_name):
        MediaFile.objects.filter(state="pending").update(due_at=timezone.now())
        work.mark(work.Kind.MEDIA)


def let_messages_go(shop: Outbound) -> None:
    with inside(shop.company.schema_name):
        Message.objects.filter(status=MessageStatus.QUEUED).update(not_before=None)


def test_an_inner_network_behind_a_name_is_refused_when_it_is_fetched(
    shop: Outbound, shop_key: Integrator, run_due: RunDue
) -> None:
    answer = send(shop_key, shop.conversation(), image={"link": "https://localhost/a.jpg"})

    run_due("media")
    run_due("outbound")

    assert told(shop_key, answer)["error"]["code"] == "link_refused"
