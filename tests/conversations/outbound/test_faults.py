"""Real workers, killed and cut off at the worst moments: nothing is lost, nothing leaves twice, the order is kept."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from conversations.models import Conversation, Direction, Message
from conversations.status import MessageStatus
from tenants.context import inside
from tests.conversations.outbound.people import Outbound
from tests.conversations.outbound.processes import Plant, until

pytestmark = pytest.mark.fault

PEOPLE, EACH = 5, 4
SECONDS = 180  # for anything that should happen; a busy machine is slow


@pytest.fixture
def plant(shop: Outbound, care: Outbound) -> Iterator[Plant]:
    """Not in pytest's own folder: paths of sockets are short, and servers run as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="balie-f", dir="/tmp"))
    folder.chmod(0o755)
    plant = Plant(folder)
    try:
        yield plant
    finally:
        plant.close()
        print(plant.logs())  # shown when the test failed
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def crowd(shop: Outbound) -> list[Conversation]:
    return [shop.conversation(f"person{who}") for who in range(PEOPLE)]


def fill(shop: Outbound, crowd: list[Conversation], *, name: str = "") -> None:
    for turn in range(EACH):
        for who, conversation in enumerate(crowd):
            shop.text(conversation, f"{name}{who} {turn}")


def outbound(shop: Outbound, **which: object) -> int:
    with inside(shop.company.schema_name):
        return Message.objects.filter(direction=Direction.OUTBOUND, **which).count()


def all_left(shop: Outbound) -> bool:
    """Whether nothing waits. Unknown ones hold up what comes after them for a minute, which is made to pass."""
    with inside(shop.company.schema_name):
        unknown = Message.objects.filter(status=MessageStatus.UNKNOWN).exclude(not_before=None)
        if unknown.update(not_before=None):
            Message.objects.filter(status=MessageStatus.QUEUED).update(not_before=None)
    return outbound(shop, status__lt=MessageStatus.UNKNOWN) == 0


def assert_once_and_in_order(shop: Outbound, *, name: str = "") -> None:
    sent = Counter(one["biz_opaque_callback_data"] for one in shop.received())
    assert len(sent) == outbound(shop)
    assert set(sent.values()) == {1}
    for who in range(PEOPLE):
        assert shop.bodies(person=f"person{who}") == [f"{name}{who} {turn}" for turn in range(EACH)]


def test_a_worker_killed_between_request_and_record(shop: Outbound, plant: Plant, crowd: list[Conversation]) -> None:
    shop.simulator.post("options", latency_ms=700)
    fill(shop, crowd)
    plant.scheduler()
    first = plant.worker("first")
    until(lambda: len(shop.received()) >= PEOPLE, seconds=SECONDS, what="nothing was sent")
    first.kill()
    assert outbound(shop, status=MessageStatus.SENDING)

    shop.simulator.post("options", latency_ms=20)
    plant.worker("second")
    until(lambda: all_left(shop), seconds=SECONDS, what="messages still wait")

    assert_once_and_in_order(shop)
    assert outbound(shop, status=MessageStatus.UNKNOWN)


def test_two_workers_at_once_on_one_number(shop: Outbound, plant: Plant, crowd: list[Conversation]) -> None:
    shop.simulator.post("options", latency_ms=100)
    fill(shop, crowd)
    plant.scheduler()
    plant.worker("first")
    plant.worker("second")

    until(lambda: all_left(shop), seconds=SECONDS, what="messages still wait")

    assert_once_and_in_order(shop)
    assert outbound(shop, status=MessageStatus.UNKNOWN) == 0


def test_every_connection_to_the_database_cut_in_the_middle(
    shop: Outbound, plant: Plant, crowd: list[Conversation]
) -> None:
    shop.simulator.post("options", latency_ms=300)
    fill(shop, crowd)
    plant.scheduler()
    plant.worker()
    for seen in range(2, PEOPLE * EACH, 4):
        until(lambda seen=seen: all_left(shop) or len(shop.received()) >= seen, seconds=SECONDS, what="it stopped")
        _cut_connections()

    until(lambda: all_left(shop), seconds=SECONDS, what="messages still wait")

    assert_once_and_in_order(shop)


def _cut_connections() -> None:
    """What a restart of the server does to everybody who is connected."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_valkey_stopped_and_started_again(shop: Outbound, plant: Plant, crowd: list[Conversation]) -> None:
    shop.simulator.post("options", latency_ms=300)
    fill(shop, crowd)
    plant.scheduler()
    plant.worker()
    until(lambda: len(shop.received()) >= 2, seconds=SECONDS, what="nothing was sent")

    plant.stop_valkey()
    late = shop.text(shop.conversation("late"), "while it was away")
    plant.start_valkey()

    until(lambda: all_left(shop), seconds=SECONDS, what="messages still wait")
    assert_once_and_in_order(shop)
    assert shop.fresh(late).status == MessageStatus.ACCEPTED or shop.fresh(late).status > MessageStatus.ACCEPTED


def test_answers_dropped_after_accepting_are_never_sent_again(
    shop: Outbound, plant: Plant, crowd: list[Conversation]
) -> None:
    shop.simulator.fault(kind="drop_after_accept", probability=0.5, count=5)
    fill(shop, crowd)
    plant.scheduler()
    plant.worker()

    until(lambda: all_left(shop), seconds=SECONDS, what="messages still wait")

    assert_once_and_in_order(shop)
    assert outbound(shop, status=MessageStatus.UNKNOWN) == 5
