"""Proof, storage and PIN: what a number needs before it may send, and what WhatsApp refuses about it."""

import time

import pytest
from django.test import Client

from conversations.models import PhoneNumber
from tenants.accounts.models import AuditEntry
from tenants.models import MetaApp
from tests.conversations.connecting.conftest import NUMBER, Hand, add_account, add_number
from tests.fixtures.companies import Enter
from tests.fixtures.simulator import Simulator

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def protected(simulator: Simulator, meta_app: MetaApp) -> Simulator:
    """A number with a two-step PIN of its own: 246810."""
    add_account(simulator, meta_app)
    add_number(simulator, pin="246810")
    simulator.post("options", pin_guess_ms=0)
    return simulator


def world_number(simulator: Simulator) -> dict[str, object]:
    rows: list[dict[str, object]] = simulator.get("world")["numbers"]
    return next(one for one in rows if one["id"] == NUMBER)


def test_a_pin_of_its_own_is_asked_for_and_never_guessed(hand: Hand, protected: Simulator) -> None:
    hand.by_hand()
    assert hand.steps()["registration"] == "pin_wrong"
    assert hand.number().state_reason == "connecting"

    for _ in range(7):  # looking again costs no guess
        hand.browser.post(f"/connecting/{hand.last().pk}/check/", {"step": "registration"})
        hand.worked()
    assert hand.steps()["registration"] == "pin_wrong"

    assert hand.answer("pin", pin="12").status_code == 422
    assert hand.answer("pin", pin="246810").status_code == 302
    hand.worked()
    assert hand.steps()["registration"] == "done"
    assert (hand.number().pin, hand.number().state) == ("246810", "live")


def test_a_pin_given_with_the_ids_is_used(hand: Hand, protected: Simulator) -> None:
    hand.by_hand(pin="246810")

    assert hand.number().pin == "246810"
    assert hand.number().state == "live"


def test_too_many_wrong_pins_tell_how_long_to_wait(hand: Hand, protected: Simulator) -> None:
    hand.by_hand()
    for wrong in range(6):
        hand.answer("pin", pin=f"00000{wrong}")
        hand.worked()

    assert hand.steps()["registration"] == "pin_tries"
    page = hand.page()
    assert "Try again in" in page
    assert "Every further try makes the wait longer" in page


def test_ten_registrations_in_three_days_are_named(hand: Hand, simulator: Simulator, meta_app: MetaApp) -> None:
    add_account(simulator, meta_app)
    now = time.time()
    add_number(simulator, state={"registrations": [now - 60 * count for count in range(10)]})

    hand.by_hand()

    assert hand.steps()["registration"] == "registered_too_often"
    assert "Wait three days" in hand.page()


@pytest.mark.parametrize("region", ["DE", "CH", ""])
def test_the_region_is_set_before_the_number_is_registered(hand: Hand, business: Simulator, region: str) -> None:
    hand.by_hand(region=region)

    assert hand.steps()["storage"] == "done"
    assert hand.number().storage_region == region
    kept = dict(world_number(business).get("state", {})).get("settings", {})  # type: ignore[call-overload]
    stored = kept.get("storage_configuration", {}).get("data_localization_region", "")
    assert stored == region


def test_a_number_that_is_registered_keeps_its_region_and_says_so(
    hand: Hand, simulator: Simulator, meta_app: MetaApp
) -> None:
    add_account(simulator, meta_app)
    add_number(simulator, status="CONNECTED")

    hand.by_hand()

    assert hand.steps()["storage"] == "storage_registered"
    assert hand.steps()["registration"] == "done"
    assert hand.number().state == "live"
    assert hand.number().storage_region == ""


def test_the_pin_is_changed_and_kept_encrypted(
    hand: Hand, business: Simulator, as_admin: Client, as_agent: Client, enter: Enter
) -> None:
    hand.by_hand()
    number = hand.number()
    url = f"/connecting/numbers/{number.pk}/pin/"

    assert as_agent.post(url, {"pin": "135790"}).status_code == 403
    for refused in ("abc", "12a456", "123456"):
        assert as_admin.post(url, {"pin": refused}).status_code == 422
    assert as_admin.post(url, {"pin": "135790"}).status_code == 302

    assert hand.number().pin == "135790"
    assert "135790" not in as_admin.get(url).content.decode()
    with enter(hand.company):
        raw = PhoneNumber.objects.extra(select={"cipher": "pin"}).values_list("cipher", flat=True).get(pk=number.pk)
        assert "135790" not in raw
        assert AuditEntry.objects.filter(action="number.pin_changed").count() == 1


def test_a_pin_that_whatsapp_does_not_take_says_why(hand: Hand, business: Simulator, as_admin: Client) -> None:
    hand.by_hand()
    MetaApp.objects.update(graph_url="http://127.0.0.1:9")
    before = hand.number().pin

    answer = as_admin.post(f"/connecting/numbers/{hand.number().pk}/pin/", {"pin": "135790"})

    assert answer.status_code == 422
    assert "does not answer now" in answer.content.decode()
    assert hand.number().pin == before
