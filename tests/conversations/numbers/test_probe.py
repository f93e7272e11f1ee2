"""The platform is asked how a number does: what it says is kept, its changes are history, trouble becomes alarms."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from conversations.models import PhoneNumber
from conversations.services import housekeeping
from conversations.services.numbers import number_probe
from tenants.context import inside
from tenants.models import WorkMark
from tests.conversations.numbers.conftest import Announced
from tests.fixtures.simulator import Simulator

State = PhoneNumber.State


def probe(announced: Announced) -> PhoneNumber:
    with inside(announced.company.schema_name):
        assert number_probe.probe(announced.number.phone_number_id)
    return announced.fresh()


def test_a_probe_keeps_what_the_platform_says(announced: Announced, simulator: Simulator) -> None:
    number = probe(announced)

    assert (number.platform_status, number.quality, number.can_send) == ("CONNECTED", "GREEN", "AVAILABLE")
    assert number.funded is True
    assert number.business_id
    assert number.probed_at is not None
    assert {entity["entity"] for entity in number.health} >= {"PHONE_NUMBER", "WABA"}
    assert announced.alarms() == {}


def test_what_changed_since_the_last_probe_is_history(announced: Announced, at_platform: Callable[..., None]) -> None:
    probe(announced)
    at_platform(quality_rating="YELLOW", throughput=1000)

    number = probe(announced)

    assert (number.quality, number.messages_per_second) == ("YELLOW", 1000)
    assert announced.news("quality") == [("GREEN", "YELLOW", "probe")]
    assert set(announced.alarms()) == {"quality_yellow"}


def test_a_banned_number_stops_and_comes_back_when_the_platform_says_so(
    announced: Announced, at_platform: Callable[..., None]
) -> None:
    at_platform(status="BANNED")
    assert (probe(announced).state, announced.fresh().state_reason) == (State.STOPPED, "banned")
    assert "banned" in announced.alarms()

    at_platform(status="CONNECTED")
    assert probe(announced).state == State.STOPPED  # it was banned a moment ago: the platform may not have settled
    announced.set(state_since=timezone.now() - timedelta(hours=1))

    assert probe(announced).state == State.LIVE
    assert announced.alarms() == {}


def test_a_revoked_token_pauses_the_number(announced: Announced, simulator: Simulator) -> None:
    simulator.post(f"tokens/{announced.number.waba_id}/revoke")

    number = probe(announced)

    assert (number.state, number.state_reason) == (State.PAUSED, "token_dead")
    assert set(announced.alarms()) == {"token_dead"}


def test_a_token_that_ends_soon_is_told_in_time(announced: Announced, at_platform: Callable[..., None]) -> None:
    at_platform(waba={"token_expires_at": time.time() + 5 * 86_400})
    probe(announced)
    assert announced.alarms()["token_expires_soon"].severity == "warning"

    at_platform(waba={"token_expires_at": time.time() + 86_400})
    probe(announced)

    assert announced.alarms()["token_expires_soon"].severity == "critical"


def test_an_account_that_cannot_pay_is_an_alarm(announced: Announced, at_platform: Callable[..., None]) -> None:
    at_platform(waba={"extra": {"primary_funding_id": ""}})

    assert probe(announced).funded is False
    assert "no_funding" in announced.alarms()


def test_a_lost_subscription_is_renewed_and_told(announced: Announced, at_platform: Callable[..., None]) -> None:
    probe(announced)
    at_platform(waba={"subscribed": False})

    probe(announced)
    assert "subscription_missing" in announced.alarms()
    probe(announced)

    assert "subscription_missing" not in announced.alarms()


def test_a_platform_that_does_not_answer_changes_nothing(announced: Announced) -> None:
    with inside(announced.company.schema_name):
        assert not number_probe.probe(announced.number.phone_number_id)
    assert announced.fresh().state == State.LIVE


def test_every_number_is_asked_again_within_hours_by_one_mark(announced: Announced) -> None:
    housekeeping.plan()
    housekeeping.plan()

    marks = WorkMark.objects.filter(key=f"number:{announced.number.phone_number_id}")
    assert marks.count() == 1
    assert timedelta(hours=2) < marks.get().due_at - timezone.now() < timedelta(hours=9)
