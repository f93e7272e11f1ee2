"""Messages that people change or take back afterwards, alone or in a group."""

from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from conversations.integrations.services.events import Fact
from conversations.models import Conversation, Direction, InboxSettings, MediaFile, Message
from conversations.services.inbound import bodies
from conversations.services.inbound.guard import Guard
from conversations.services.inbound.items import Item, Outcome
from conversations.whatsapp import payloads

VERSIONS = "versions"


def change(item: Item, outcome: Outcome) -> None:
    """Everything about a message that does not simply stand in the thread."""
    event = item.event
    assert isinstance(event, payloads.InboundMessage | payloads.Echo)  # noqa: S101  the handler's own types
    if event.original_wamid is not None:
        _of_original(item, event, outcome)


def _of_original(item: Item, event: payloads.InboundMessage | payloads.Echo, outcome: Outcome) -> None:
    number = item.our_number
    found = Message.objects.filter(phone_number=number, wamid=event.original_wamid)
    message = found.select_for_update(of=("self",)).first()
    if message is None:
        outcome.wait(item, event.original_wamid or "")
        return
    changed = _revoke(message, item) if event.type == "revoke" else _edit(message, item, event, outcome)
    if changed:
        Conversation.objects.filter(pk=message.conversation_id).update(version=F("version") + 1)
        outcome.conversations.add(message.conversation_id)
        kind = "message.revoked" if event.type == "revoke" else "message.edited"
        outcome.facts.append(
            Fact(kind, message.pk, item.at, conversation_id=message.conversation_id, data={"wamid": message.wamid})
        )


def _edit(message: Message, item: Item, event: payloads.MessageBody, outcome: Outcome) -> bool:
    """Show the newest version; all versions with their times stay in ``content``."""
    if message.gone:
        return False
    wamid = getattr(event, "wamid", "")
    versions: list[dict[str, Any]] = message.content.get(VERSIONS) or [
        {"wamid": message.wamid, "at": message.at.isoformat(), "body": message.body, "content": message.content}
        | ({"masks": message.masks} if message.masks else {})
    ]
    if any(version["wamid"] == wamid for version in versions):
        return False
    content = {**bodies.content(event)}
    guard = Guard(InboxSettings.load())
    masks = _look(guard, message, item, {"body": event.text or "", "content": content})
    version = {"wamid": wamid, "at": item.at.isoformat(), "body": event.text or "", "content": content}
    versions.append(version | ({"masks": masks} if masks else {}))
    versions.sort(key=lambda version: (version["at"], version["wamid"] != message.wamid))
    newest = versions[-1]
    message.body, message.content = newest["body"], {**newest["content"], VERSIONS: versions}
    message.masks = newest.get("masks")
    message.edited_at = max(message.edited_at or item.at, item.at)
    if event.media is not None and newest["wamid"] == wamid:
        _other_file(message, item, event, outcome)
    message.save(update_fields=["body", "content", "masks", "edited_at", "media"])
    guard.write(outcome)
    return True


def _look(guard: Guard, message: Message, item: Item, said: dict[str, Any]) -> Any:
    """What has to be hidden in a new version."""
    row: dict[str, Any] = {
        "id": message.pk,
        "conversation_id": message.conversation_id,
        "channel_id": message.channel_id,
    }
    row |= {"direction": message.direction, "at": item.at, "sequence": message.sequence}
    row |= {"participant_id": message.participant_id} | said
    guard.prepare([row])
    guard.look(row, danger=message.direction == Direction.INBOUND)
    return row["masks"]


def _other_file(message: Message, item: Item, event: payloads.MessageBody, outcome: Outcome) -> None:
    """An edit may name its file again: only another one has to be fetched, and the earlier one goes for good."""
    media = message.media
    if event.media is None or (media is not None and media.platform_id == event.media.id):
        return
    if media is not None:
        remove_file(media)
    row = bodies.file_row(
        event, direction=Direction(message.direction), number_id=message.phone_number_id, at=item.call.received_at
    )
    message.media = MediaFile.objects.create(**row)
    outcome.files = True


def _revoke(message: Message, item: Item) -> bool:
    """The person deleted it: text and file go, the mark stays."""
    if message.revoked_at is not None:
        return False
    message.body, message.content, message.masks, message.revoked_at = "", {}, None, item.at
    message.save(update_fields=["body", "content", "masks", "revoked_at"])
    if message.media is not None:
        remove_file(message.media)
    return True


def remove_file(media: MediaFile) -> None:
    """Take a file's bytes and preview away; the row stays and says that there was one."""
    keys = [key for key in (media.storage_key, media.thumbnail_key) if key]
    MediaFile.objects.filter(pk=media.pk).update(
        state=MediaFile.State.REMOVED,
        removed_at=timezone.now(),
        storage_key="",
        thumbnail_key="",
        filename="",
        waveform=None,
        due_at=None,
    )

    def delete() -> None:
        for key in keys:
            default_storage.delete(key)

    transaction.on_commit(delete)
