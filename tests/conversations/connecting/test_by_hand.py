"""Ids and a token by hand: every step is looked at, what works is kept, and what does not says why."""

import pytest
from django.test import Client

from conversations.models import Connecting, PhoneNumber
from tenants.accounts.models import AuditEntry
from tenants.models import AccountRoute, ClientCompany, MetaApp, NumberRoute
from tests.architecture import html_rules
from tests.conversations.connecting.conftest import DISPLAY, NUMBER, TOKEN, WABA, Hand, add_account, add_number
from tests.fixtures.companies import Enter
from tests.fixtures.simulator import Simulator

pytestmark = pytest.mark.usefixtures("db")


def test_a_number_is_connected_step_by_step_and_its_secrets_are_never_shown(
    hand: Hand, business: Simulator, company: ClientCompany, enter: Enter
) -> None:
    done = hand.by_hand()

    steps = hand.steps()
    assert {name for name, state in steps.items() if state != "done"} == {"webhooks", "test_message"}
    number = hand.number()
    assert (number.state, number.sandbox, number.token) == ("live", True, TOKEN)
    assert len(number.pin) == 6
    assert (number.storage_region, number.funded) == ("DE", True)
    assert (done.state, done.token, done.pin) == ("done", "", "")
    page = hand.page()
    assert html_rules.breaches_in(page) == []
    assert TOKEN not in page
    assert number.pin not in page
    assert NumberRoute.objects.get(pk=NUMBER).company_id == company.pk
    with enter(company):
        assert AuditEntry.objects.filter(action="number.connected", subject_id=str(number.pk)).count() == 1


def test_a_real_number_waits_for_its_agreement_and_says_so_with_a_way_there(
    hand: Hand, business: Simulator, real: MetaApp
) -> None:
    hand.by_hand()

    number = hand.number()
    assert number.state == "setup"
    assert hand.steps()["agreement"] == "agreement_missing"
    assert hand.last().state == "done"
    page = hand.page("agreement")
    assert 'href="/privacy/"' in page
    assert "only under a signed one" in page


@pytest.mark.parametrize(
    ("given", "step", "problem"),
    [
        ({"token": "EAAnobody"}, "token", "token_invalid"),
        ({"token": "two words"}, "token", "token_malformed"),
        ({"waba_id": "399999999999999"}, "account", "account_unreachable"),
        ({"phone_number_id": "499999999999999"}, "number", "number_not_in_account"),
    ],
)
def test_what_is_wrong_stops_at_its_step_and_names_the_next(
    hand: Hand, business: Simulator, given: dict[str, str], step: str, problem: str
) -> None:
    hand.by_hand(**given)

    assert hand.steps()[step] == problem
    page = hand.page()
    assert html_rules.breaches_in(page) == []
    assert "Who acts:" in page
    assert hand.last().state == "open"
    with pytest.raises(PhoneNumber.DoesNotExist):
        hand.number()


def test_a_wrong_token_is_replaced_and_the_path_goes_on(hand: Hand, business: Simulator) -> None:
    hand.by_hand(token="EAAnobody")

    answer = hand.answer("token", token=TOKEN)
    hand.worked()

    assert answer.status_code == 302
    assert hand.number().token == TOKEN
    assert hand.steps()["registration"] == "done"


def test_a_revoked_token_is_named_as_such(hand: Hand, business: Simulator) -> None:
    business.post(f"tokens/{WABA}/revoke")

    hand.by_hand()

    assert hand.steps()["token"] == "token_invalid"


def test_a_token_without_a_permission_says_which_is_missing(
    hand: Hand, simulator: Simulator, meta_app: MetaApp
) -> None:
    add_account(simulator, meta_app, scopes=["whatsapp_business_management"])
    add_number(simulator)

    hand.by_hand()

    assert hand.steps()["permissions"] == "permission_missing"
    assert "whatsapp_business_messaging" in hand.page()


def test_a_number_of_another_company_is_refused_without_saying_whose(
    hand: Hand, business: Simulator, other_company: ClientCompany, meta_app: MetaApp
) -> None:
    NumberRoute.objects.create(pk=NUMBER, company=other_company, app=meta_app)

    hand.by_hand()

    assert hand.steps()["number"] == "number_taken"
    assert other_company.name not in hand.page()
    assert not AccountRoute.objects.filter(waba_id=WABA).exists()


def test_an_account_that_cannot_pay_is_connected_and_warned_about(
    hand: Hand, simulator: Simulator, meta_app: MetaApp
) -> None:
    add_account(simulator, meta_app, primary_funding_id="")
    add_number(simulator)

    hand.by_hand()

    assert hand.steps()["funding"] == "no_funding"
    assert hand.number().state == "live"
    assert hand.number().funded is False
    assert "payment method" in hand.page()


def test_without_the_platform_nothing_is_lost_and_it_is_tried_again(
    hand: Hand, business: Simulator, meta_app: MetaApp
) -> None:
    url = meta_app.graph_url
    MetaApp.objects.update(graph_url="http://127.0.0.1:9")
    hand.by_hand()
    assert hand.steps()["token"] == "unreachable"

    MetaApp.objects.update(graph_url=url or business.url)
    MetaApp.objects.update(graph_url=business.url)
    hand.worked()

    assert hand.number().state == "live"


def test_the_same_number_in_two_tabs_becomes_one(hand: Hand, business: Simulator, enter: Enter) -> None:
    hand.by_hand()
    pin = hand.number().pin
    hand.by_hand()

    with enter(hand.company):
        assert PhoneNumber.objects.filter(phone_number_id=NUMBER).count() == 1
        assert Connecting.objects.filter(state="done").count() == 2
    assert hand.number().pin == pin


def test_an_agent_may_not_and_another_companys_attempt_is_not_there(
    hand: Hand, business: Simulator, as_agent: Client, as_other_admin: Client
) -> None:
    begun = hand.by_hand()

    assert as_agent.get("/connecting/").status_code == 403
    assert as_other_admin.get(f"/connecting/{begun.pk}/").status_code == 404
    assert as_other_admin.post(f"/connecting/{begun.pk}/check/").status_code == 404


@pytest.mark.parametrize("field", ["phone_number_id", "waba_id", "token"])
def test_what_cannot_be_an_id_is_refused_in_its_place(hand: Hand, as_admin: Client, field: str) -> None:
    fields = {"phone_number_id": NUMBER, "waba_id": WABA, "app": str(hand.app.pk), "token": TOKEN} | {field: ""}

    page = as_admin.post("/connecting/by-hand/", fields)

    assert page.status_code == 422
    assert TOKEN not in page.content.decode()


def test_the_page_lists_numbers_and_what_was_left_unfinished(hand: Hand, business: Simulator) -> None:
    hand.by_hand(token="EAAnobody")

    page = hand.browser.get("/connecting/").content.decode()

    assert html_rules.breaches_in(page) == []
    assert "Go on" in page
    assert DISPLAY not in page
    assert hand.browser.post(f"/connecting/{hand.last().pk}/give-up/").status_code == 302
    assert hand.last().state == "abandoned"
    assert hand.last().token == ""
