"""One simulator process for the room; every test gets a fresh world in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pywa import WhatsApp

from tests.simulator.another_client import client_for
from tests.simulator.driving import Receiver, Simulator, world

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--use-fake-device-for-media-stream"]
ARGUMENTS += ["--use-fake-ui-for-media-stream"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for one file of tests."""
    if not CHROMIUM.exists():
        pytest.skip("no Chromium at /usr/bin/chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()


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


@pytest.fixture
def client(simulator: Simulator) -> Iterator[WhatsApp]:
    """The number's client by another hand."""
    client = client_for(simulator)
    yield client
    client.api._session.close()
