"""The tasks of the channel and the inbox: each enters its company and calls one service."""

from uuid import UUID

from conversations.services import housekeeping, inbound, media_fetch, quarantine, search, sender
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


@company_task(name="conversations.drain_media", queue="media")
def drain_media(schema_name: str) -> None:
    media_fetch.drain()


@company_task(name="conversations.keep_house", queue="default")
def keep_house(schema_name: str, key: str = "") -> None:
    housekeeping.keep(key)


@company_task(name="conversations.index_words", queue="default")
def index_words(schema_name: str) -> None:
    search.index()


@public_task(name="conversations.plan_housekeeping", queue="default")
def plan_housekeeping() -> None:
    housekeeping.plan()


@public_task(name="conversations.empty_quarantine", queue="default")
def empty_quarantine() -> None:
    quarantine.empty()
