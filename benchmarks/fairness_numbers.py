"""Fifty numbers with full outboxes at once: none may starve.

    python -m benchmarks.fairness_numbers [NUMBERS] [SECONDS]

Together they want more than one process can send. Each number's share is what it sent beside the average. Filling takes
about as long as sending; both are bounded, on a busy machine too.
"""

import os
import sys
import threading
import time
from itertools import cycle
from typing import TYPE_CHECKING

import django

from benchmarks import common

if TYPE_CHECKING:
    from benchmarks.outbound_world import Sending  # needs Django, which main sets up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

LATENCY_MS = 100
PER_SECOND = 80
EACH_SECOND = 40  # more than twice what a number can get of one process when fifty share it
THREADS = 64  # as in the Procfile
AIM = 0.5


def work_for(numbers: "list[Sending]", *, seconds: float) -> float:
    """Give every number its turn, as the threads of a worker do, for so long; gives the seconds it took."""
    from conversations.services import sender

    began = time.perf_counter()

    def work(mine: "list[Sending]") -> None:
        for one in cycle(mine):
            if time.perf_counter() - began >= seconds:
                return
            sender.drain(one.schema_name, one.number_id)

    # No number is given a second thread while it has one: that would only wake the first again and again.
    threads = [
        threading.Thread(target=work, args=(numbers[part::THREADS],)) for part in range(min(THREADS, len(numbers)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def main() -> None:
    common.with_services("benchmarks.fairness_numbers")
    django.setup()
    from benchmarks import outbound_world, stand_in

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    contacts = int(EACH_SECOND * seconds)
    with stand_in.running(milliseconds=LATENCY_MS) as graph_url:
        numbers = outbound_world.set_up(graph_url, companies=count, contacts=contacts, per_second=PER_SECOND)
        for number in numbers:
            number.fill()
        took = work_for(numbers, seconds=seconds)
        sent = sorted(number.accepted() for number in numbers)
    average = sum(sent) / len(sent)
    print(f"{count} numbers together   {sum(sent) / took:7.0f} messages/s for {took:.0f} s")
    print(
        f"smallest share        {sent[0] / average:7.2f} of the average (aim {AIM}), largest {sent[-1] / average:.2f}"
    )
    print(f"memory (PSS)          {outbound_world.own_memory():7.0f} MB")


if __name__ == "__main__":
    main()
