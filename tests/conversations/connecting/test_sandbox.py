"""One click makes a number on the simulator that is live at once; the command goes the same path."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tenants.models import Agency, ClientCompany, MetaApp
from tests.conversations.connecting.conftest import DISPLAY, NUMBER, TOKEN, WABA, Hand, add_account
from tests.fixtures.simulator import Simulator

pytestmark = pytest.mark.usefixtures("db")


def test_one_click_makes_a_number_that_is_live_with_a_way_to_its_phones(
    hand: Hand, simulator: Simulator, as_admin: Client
) -> None:
    answer = as_admin.post("/connecting/sandbox/")

    assert answer.status_code == 302
    number = hand.number()
    assert (number.state, number.sandbox) == ("live", True)
    assert hand.steps()["webhooks"] == "webhooks_unseen"
    assert f'href="{simulator.url}/"' in hand.page("webhooks")
    assert number.display_number in as_admin.get("/connecting/").content.decode()


def test_without_a_sandbox_the_way_is_not_offered(as_admin: Client, simulator: Simulator) -> None:
    MetaApp.objects.update(sandbox=False)

    assert "Make a sandbox number" not in as_admin.get("/connecting/").content.decode()
    assert as_admin.post("/connecting/sandbox/").status_code == 409


def test_a_simulator_that_is_away_is_said(as_admin: Client, simulator: Simulator) -> None:
    MetaApp.objects.update(graph_url="http://127.0.0.1:9")

    answer = as_admin.post("/connecting/sandbox/")

    assert answer.status_code == 409
    assert "The simulator did not answer." in answer.content.decode()


def test_apps_of_other_agencies_are_not_offered(as_admin: Client, simulator: Simulator, company: ClientCompany) -> None:
    stranger = Agency.objects.create(name="Anders", slug="anders")
    MetaApp.objects.update(agency=stranger)
    app = MetaApp.objects.first()
    assert app is not None

    page = as_admin.get("/connecting/by-hand/").content.decode()
    fields = {"phone_number_id": NUMBER, "waba_id": WABA, "app": str(app.pk), "token": TOKEN}

    assert str(app.pk) not in page
    assert as_admin.post("/connecting/by-hand/", fields).status_code == 422


def test_a_token_of_another_app_says_so(hand: Hand, business: Simulator, other_meta_app: MetaApp) -> None:
    add_account(business, other_meta_app, waba="300000000000099", token="EAAother")

    hand.by_hand(token="EAAother")

    assert hand.steps()["token"] == "token_of_other_app"
    assert hand.app.app_id in hand.page()


def test_the_command_tells_every_step(
    business: Simulator, company: ClientCompany, meta_app: MetaApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHATSAPP_TOKEN", TOKEN)

    told = _call("connect_number", "fietsland", NUMBER, WABA, DISPLAY, meta_app.app_id)

    steps = {step["name"]: step for step in told["steps"]}
    assert told["state"] == "live"
    assert steps["registration"]["state"] == "done"
    assert steps["test_message"]["problem"] == "test_unsent"
    assert steps["test_message"]["next"]


def test_the_command_says_what_stands_in_the_way(
    business: Simulator, meta_app: MetaApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHATSAPP_TOKEN", "EAAnobody")

    told = _call("connect_number", "fietsland", NUMBER, WABA, DISPLAY, meta_app.app_id)

    assert told["platform"] == "said no at token (token_invalid)"


def test_the_command_sets_what_the_window_opens_with(meta_app: MetaApp) -> None:
    told = _call("meta_app", meta_app.app_id, "--signup-config-id", "123", "--sdk-url", "https://sim.example/sdk.js")

    meta_app.refresh_from_db()
    assert (told["signup_config_id"], meta_app.signup_config_id) == ("123", "123")
    assert meta_app.sdk == "https://sim.example/sdk.js"
    assert meta_app.secret not in json.dumps(told)
    with pytest.raises(CommandError, match="at most 40"):
        _call("meta_app", meta_app.app_id, "--signup-config-id", "1" * 41)


def _call(*arguments: str) -> dict:
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out)
    answer: dict = json.loads(out.getvalue())
    return answer
