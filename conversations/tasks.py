"""The tasks of the channel and the inbox: each enters its company and calls one service."""

from conversations.services import inbound, quarantine
from tenants.tasks import company_task, public_task


@company_task(name="conversations.drain_journal", queue="inbound")
def drain_journal(schema_name: str) -> None:
    inbound.drain()


@public_task(name="conversations.empty_quarantine", queue="default")
def empty_quarantine() -> None:
    quarantine.empty()
