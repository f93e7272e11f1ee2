"""Open hours without anybody there are an alarm: once, to whoever can help, and over by itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from conversations.models import Alarm, TeamMember
from conversations.services.alarms import alarm_telling
from conversations.services.people import cover, presence
from tenants.accounts.models import User
from tests.conversations.duty.conftest import Floor

pytestmark = pytest.mark.usefixtures("database")
LONG_AGO = timedelta(minutes=30)


def alarms(floor: Floor) -> list[tuple[str, str]]:
    with floor.inside():
        return list(Alarm.objects.filter(closed_at=None).order_by("kind").values_list("kind", "severity"))


def test_nobody_there_in_open_hours_is_told_once_and_ends_by_itself(
    floor: Floor, agent: User, look: Callable[[], None], other_floor: Floor
) -> None:
    floor.person(agent, presence="paused", presence_since=timezone.now() - LONG_AGO)
    floor.waits()

    look()
    look()

    assert alarms(floor) == [("no_cover", "critical")]
    assert alarms(other_floor) == []
    floor.person(agent)
    look()
    assert alarms(floor) == []


def test_a_short_pause_is_none_but_is_looked_at_again(floor: Floor, agent: User, look: Callable[[], None]) -> None:
    floor.person(agent, presence="paused", presence_since=timezone.now() - timedelta(minutes=1))

    look()

    assert alarms(floor) == []
    with floor.inside():
        looked = cover.of(presence.everybody())
        again = cover.watch(looked, at=timezone.now())
    assert again is not None and timedelta(minutes=3) < again - timezone.now() <= timedelta(minutes=4)


def test_closed_hours_need_nobody(floor: Floor, agent: User, look: Callable[[], None]) -> None:
    floor.person(agent, presence="away", presence_since=timezone.now() - LONG_AGO)
    look()
    assert alarms(floor) == [("no_cover", "warning")]

    tomorrow = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(timezone.localdate().weekday() + 2) % 7]
    floor.settings(hours={tomorrow: [["09:00", "10:00"]]})
    look()

    assert alarms(floor) == []


def test_a_company_that_never_used_the_switch_is_not_watched(floor: Floor, look: Callable[[], None]) -> None:
    floor.waits()

    look()

    assert alarms(floor) == []


def test_sensitive_ones_need_somebody_cleared(floor: Floor, agent: User, look: Callable[[], None]) -> None:
    floor.person(agent, presence_since=timezone.now() - LONG_AGO)
    look()
    assert alarms(floor) == []

    floor.waits(sensitive=True)
    look()
    assert alarms(floor) == [("no_cleared_cover", "critical")]

    floor.person(agent, cleared_on=timezone.localdate())
    look()
    assert alarms(floor) == []


def test_leads_of_teams_are_mailed_too_and_led_to_the_floor(
    committed: None, floor: Floor, agent: User, second_agent: User, look: Callable[[], None], run_due: Any
) -> None:
    floor.person(agent, presence="away", presence_since=timezone.now() - LONG_AGO)
    team = floor.team("Service", second_agent)
    with floor.inside():
        TeamMember.objects.filter(team=team).update(leads=True)
    look()

    with floor.inside():
        assert alarm_telling.tell()

    [told] = [one for one in mail.outbox if one.to == [second_agent.email]]
    assert "nobody is available" in told.body
    assert "/floor/" in told.body
    assert any(one.to == ["admin@example.test"] for one in mail.outbox)
