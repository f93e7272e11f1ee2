"""A registered number gets its data elsewhere: switched off, set, registered again; and a failure leaves it working."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Alarm, NumberNews, PhoneNumber
from conversations.services.numbers import number_states
from tests.architecture import html_rules
from tests.conversations.connecting.conftest import NUMBER, Hand
from tests.fixtures.companies import Enter
from tests.fixtures.simulator import Simulator

pytestmark = pytest.mark.usefixtures("db")
WISH = {"region": "CH", "sure": "on"}


@pytest.fixture
def connected(hand: Hand, business: Simulator) -> Hand:
    hand.by_hand()
    return hand


def there(simulator: Simulator) -> dict[str, Any]:
    rows: list[dict[str, Any]] = simulator.get("world")["numbers"]
    return next(one for one in rows if one["id"] == NUMBER)


def registered_often(simulator: Simulator) -> None:
    """Ten times within three days: the platform refuses one more."""
    now = there(simulator)
    state = now.get("state", {}) | {"registrations": [time.time() - count for count in range(10)]}
    simulator.post("world", numbers=[now | {"state": state}])


def region_there(simulator: Simulator) -> str:
    stored = there(simulator).get("state", {}).get("settings", {}).get("storage_configuration", {})
    return str(stored.get("data_localization_region", ""))


def url_of(hand: Hand) -> str:
    return f"/connecting/numbers/{hand.number().pk}/region/"


def test_a_registered_number_moves_its_data_and_works_again(
    connected: Hand, business: Simulator, as_admin: Client, enter: Enter
) -> None:
    assert html_rules.breaches_in(as_admin.get(url_of(connected)).content.decode()) == []
    assert as_admin.post(url_of(connected), {"region": "CH"}).status_code == 422  # not sure
    assert region_there(business) == "DE"

    assert as_admin.post(url_of(connected), WISH).status_code == 302
    connected.worked()

    assert (region_there(business), there(business)["status"]) == ("CH", "CONNECTED")
    row = connected.number()
    assert (row.storage_region, row.state) == ("CH", "live")
    with enter(connected.company):
        news = NumberNews.objects.filter(kind="state", phone_number=row).order_by("at", "id")
        assert list(news.values_list("after", flat=True))[-2:] == ["paused:registering", "live"]
    assert as_admin.get(f"/numbers/{row.pk}/").status_code == 200


def test_a_worker_that_dies_while_the_number_is_off_is_taken_over_by_the_next(
    connected: Hand, business: Simulator, as_admin: Client, enter: Enter
) -> None:
    as_admin.post(url_of(connected), WISH)
    business.post("world", numbers=[there(business) | {"status": "DISCONNECTED"}])
    with enter(connected.company):
        number_states.change(connected.number(), "paused", reason="registering", source="person")

    connected.worked()

    assert (region_there(business), there(business)["status"]) == ("CH", "CONNECTED")
    assert (connected.number().storage_region, connected.number().state) == ("CH", "live")


def test_a_number_that_stays_off_becomes_an_alarm_and_one_that_is_off_for_a_moment_does_not(
    connected: Hand, business: Simulator, enter: Enter
) -> None:
    with enter(connected.company):
        number = connected.number()
        number_states.change(number, "paused", reason="registering", source="person")
        assert not Alarm.objects.filter(closed_at=None).exists()

        PhoneNumber.objects.update(state_since=timezone.now() - timedelta(minutes=11))
        number_states.settle(number)

        assert Alarm.objects.get(closed_at=None).kind == "number_stopped"


def test_the_agency_moves_a_clients_data_too(connected: Hand, business: Simulator, as_owner: Client) -> None:
    url = f"/clients/{connected.company.pk}{url_of(connected)}"
    assert html_rules.breaches_in(as_owner.get(url).content.decode()) == []

    assert as_owner.post(url, WISH).status_code == 302
    connected.worked()

    assert region_there(business) == "CH"


def test_a_number_that_whatsapp_does_not_switch_off_goes_on_working(
    connected: Hand, business: Simulator, as_admin: Client
) -> None:
    registered_often(business)
    as_admin.post(url_of(connected), WISH)
    connected.worked()

    assert connected.steps()["storage"] == "registered_too_often"
    assert (there(business)["status"], region_there(business)) == ("CONNECTED", "DE")
    assert connected.number().state == "live"


def test_a_number_on_the_phone_app_is_never_switched_off_from_here(
    connected: Hand, business: Simulator, as_admin: Client
) -> None:
    business.post("world", numbers=[there(business) | {"extra": {"is_on_biz_app": True}}])

    as_admin.post(url_of(connected), WISH)
    connected.worked()

    assert there(business)["status"] == "CONNECTED"
    assert "The phone decides this." in as_admin.get(url_of(connected)).content.decode()
    assert (
        "at_platform" not in as_admin.get(f"/connecting/numbers/{connected.number().pk}/disconnect/").content.decode()
    )


def test_a_number_that_went_to_the_phone_app_meanwhile_is_not_switched_off(
    connected: Hand, business: Simulator, as_admin: Client
) -> None:
    business.post("world", numbers=[there(business) | {"extra": {"is_on_biz_app": True}}])

    answer = as_admin.post(f"/connecting/numbers/{connected.number().pk}/disconnect/", OFF)

    assert answer.status_code == 422
    assert "Whoever holds the phone" in answer.content.decode()
    assert (there(business)["status"], connected.number().state) == ("CONNECTED", "live")


def test_a_number_without_a_pin_is_left_alone(
    connected: Hand, business: Simulator, as_admin: Client, enter: Enter
) -> None:
    with enter(connected.company):
        PhoneNumber.objects.update(pin="")

    assert "Set a new PIN" in as_admin.get(url_of(connected)).content.decode()
    as_admin.post(url_of(connected), WISH)
    connected.worked()

    assert (there(business)["status"], connected.number().state) == ("CONNECTED", "live")


def test_a_number_is_not_registered_again_and_again(
    connected: Hand, business: Simulator, as_admin: Client, enter: Enter
) -> None:
    with enter(connected.company):
        number = connected.number()
        for _time in range(3):
            number_states.change(number, "paused", reason="registering", at=timezone.now(), source="person")
            number_states.change(number, "live", source="person")

    answer = as_admin.post(url_of(connected), WISH)

    assert answer.status_code == 422
    assert "three days" in answer.content.decode()


OFF = {"queue": "keep", "at_platform": "off"}


def test_a_number_is_switched_off_for_good(connected: Hand, business: Simulator, as_admin: Client) -> None:
    number = connected.number()
    url = f"/connecting/numbers/{number.pk}/disconnect/"

    said = as_admin.post(url, OFF, follow=True).content.decode()

    assert "It is switched off at WhatsApp." in said
    assert there(business)["status"] == "DISCONNECTED"
    row = connected.number()
    assert (row.state, row.state_reason, row.token, row.platform_status) == ("stopped", "let_go", "", "DISCONNECTED")
    assert row.pin
    page = as_admin.get(f"/numbers/{row.pk}/settings/").content.decode()
    assert "It is switched off at WhatsApp too." in page


def test_a_refusal_to_switch_off_changes_nothing(connected: Hand, business: Simulator, as_admin: Client) -> None:
    registered_often(business)

    answer = as_admin.post(f"/connecting/numbers/{connected.number().pk}/disconnect/", OFF)

    assert answer.status_code == 422
    assert "Nothing was changed" in answer.content.decode()
    assert connected.number().state == "live"
