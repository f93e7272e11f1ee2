"""People of the simulated world who have written to a company, as rows and as simulated phones."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from conversations.models import Channel, Contact, Conversation, Direction, MediaFile, Message, PhoneNumber
from conversations.services.outbox import outbox
from conversations.status import MessageStatus
from tenants.accounts.models import User
from tenants.context import inside
from tenants.models import ClientCompany
from tests.fixtures.simulator import Simulator
from tests.fixtures.work import RunDue

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


@dataclass
class Outbound:
    """A company with people who wrote to it a minute ago; what it sends goes to the simulator."""

    company: ClientCompany
    number: PhoneNumber
    agent: User
    simulator: Simulator

    def conversation(self, key: str = "ana", *, wrote: timedelta = timedelta(minutes=1)) -> Conversation:
        """The conversation with somebody who wrote so long ago."""
        person = self.simulator.person(key, phone=f"3161{crc32(key.encode()) % 10**7:07d}")
        self.simulator.post("windows", number=self.number.phone_number_id, people=[key])
        at = timezone.now() - wrote
        with inside(self.company.schema_name):
            contact = Contact.objects.create(name=key.title(), wa_id=person["phone"], bsuid=person["bsuid"])
            channel = Channel.objects.create(contact=contact, phone_number=self.number, last_inbound_at=at)
            return self._spell(channel, at=at)

    def _spell(self, channel: Channel, *, at: datetime) -> Conversation:
        conversation = Conversation.objects.create(
            contact=channel.contact,
            phone_number=self.number,
            channel=channel,
            opened_at=at,
            last_message_at=at,
            waiting_since=at,
        )
        self.wrote(conversation, at=at)
        return conversation

    def wrote(self, conversation: Conversation, *, at: datetime | None = None, wamid: str | None = None) -> Message:
        """A message of the person that was applied already."""
        at = at or timezone.now()
        with inside(self.company.schema_name):
            return Message.objects.create(
                conversation=conversation,
                channel_id=conversation.channel_id,
                phone_number=self.number,
                direction=Direction.INBOUND,
                sender_kind=Message.SenderKind.CONTACT,
                type="text",
                body="Hallo?",
                wamid=wamid or f"wamid.in{Message.objects.count()}",
                at=at,
                sequence=1,
                status=MessageStatus.RECEIVED,
            )

    def origin(self, **fields: Any) -> outbox.Origin:
        return outbox.Origin(author=self.agent, **fields)

    def text(self, conversation: Conversation, body: str, **fields: Any) -> Message:
        """Queue a text of the agent."""
        with inside(self.company.schema_name):
            return outbox.queue_text(conversation, origin=self.origin(**fields), body=body)

    def picture(self) -> MediaFile:
        """A stored file that may be sent; inside the company."""
        key = default_storage.save(f"{self.company.schema_name}/media/picture", ContentFile(PIXEL))
        return MediaFile.objects.create(
            phone_number_id=self.number.pk,
            direction="out",
            kind="image",
            mime_type="image/png",
            filename="picture.png",
            size=len(PIXEL),
            storage_key=key,
            state=MediaFile.State.STORED,
            received_at=timezone.now(),
        )

    def fresh(self, message: Message) -> Message:
        with inside(self.company.schema_name):
            return Message.objects.get(pk=message.pk)

    def update(self, row: Any, **fields: Any) -> None:
        """Change stored fields behind everybody's back: time that passed, or what another part would have set."""
        with inside(self.company.schema_name):
            type(row).objects.filter(pk=row.pk).update(**fields)

    def received(self, *, person: str | None = None) -> list[dict[str, Any]]:
        """What the simulator accepted from this company's number, in order."""
        mine = [one for one in self.simulator.received if one["number"] == self.number.phone_number_id]
        return [one for one in mine if person in (None, one["person"])]

    def bodies(self, *, person: str | None = None) -> list[str]:
        return [one["content"]["text"]["body"] for one in self.received(person=person)]


def send_until_quiet(shop: Outbound, run_due: RunDue, *, seconds: float = 60.0) -> None:
    """Let the drains work, and the moments pass that they wait for, until nothing waits any more."""
    end = time.monotonic() + seconds
    with inside(shop.company.schema_name):
        waiting = Message.objects.filter(direction=Direction.OUTBOUND, status__lt=MessageStatus.UNKNOWN)
        while time.monotonic() < end:
            run_due("outbound")
            if not waiting.exists():
                return
            time.sleep(0.1)
    raise AssertionError("messages still wait")
