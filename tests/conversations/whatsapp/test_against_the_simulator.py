"""Client, builders, media and parser speak with a Cloud API that checks every body as the platform does."""

import asyncio
import base64
import io
import json
from typing import Any

from PIL import Image

from conversations.whatsapp import messages, template_text
from conversations.whatsapp.client import GraphClient
from conversations.whatsapp.credentials import Credentials
from conversations.whatsapp.management import graph_for
from conversations.whatsapp.media import MediaClient
from conversations.whatsapp.messages import Envelope, Payload, Recipient
from conversations.whatsapp.outcomes import Accepted, Done, Outcome, Permanent, TokenDead
from conversations.whatsapp.payloads import Event, IdentityChange, InboundMessage, StatusUpdate, parse, split
from conversations.whatsapp.signature import verify
from tests.conversations.whatsapp.test_interactive import OFFERS
from tests.simulator.conftest import (
    receiver,
    receiver_process,
    simulator,
    simulator_process,
)
from tests.simulator.driving import ANA, ANA_BSUID, BO_BSUID, NUMBER, SECRET, TOKEN, WABA, Receiver, Simulator, wait_for

__all__ = ["receiver", "receiver_process", "simulator", "simulator_process"]

TO_ANA = Envelope(Recipient(wa_id=ANA), callback_data="our-id")


def number_of(simulator: Simulator, **changes: Any) -> Credentials:
    values = {"graph_url": simulator.url, "version": "v25.0", "token": TOKEN, "phone_number_id": NUMBER}
    return Credentials(**{**values, **changes})


def send(simulator: Simulator, *payloads: Payload, **changes: Any) -> list[Outcome]:
    async def go() -> list[Outcome]:
        async with GraphClient() as client:
            return [await client.send(number_of(simulator, **changes), payload) for payload in payloads]

    return asyncio.run(go())


def read(receiver: Receiver) -> list[Event]:
    documents = [json.loads(body) for body in list(receiver.bodies)]
    return [event for document in documents for change in split(document) for event in parse(change).events]


def drawing() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(made, "PNG")
    return made.getvalue()


def test_every_type_of_message_is_accepted(simulator, receiver):
    wamid = simulator.write()
    with MediaClient(number_of(simulator)) as media:
        file = drawing()
        media_id = media.upload(io.BytesIO(file), size=len(file), mime_type="image/png", filename="teal.png")
    components = simulator.graph("GET", f"{WABA}/message_templates").json()["data"]
    order = next(row["components"] for row in components if row["name"] == "order_update")
    values = {found.key: "12" for found in template_text.variables(order)}

    outcomes = send(
        simulator,
        messages.text(Envelope(Recipient(wa_id=ANA), reply_to=wamid), body="Dag ë 🙏"),
        messages.text(Envelope(Recipient(ANA, ANA_BSUID)), body="Aan beide"),
        messages.media(TO_ANA, kind="image", media_id=media_id, caption="Kijk"),
        messages.reaction(Envelope(Recipient(wa_id=ANA)), target=wamid, emoji="👍"),
        messages.location(TO_ANA, latitude=52.37, longitude=4.89, name="Fietsland", address="Kade 1"),
        messages.contacts(TO_ANA, cards=[{"name": {"formatted_name": "Bo"}, "phones": [{"phone": "+31687654321"}]}]),
        *(TO_ANA.wrap("interactive", offer.part()) for offer in OFFERS.values()),
        messages.template(
            TO_ANA, name="order_update", language="nl", components=template_text.to_components(order, values)
        ),
    )

    assert [outcome for outcome in outcomes if not isinstance(outcome, Accepted)] == []


def test_statuses_come_back_signed_with_our_id(simulator, receiver):
    simulator.write()
    (accepted,) = send(simulator, messages.text(TO_ANA, body="Dag"))
    assert isinstance(accepted, Accepted)

    def statuses() -> list[StatusUpdate]:
        found = [event for event in read(receiver) if isinstance(event, StatusUpdate) and event.wamid == accepted.wamid]
        return found if {status.status for status in found} >= {"sent", "delivered"} else []

    for status in wait_for(statuses):
        assert (status.callback_data, status.recipient_phone) == ("our-id", ANA)
        assert status.at is not None
    ours = next(body for body in receiver.bodies if accepted.wamid.encode() in body)
    assert wait_for(lambda: any(verify(ours, given, [("app", SECRET)]) for given in list(receiver.signatures)))


def test_a_person_without_a_number_writes_and_is_answered_by_id(simulator, receiver):
    simulator.write("bo", text="Hallo uit Berlijn")

    (message,) = wait_for(lambda: [event for event in read(receiver) if isinstance(event, InboundMessage)])
    (outcome,) = send(simulator, messages.text(Envelope(Recipient(bsuid=message.bsuid)), body="Dag Bo"))

    assert (message.from_phone, message.bsuid, message.text) == (None, BO_BSUID, "Hallo uit Berlijn")
    assert isinstance(outcome, Accepted)
    assert outcome.bsuid == BO_BSUID


def test_a_changed_number_and_a_picture_are_read(simulator, receiver):
    file = base64.b64encode(drawing()).decode()
    simulator.write(type="image", data=file, mime_type="image/png", caption="Zo ziet hij eruit")
    simulator.sim("people/ana/change", {"phone": "31687654321"})

    def both() -> list[Event]:
        found = [event for event in read(receiver) if isinstance(event, InboundMessage | IdentityChange)]
        return found if len(found) == 2 else []

    events = wait_for(both)
    picture = next(event for event in events if isinstance(event, InboundMessage))
    changed = next(event for event in events if isinstance(event, IdentityChange))

    assert (changed.kind, changed.old_phone, changed.new_phone) == ("user_changed_number", ANA, "31687654321")
    assert picture.text == "Zo ziet hij eruit"
    assert picture.media is not None
    assert picture.media.id is not None
    into = io.BytesIO()
    with MediaClient(number_of(simulator)) as media:
        assert media.download(picture.media.id, into, sha256=picture.media.sha256).verified
    assert Image.open(into).size


def test_refusals_become_their_outcomes(simulator, receiver):
    closed, dead = (
        send(simulator, messages.text(TO_ANA, body="Te laat")),
        send(simulator, messages.text(TO_ANA, body="Dag"), token="EAArevoked"),
    )

    assert isinstance(closed[0], Permanent)
    assert closed[0].code == 131047
    assert isinstance(dead[0], TokenDead)


def test_read_receipts_and_management_calls_are_answered(simulator, receiver):
    wamid = simulator.write()

    async def go() -> Outcome:
        async with GraphClient() as client:
            return await client.mark_read(number_of(simulator), wamid, typing=True)

    assert asyncio.run(go()) == Done()
    with graph_for(number_of(simulator)) as graph:
        assert graph.phone_number(NUMBER)["id"] == NUMBER
        assert graph.waba(WABA)["name"] == "Fietsland"
        assert [row["id"] for row in graph.phone_numbers(WABA)] == [NUMBER]
        assert {row["name"] for row in graph.templates(WABA)} >= {"order_update", "sale"}
        graph.subscribe(WABA)
        assert graph.subscribed_apps(WABA)
