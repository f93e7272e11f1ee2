"""Files of the past that come after the messages they belong to: each takes the place that was kept for it."""

from collections.abc import Sequence

from conversations.models import Conversation, Direction, InboxSettings, MediaFile, Message
from conversations.services.inbound import bodies
from conversations.services.inbound.guard import Guard
from conversations.services.inbound.items import Item, Outcome
from conversations.whatsapp import payloads
from tenants import bulk

PLACEHOLDER = "media_placeholder"
FILLED = "type = news.type, body = news.body, content = news.content, media_id = news.media_id, masks = news.masks"
SHOWN = "version = old.version + 1"


def is_file(item: Item) -> bool:
    """Whether the event is a message of the past that comes alone."""
    return isinstance(item.event, payloads.HistoryMessage)


def fill(items: Sequence[Item], outcome: Outcome) -> int:
    """Put files where placeholders stand. One whose message is not known yet waits for it."""
    wamids = {item.event.wamid for item in items if isinstance(item.event, payloads.HistoryMessage)}
    numbers = {item.our_number.pk for item in items}
    rows = Message.objects.filter(phone_number__in=numbers, wamid__in=wamids).select_for_update(of=("self",))
    known = {(row.phone_number_id, row.wamid): row for row in rows.order_by("pk")}
    files: list[bulk.Row] = []
    filled: dict[object, bulk.Row] = {}
    for item in items:
        event = item.event
        assert isinstance(event, payloads.HistoryMessage)  # noqa: S101  is_file lets nothing else pass
        message = known.get((item.our_number.pk, event.wamid))
        if message is None:
            outcome.wait(item, event.wamid)
        elif message.type == PLACEHOLDER and not message.gone and message.pk not in filled and event.media is not None:
            direction = Direction(message.direction)
            file = bodies.file_row(
                event, direction=direction, number_id=message.phone_number_id, at=item.call.received_at
            )
            files.append(file)
            filled[message.pk] = _row(message, event) | {"media_id": file["id"]}
            outcome.conversations.add(message.conversation_id)
    guard, by_id = Guard(InboxSettings.load()), {file["id"]: file for file in files}
    for message in known.values():
        if row := filled.get(message.pk):
            at_home = {"conversation_id": message.conversation_id, "channel_id": message.channel_id}
            row = row | at_home | {"direction": message.direction, "at": message.at}
            guard.look(row, file=by_id.get(row["media_id"]))
            filled[message.pk]["masks"] = row["masks"]
    bulk.insert(MediaFile, files)
    bulk.update(Message, list(filled.values()), changes=FILLED)
    guard.write(outcome)
    changed = {message.conversation_id for message in known.values() if message.pk in filled}
    bulk.update(Conversation, [{"id": pk} for pk in sorted(changed)], changes=SHOWN)
    outcome.files = outcome.files or bool(files)
    return len(items)


def _row(message: Message, event: payloads.HistoryMessage) -> bulk.Row:
    told = bodies.fields(event)
    return {"id": message.pk, "type": told["type"], "body": told["body"], "content": told["content"]}
