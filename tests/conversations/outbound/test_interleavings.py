"""Whatever happens in whatever order: nothing is lost, nothing leaves twice, nothing goes back, the order is kept.

A few fixed examples in every run; SENDER_EXAMPLES=500 draws so many new ones.
"""

import os
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from conversations.models import Direction, Message, PhoneNumber
from conversations.services.outbox import outbox
from conversations.status import MessageStatus
from tenants import work
from tenants.context import inside
from tests.conversations.outbound.dying import STEPS, die
from tests.conversations.outbound.people import Outbound
from tests.conversations.outbound.postbox import Letter, Postbox
from tests.fixtures.work import RunDue

EXAMPLES = int(os.environ.get("SENDER_EXAMPLES", "0"))
PEOPLE = 2
TROUBLES: list[dict[str, Any]] = [
    {"kind": "drop_after_accept", "where": "send"},
    {"kind": "http_5xx", "where": "send"},
    {"kind": "refuse", "where": "send", "code": 131000},
    {"kind": "refuse", "where": "send", "code": 131026},
    {"kind": "refuse", "where": "status", "code": 131026},
    {"kind": "double", "where": "status", "copies": 2},
]
ROUNDS = 40
_serial = count(1)


class Sending(RuleBasedStateMachine):
    """One company's number with two people; the model is what was queued for whom, in order."""

    def __init__(self, shop: Outbound, postbox: Postbox, run_due: RunDue) -> None:
        super().__init__()
        self.shop, self.postbox, self.run_due = shop, postbox, run_due
        self.letters: list[Letter] = []
        self.heard_all = True  # no status was lost on its way
        self.seen: dict[str, int] = {}
        self.queued: dict[str, list[str]] = {}

    @initialize()
    def begin(self) -> None:
        self.shop.simulator.delete("faults")
        self.postbox.take()
        self.first = self.received()
        self.talks = {key: self.shop.conversation(key) for key in (f"p{next(_serial)}" for _ in range(PEOPLE))}
        self.queued = {key: [] for key in self.talks}
        self.queue(who=0, many=1)

    # --- what people and the platform do ----------------------------------------------------------------------------

    @rule(who=st.integers(0, PEOPLE - 1), many=st.integers(1, 3))
    def queue(self, who: int, many: int) -> None:
        key = list(self.talks)[who]
        for _ in range(many):
            message = self.shop.text(self.talks[key], f"{key} {len(self.queued[key])}")
            self.queued[key].append(str(message.pk))

    @rule(trouble=st.sampled_from(TROUBLES), skip=st.integers(0, 2))
    def trouble(self, trouble: dict[str, Any], skip: int) -> None:
        self.shop.simulator.fault(**trouble, count=1, skip=skip)

    @rule()
    def send(self) -> None:
        self.run_due("outbound")

    @rule(after=st.sampled_from(STEPS), who=st.integers(0, PEOPLE - 1), many=st.integers(1, 2))
    def crash(self, after: str, who: int, many: int) -> None:
        """A sender dies with what was just queued, or what waited before it, in hand."""
        self.queue(who=who, many=many)
        die(self.shop, after=after)
        self.wake()

    @rule()
    def time_passes(self) -> None:
        with inside(self.shop.company.schema_name):
            Message.objects.filter(direction=Direction.OUTBOUND).update(not_before=None)
            PhoneNumber.objects.update(not_before=None, sender_until=None)
        self.wake()

    @rule(place=st.integers(0, 50), times=st.integers(0, 2))
    def tell(self, place: int, times: int) -> None:
        """One webhook arrives: any of those under way, once, twice or never."""
        self.letters += self.postbox.take()
        if not self.letters:
            return
        letter = self.letters.pop(place % len(self.letters))
        self.heard_all = self.heard_all and times > 0
        for _ in range(times):
            self.postbox.hand_on(letter)
        self.run_due("inbound")

    @precondition(lambda self: self.seen and MessageStatus.UNKNOWN in self.seen.values())
    @rule(place=st.integers(0, 20))
    def person_sends_again(self, place: int) -> None:
        """Somebody decides that what nobody knows of goes once more: a message of its own."""
        with inside(self.shop.company.schema_name):
            unknown = list(
                Message.objects.filter(pk__in=self.all_queued(), status=MessageStatus.UNKNOWN).order_by("pk")
            )
            if not unknown:
                return
            row = unknown[place % len(unknown)]
            Message.objects.filter(pk=row.pk).update(sending_at="2020-01-01T00:00:00Z")
            copy = outbox.send_again(row, by=self.shop.agent)
        key = next(key for key, ids in self.queued.items() if str(row.pk) in ids)
        if str(copy.pk) not in self.queued[key]:
            self.queued[key].append(str(copy.pk))

    # --- what must hold ---------------------------------------------------------------------------------------------

    @invariant()
    def nothing_goes_back(self) -> None:
        now = self.states()
        for pk, before in self.seen.items():
            assert pk in now, "a message is gone"
            if before >= MessageStatus.UNKNOWN:
                assert now[pk] >= before, f"{MessageStatus(before).name} became {MessageStatus(now[pk]).name}"
        self.seen = now

    @invariant()
    def nothing_leaves_twice(self) -> None:
        times = Counter(self.received())
        assert all(count == 1 for count in times.values()), times

    def teardown(self) -> None:
        """Let everything come to rest, and compare."""
        if not self.queued:
            return
        self.shop.simulator.delete("faults")
        for _ in range(ROUNDS):
            self.time_passes()
            self.run_due("outbound")
            if not any(state < MessageStatus.UNKNOWN for state in self.states().values()):
                break
        for letter in self.letters + self.postbox.take():
            self.postbox.hand_on(letter)
        self.run_due("inbound")
        self.nothing_goes_back()
        self.nothing_leaves_twice()
        self.all_is_accounted_for()

    def all_is_accounted_for(self) -> None:
        left, states = self.received(), self.states()
        for key, ids in self.queued.items():
            mine = [pk for pk in left if pk in ids]
            assert mine == [pk for pk in ids if pk in mine], f"out of order for {key}"
            for pk in ids:
                state = states[pk]
                assert state >= MessageStatus.UNKNOWN, f"{MessageStatus(state).name} for ever"
                if state in (MessageStatus.ACCEPTED, MessageStatus.SENT, MessageStatus.DELIVERED):
                    assert pk in mine, "the platform never had it"
                if pk in mine and self.heard_all:
                    assert state > MessageStatus.UNKNOWN, "a status came and nobody believed it"

    # --- looking ----------------------------------------------------------------------------------------------------

    def wake(self) -> None:
        with inside(self.shop.company.schema_name):
            work.mark(work.Kind.OUTBOUND, key=str(self.shop.number.pk))

    def all_queued(self) -> list[str]:
        return [pk for ids in self.queued.values() for pk in ids]

    def states(self) -> dict[str, int]:
        with inside(self.shop.company.schema_name):
            rows = Message.objects.filter(pk__in=self.all_queued()).values_list("pk", "status")
            return {str(pk): int(status) for pk, status in rows}

    def received(self) -> list[str]:
        """Ids of what the platform accepted from us in this example, in order."""
        everything = [one["biz_opaque_callback_data"].removeprefix("msg:") for one in self.shop.received()]
        return everything[len(getattr(self, "first", [])) :]


def test_any_interleaving_keeps_the_promises_of_the_outbox(
    shop: Outbound, care: Outbound, postbox: Postbox, run_due: RunDue
) -> None:
    make: Callable[[], Sending] = lambda: Sending(shop, postbox, run_due)  # noqa: E731
    profile = settings(
        max_examples=EXAMPLES or 16,
        stateful_step_count=20 if EXAMPLES else 12,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(make, settings=profile)  # type: ignore[no-untyped-call]
    assert care.received() == []
