"""One simulator process for the room; every test gets a fresh world in it."""

from collections.abc import Iterator

import pytest

from tests.simulator.driving import Receiver, Simulator, world


@pytest.fixture(scope="session")
def receiver_process() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture(scope="session")
def simulator_process(receiver_process: Receiver) -> Iterator[Simulator]:
    simulator = Simulator(webhook_url=receiver_process.url)
    yield simulator
    simulator.stop()


@pytest.fixture
def receiver(receiver_process: Receiver) -> Receiver:
    receiver_process.clear()
    return receiver_process


@pytest.fixture
def simulator(simulator_process: Simulator, receiver: Receiver) -> Simulator:
    simulator_process.sim("reset", {"world": True})
    receiver.clear()
    simulator_process.sim("world", world())
    simulator_process.sim("options", {"latency_ms": 0, "status_delay_ms": 10, "webhook_retry_ms": 20})
    return simulator_process
