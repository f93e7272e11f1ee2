"""A number among its people: what the platform says about it, and who hears of it."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from conversations.models import Alarm, NumberNews, PhoneNumber
from tenants.context import inside
from tenants.models import ClientCompany
from tests.fixtures.simulator import Simulator
from tests.fixtures.webhooks import Deliver, envelope


class Announced:
    """What the platform announces about the account of ``company``'s number, and what came of it here."""

    def __init__(self, company: ClientCompany, number: PhoneNumber, deliver: Deliver, run_due: Any) -> None:
        self.company, self.number = company, number
        self._deliver, self._run_due = deliver, run_due

    def say(self, field: str, *, at: float | None = None, apply: bool = True, **value: Any) -> None:
        """A signed webhook about the account; applied at once."""
        change = {"field": field, "value": value}
        answer = self._deliver(envelope(self.number.waba_id, change, time=int(at or time.time())))
        assert answer.status_code == 200
        if apply:
            self._run_due("inbound")

    def fresh(self) -> PhoneNumber:
        with inside(self.company.schema_name):
            return PhoneNumber.objects.get(pk=self.number.pk)

    def set(self, **fields: Any) -> None:
        with inside(self.company.schema_name):
            PhoneNumber.objects.filter(pk=self.number.pk).update(**fields)

    def alarms(self) -> dict[str, Alarm]:
        """The open ones by kind."""
        with inside(self.company.schema_name):
            return {alarm.kind: alarm for alarm in Alarm.objects.filter(closed_at=None)}

    def news(self, kind: str) -> list[tuple[str, str, str]]:
        """What changed, newest last."""
        with inside(self.company.schema_name):
            rows = NumberNews.objects.filter(kind=kind).order_by("at", "id")
            return list(rows.values_list("before", "after", "source"))


@pytest.fixture
def announced(
    company: ClientCompany,
    other_company: ClientCompany,
    number: PhoneNumber,
    deliver: Deliver,
    run_due: Callable[..., int],
) -> Announced:
    return Announced(company, number, deliver, run_due)


@pytest.fixture
def at_platform(simulator: Simulator, number: PhoneNumber) -> Callable[..., None]:
    """``at_platform(status="BANNED")`` changes the number there; ``waba={…}`` its account."""

    def changed(*, waba: dict[str, Any] | None = None, **fields: Any) -> None:
        world = simulator.get("world")
        if fields:
            now = next(one for one in world["numbers"] if one["id"] == number.phone_number_id)
            simulator.post("world", numbers=[now | fields])
        if waba:
            account = next(one for one in world["wabas"] if one["id"] == number.waba_id)
            simulator.post("world", wabas=[account | waba])

    return changed
