"""A flood on one number: how long a reply waits behind it, on the same number and on another company's.

    python -m benchmarks.fairness [SECONDS]

Twenty thousand messages of a broadcast wait on one number that may send 80 a second. Meanwhile people answer: every
half second one reply on that number and one on a number of another company, each queued as the composer does it and
timed from there until the platform has accepted it. The baseline is the same without the flood, before and after it.
The sender is the production worker with its scheduler; the platform answers after 100 ms.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle
from typing import TYPE_CHECKING
from uuid import UUID

import django

from benchmarks import common

if TYPE_CHECKING:
    from benchmarks.outbound_world import Sending  # needs Django, which main sets up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

FLOOD = 20_000
LATENCY_MS = 100
PER_SECOND = 80
PAUSE_SECONDS = 0.5
AIM_SECONDS = 2.0
NOISE_SECONDS = 0.1  # by so much the medians of two undisturbed runs differ on a busy machine
GIVE_UP_SECONDS = 60.0
QUIET = ("--without-gossip", "--without-mingle", "--loglevel", "ERROR")
WORKER = ("worker", "-n", "outbound@benchmark", "-Q", "outbound", "--pool", "threads", "-c", "64")


@contextmanager
def sender() -> Iterator[None]:
    """The outbound worker and the sweep that wakes it, as in production."""
    celery = [sys.executable, "-m", "celery", "-A", "config"]
    beat = [*celery, "beat", "--loglevel", "ERROR", "-s", os.devnull]
    with common.process([*celery, *WORKER, *QUIET]), common.process(beat):
        yield


class Replies:
    """Answers of one company's agents to people who wrote a moment ago."""

    def __init__(self, sending: "Sending", *, count: int) -> None:
        from conversations.models import Conversation
        from tenants.context import inside

        self.schema_name = sending.schema_name
        with inside(self.schema_name):
            known = list(Conversation.objects.order_by("pk").values_list("pk", flat=True)[:FLOOD])
        chosen = random.Random(7).sample(known, min(len(known), count))
        self._people = cycle(chosen)
        self._sent: list[UUID] = []

    def write(self) -> None:
        """Queue one reply, as the composer does."""
        from conversations.models import Conversation, Message
        from conversations.services.outbox import outbox
        from tenants.context import inside

        with inside(self.schema_name):
            conversation = Conversation.objects.get(pk=next(self._people))
            origin = outbox.Origin(sender_kind=Message.SenderKind.HUMAN)
            self._sent.append(outbox.queue_text(conversation, origin=origin, body="It is ready for you.").pk)

    def delays(self) -> list[float]:
        """Seconds from queued to accepted of every reply since the last time, once all have left."""
        from conversations.models import Message
        from tenants.context import inside

        end = time.monotonic() + GIVE_UP_SECONDS
        with inside(self.schema_name):
            mine = Message.objects.filter(pk__in=self._sent)
            while time.monotonic() < end and mine.filter(accepted_at=None).exists():
                time.sleep(0.2)
            rows = list(mine.values_list("created_at", "accepted_at"))
        self._sent = []
        late = timedelta(seconds=GIVE_UP_SECONDS)
        return [((accepted or written + late) - written).total_seconds() for written, accepted in rows]


def measure(numbers: list[Replies], *, seconds: float) -> list[list[float]]:
    """Answer on every number for so long; the delays of each."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for replies in numbers:
            replies.write()
        time.sleep(PAUSE_SECONDS)
    return [replies.delays() for replies in numbers]


def line(what: str, delays: list[float]) -> str:
    middle, slow = statistics.median(delays), sorted(delays)[min(int(len(delays) * 0.95), len(delays) - 1)]
    return (
        f"  {what:24} median {middle * 1000:6.0f} ms   p95 {slow * 1000:6.0f} ms   worst {max(delays) * 1000:6.0f} ms"
    )


def main() -> None:
    common.with_services("benchmarks.fairness")
    django.setup()
    from benchmarks import outbound_world, stand_in
    from tenants import work
    from tenants.context import inside

    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    count = int(seconds / PAUSE_SECONDS) + 1
    with stand_in.running(milliseconds=LATENCY_MS) as graph_url:
        flooded, quiet = outbound_world.set_up(graph_url, companies=2, contacts=FLOOD, per_second=PER_SECOND)
        numbers = [Replies(flooded, count=count), Replies(quiet, count=count)]
        with sender():
            measure(numbers, seconds=8)  # processes and caches are warm
            before = measure(numbers, seconds=seconds)
            flooded.fill()
            with inside(flooded.schema_name):
                work.mark(work.Kind.OUTBOUND, key=str(flooded.number_id))
            time.sleep(2)
            during = measure(numbers, seconds=seconds)
            left = flooded.waiting()
            flooded.empty()
            time.sleep(2)
            after = measure(numbers, seconds=seconds)
    print(f"{FLOOD:,} messages waited on one number, {left:,} still did at the end")
    for name, one in (("the flooded number", 0), ("another company's number", 1)):
        print(f"replies on {name}")
        print(line("with the flood", during[one]))
        print(line("before it (baseline)", before[one]))
        print(line("after it (baseline)", after[one]))
    more = statistics.median(during[1]) - max(statistics.median(before[1]), statistics.median(after[1]))
    print(
        f"aims: behind the flood at most {AIM_SECONDS:.0f} s; elsewhere no more than without it ({more * 1000:+.0f} ms)"
    )
    if left == 0:
        raise SystemExit("the flood was over before the end: nothing was measured")
    if max(during[0]) > AIM_SECONDS or more > NOISE_SECONDS:
        raise SystemExit("not fair")


if __name__ == "__main__":
    main()
