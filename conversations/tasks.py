"""The tasks of the channel and the inbox: each enters its company and calls one service."""

from uuid import UUID

from conversations.services import inbound, quarantine, sender
from tenants.tasks import company_task, public_task


@company_task(name="conversations.drain_journal", queue="inbound")
def drain_journal(schema_name: str) -> None:
    inbound.drain()


@company_task(name="conversations.drain_outbox", queue="outbound")
def drain_outbox(schema_name: str, number_id: str) -> None:
    sender.drain(schema_name, UUID(number_id))


@company_task(name="conversations.drain_receipts", queue="outbound")
def drain_receipts(schema_name: str) -> None:
    sender.send_receipts(schema_name)


@public_task(name="conversations.empty_quarantine", queue="default")
def empty_quarantine() -> None:
    quarantine.empty()
