"""What was removed is gone everywhere: text, structure, file, thumbnail, journal. Who, when and why stay."""

import json
from typing import Any

from django.core.files import storage
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from conversations.models import ConversationEvent, MediaFile, Message, WebhookCall
from conversations.services import media_files
from conversations.status import MessageStatus
from tenants.accounts.models import AuditEntry, User
from tests.conversations.inbox.conftest import HX, Inbox


def journal(inbox: Inbox, *messages: dict[str, Any]) -> WebhookCall:
    body = {"field": "messages", "value": {"contacts": [{"wa_id": "31"}], "messages": list(messages)}}
    with inbox.inside():
        return WebhookCall.objects.create(field="messages", body=json.dumps(body), received_at=timezone.now())


def test_a_removed_file_is_gone_everywhere_and_others_beside_it_stay(
    committed: None, as_supervisor: Client, supervisor: User, inbox: Inbox
) -> None:
    row = inbox.conversation(said="Stays")
    with inbox.inside():
        media = MediaFile(
            phone_number_id=row.phone_number_id,
            direction="in",
            kind="image",
            mime_type="image/jpeg",
            filename="passport.jpg",
            state=MediaFile.State.STORED,
            received_at=timezone.now(),
        )
        media.storage_key = storage.default_storage.save(media_files.new_key(), ContentFile(b"bytes"))
        media.thumbnail_key = storage.default_storage.save(media_files.new_key(suffix=".webp"), ContentFile(b"small"))
        media.save()
    message = inbox.message(row, type="image", body="My passport", content={"versions": ["secret"]}, media=media)
    first = journal(
        inbox,
        {"id": message.wamid, "type": "image", "timestamp": "1", "image": {"caption": "My passport", "id": "9"}},
        {"id": "wamid.beside", "type": "text", "timestamp": "1", "text": {"body": "Beside"}},
    )
    edit = journal(
        inbox,
        {
            "id": "wamid.edit",
            "type": "edit",
            "timestamp": "2",
            "edit": {"original_message_id": message.wamid, "message": {"image": {"caption": "My passport!"}}},
        },
    )

    response = as_supervisor.post(
        f"/inbox/{row.pk}/messages/{message.pk}/removal/", {"reason": "Sent by mistake"}, headers=HX
    )

    assert "Removed by Supervisor" in response.content.decode()
    with inbox.inside():
        removed = Message.objects.select_related("media").get(pk=message.pk)
        calls = [WebhookCall.objects.get(pk=call.pk).body for call in (first, edit)]
        entry = AuditEntry.objects.get(action="message.removed")
        assert ConversationEvent.objects.filter(kind="message_removed", actor=supervisor).exists()
    assert (removed.body, removed.content, removed.removal_reason) == ("", {}, "Sent by mistake")
    assert removed.removed_by_id == supervisor.pk and removed.removed_at is not None
    assert removed.media is not None
    assert (removed.media.state, removed.media.storage_key, removed.media.filename) == ("removed", "", "")
    assert not storage.default_storage.exists(media.storage_key) and not storage.default_storage.exists(
        media.thumbnail_key
    )
    assert all("passport" not in body for body in calls)
    assert "Beside" in calls[0] and message.wamid in calls[0]
    assert (entry.actor_id, entry.reason, entry.subject_id) == (supervisor.pk, "Sent by mistake", str(message.pk))
    assert as_supervisor.get(f"/files/{media.pk}/").status_code == 404
    shown = as_supervisor.get(f"/inbox/{row.pk}/").content.decode()
    assert "passport" not in shown and "Stays" in shown and "Sent by mistake" in shown


def test_removing_asks_why(as_supervisor: Client, inbox: Inbox) -> None:
    row = inbox.conversation(said="Still here")
    with inbox.inside():
        message = row.messages.get()
    address = f"/inbox/{row.pk}/messages/{message.pk}/removal/"

    assert "Still here" in as_supervisor.get(address).content.decode()
    refused = as_supervisor.post(address, {"reason": " "})

    assert refused.status_code == 422 and "Say why" in refused.content.decode()
    with inbox.inside():
        assert row.messages.get().body == "Still here"


def test_a_message_that_waits_in_the_outbox_never_leaves_once_removed(as_supervisor: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    queued = inbox.message(row, direction="out", body="Oops", status=MessageStatus.QUEUED, wamid=None)
    leaving = inbox.message(row, direction="out", body="Too late", status=MessageStatus.SENDING, wamid=None)

    first = as_supervisor.post(f"/inbox/{row.pk}/messages/{queued.pk}/removal/", {"reason": "x"})
    second = as_supervisor.post(f"/inbox/{row.pk}/messages/{leaving.pk}/removal/", {"reason": "x"})

    assert (first.status_code, second.status_code) == (200, 422)
    assert [(one.status, one.body) for one in inbox.sent(row)] == [
        (MessageStatus.FAILED, ""),
        (MessageStatus.SENDING, "Too late"),
    ]


def test_removing_twice_is_once(as_supervisor: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    with inbox.inside():
        message = row.messages.get()
    for reason in ("first", "second"):
        address = f"/inbox/{row.pk}/messages/{message.pk}/removal/"
        assert as_supervisor.post(address, {"reason": reason}).status_code == 200

    with inbox.inside():
        assert row.messages.get().removal_reason == "first"
        assert AuditEntry.objects.filter(action="message.removed").count() == 1
