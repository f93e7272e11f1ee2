"""The companies of the soak: their people at the simulator, their agents here."""

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.management import call_command

from conversations.errors import ConversationClosed, WindowClosed
from conversations.models import Conversation, PhoneNumber
from conversations.services.numbers import numbers
from conversations.services.outbox import outbox
from tenants.context import inside
from tenants.models import MetaApp
from tenants.services.agencies import create_agency
from tenants.services.companies import create_company

if TYPE_CHECKING:
    from benchmarks.soak import Platform


@dataclass
class Side:
    """One company. ``written`` and ``queued``: what people wrote and agents sent, in order, by conversation partner."""

    platform: "Platform"
    schema_name: str
    phone_number_id: str
    people: list[str]
    written: list[str] = field(default_factory=list)
    queued: dict[UUID, list[UUID]] = field(default_factory=dict)
    conversations: list[UUID] = field(default_factory=list)

    @property
    def number_id(self) -> UUID:
        with inside(self.schema_name):
            return PhoneNumber.objects.get(phone_number_id=self.phone_number_id).pk

    def begin(self, *, seconds: float) -> None:
        """Everybody writes once; ends when each has a conversation here."""
        for key in self.people:
            self._say(key, "Good morning")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with inside(self.schema_name):
                self.conversations = list(Conversation.objects.values_list("pk", flat=True))
            if len(self.conversations) == len(self.people):
                return
            time.sleep(0.2)
        raise SystemExit("the first messages did not arrive")

    def write(self, chance: random.Random) -> None:
        """Somebody writes."""
        self._say(chance.choice(self.people), f"Message {len(self.written)}")

    def answer(self, chance: random.Random) -> None:
        """An agent answers somebody, as the composer does."""
        with inside(self.schema_name):
            conversation = Conversation.objects.get(pk=chance.choice(self.conversations))
            before = self.queued.setdefault(conversation.channel_id, [])
            try:
                message = outbox.queue_text(conversation, origin=outbox.Origin(), body=f"Answer {len(before)}")
            except (ConversationClosed, WindowClosed):
                return
            before.append(message.pk)

    def _say(self, key: str, text: str) -> None:
        self.written.append(self.platform.post(f"people/{key}/send", number=self.phone_number_id, text=text)["wamid"])


def set_up(platform: "Platform", *, webhook_url: str, people: int) -> list[Side]:
    """Two companies with a number each, and their worlds at the simulator."""
    call_command("setup_database", verbosity=0)
    agency = create_agency("Soak", slug="soak", host="soak.localhost")
    sides = []
    for place in (1, 2):
        company = create_company(agency, name=f"Soak {place}", subdomain=f"soak{place}", language="nl", country="NL")
        fields = {"secret": f"secret-{place}", "verify_token": "v", "sandbox": True, "graph_url": platform.url}
        app = MetaApp.objects.create(agency=agency, app_id=f"70{place}", **fields)
        number, waba, token = f"10{place}", f"20{place}", f"token-{place}"
        keys = [f"p{place}-{n}" for n in range(people)]
        platform.post(
            "world",
            apps=[{"id": app.app_id, "secret": f"secret-{place}", "verify_token": "v", "webhook_url": webhook_url}],
            wabas=[{"id": waba, "name": company.name, "app_id": app.app_id, "token": token}],
            numbers=[
                {"id": number, "waba_id": waba, "display_phone_number": f"+3120000000{place}", "verified_name": "Soak"}
            ],
            people=[{"key": key, "name": key, "phone": f"316{place}{n:07d}"} for n, key in enumerate(keys)],
        )
        numbers.connect_number(
            company, phone_number_id=number, waba_id=waba, display_number=f"+3120000000{place}", app=app, token=token
        )
        sides.append(Side(platform, company.schema_name, number, keys))
    return sides
