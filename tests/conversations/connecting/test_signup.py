"""Meta's window: whatever it tells is a hint, its code is exchanged at once, and an unfinished one can be resumed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Connecting
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.roles import Role
from tenants.accounts.services import grants
from tenants.models import ClientCompany, MetaApp
from tests.architecture import html_rules
from tests.conversations.connecting.conftest import NUMBER, WABA, Finish, Hand, add_number
from tests.fixtures.companies import Enter
from tests.fixtures.people import browser
from tests.fixtures.simulator import Simulator

pytestmark = pytest.mark.usefixtures("db")


def told(hand: Hand, ended: dict[str, Any]) -> Any:
    """The page passes on what the window said, then the code; a worker goes on."""
    session = ended["session"]
    assert hand.tell(session["event"], **session["data"]) == 200
    answer = hand.code(ended["code"])
    hand.worked()
    return answer


def test_a_finished_signup_becomes_a_working_number(hand: Hand, finish: Finish) -> None:
    hand.begin()
    ended = finish("FINISH", phone="+31 20 765 43 21")

    assert told(hand, ended) == {"ok": True, "problem": ""}

    number = hand.number()
    assert (number.phone_number_id, number.waba_id) == (
        ended["session"]["data"]["phone_number_id"],
        ended["session"]["data"]["waba_id"],
    )
    assert (number.state, number.on_phone_app) == ("live", False)
    assert number.pin
    assert hand.last().state == Connecting.State.DONE
    assert number.token not in hand.page()


def test_the_page_may_load_the_apps_script_and_no_other_page_may(hand: Hand, business: Simulator) -> None:
    hand.begin()

    page = hand.browser.get(f"/connecting/{hand.last().pk}/")
    other = hand.browser.get("/connecting/")

    policy = page.headers["Content-Security-Policy"]
    assert f"script-src 'self' {business.url}" in policy
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert f'src="{business.url}/sdk.js"' in page.content.decode()
    assert html_rules.breaches_in(page.content.decode()) == []
    assert business.url not in other.headers["Content-Security-Policy"]
    assert other.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_real_app_loads_metas_script(hand: Hand, real: MetaApp) -> None:
    MetaApp.objects.filter(pk=real.pk).update(signup_config_id="777")
    hand.begin()

    page = hand.browser.get(f"/connecting/{hand.last().pk}/")

    assert "https://connect.facebook.net" in page.headers["Content-Security-Policy"]
    assert 'data-config-id="777"' in page.content.decode()
    assert 'data-origin=""' in page.content.decode()


def test_ids_that_the_browser_made_up_change_nothing(hand: Hand, finish: Finish, business: Simulator) -> None:
    hand.begin()
    ended = finish("FINISH")
    hand.tell("FINISH", waba_id=WABA, phone_number_id=NUMBER)

    hand.code(ended["code"])
    hand.worked()

    assert hand.last().waba_id == ended["session"]["data"]["waba_id"]
    assert hand.last().phone_number_id == ended["session"]["data"]["phone_number_id"]


def test_an_account_without_a_number_asks_for_one_and_verifies_it(
    hand: Hand, finish: Finish, business: Simulator
) -> None:
    hand.begin()
    told(hand, finish("FINISH_ONLY_WABA"))
    assert hand.steps()["number"] == "number_none"

    assert hand.answer("add", phone="020 1", name="Smit").status_code == 422
    assert hand.answer("add", phone="+31 20 765 43 99", name="Bakkerij Smit").status_code == 302
    hand.worked()
    assert hand.steps()["verification"] == "not_verified"

    assert hand.answer("ask", by_call="yes").status_code == 302
    wrong = hand.answer("code", code="000000")
    assert wrong.status_code == 422
    assert "not the one that was sent" in wrong.content.decode()
    sent = business.get("world")
    code = next(one for one in sent["numbers"] if one["id"] == hand.last().phone_number_id)["state"]["code"]["code"]
    assert hand.answer("code", code=f"{code[:3]}-{code[3:]}").status_code == 302
    hand.worked()

    assert hand.steps()["registration"] == "done"
    assert hand.number().state == "live"


def test_several_numbers_are_a_choice(hand: Hand, finish: Finish, business: Simulator) -> None:
    hand.begin()
    ended = finish("FINISH")
    waba = ended["session"]["data"]["waba_id"]
    add_number(business, waba=waba, display_phone_number="+31 20 555 0202")
    hand.tell("FINISH_GRANT_ONLY_API_ACCESS", waba_id=waba)
    hand.code(ended["code"])
    hand.worked()
    assert hand.steps()["number"] == "number_choose"
    assert "+31 20 555 0202" in hand.page()

    hand.browser.post(f"/connecting/{hand.last().pk}/choose/number/", {"chosen": NUMBER})
    hand.worked()

    assert hand.number().phone_number_id == NUMBER


def test_a_number_that_another_partner_served_keeps_its_registration_and_asks_for_a_pin(
    hand: Hand, finish: Finish
) -> None:
    hand.begin()
    told(hand, finish("FINISH_OBO_MIGRATION"))

    assert hand.steps()["registration"] == "done"
    assert hand.steps()["pin"] == "pin_unknown"
    assert hand.answer("new_pin", pin="12345").status_code == 422
    assert hand.answer("new_pin", pin="").status_code == 302
    hand.worked()

    assert hand.steps()["pin"] == "done"
    assert len(hand.number().pin) == 6


def test_a_cancelled_window_says_where_it_was_left_and_can_be_opened_again(hand: Hand, finish: Finish) -> None:
    hand.begin()
    hand.tell("CANCEL", current_step="PHONE_NUMBER_SETUP")

    page = hand.page()
    assert "Phone number setup" in page
    assert "Open the window again" in page
    assert hand.steps()["signup"] == "signup_cancelled"

    told(hand, finish("FINISH"))
    assert hand.number().state == "live"


def test_an_error_of_the_window_is_shown_in_metas_words(hand: Hand, business: Simulator) -> None:
    hand.begin()
    hand.tell("ERROR", error_message="The <b>number</b> is in use.", error_id="1")

    assert hand.steps()["signup"] == "signup_error"
    assert "The &lt;b&gt;number&lt;/b&gt; is in use." in hand.page()


def test_a_code_that_came_too_late_or_twice_asks_for_the_window_again(
    hand: Hand, finish: Finish, business: Simulator
) -> None:
    hand.begin()
    assert hand.code("AQnothing") == {"ok": False, "problem": "code_expired"}
    assert "lives for half a minute" in hand.page()

    ended = finish("FINISH")
    assert told(hand, ended)["ok"]
    hand.begin()
    assert hand.code(ended["code"])["problem"] == "code_expired"


def test_odd_bodies_are_refused(hand: Hand, business: Simulator) -> None:
    hand.begin()
    url = f"/connecting/{hand.last().pk}/"

    assert hand.browser.post(url + "session/", "[]", content_type="application/json").status_code == 400
    assert hand.browser.post(url + "code/", "{", content_type="application/json").status_code == 400
    assert hand.tell("SOMETHING_NEW", whatever=1) == 200
    hand.worked()
    assert hand.steps()["signup"] == "signup_open"


def test_an_unfinished_window_is_listed_and_a_given_up_one_takes_nothing_more(hand: Hand, finish: Finish) -> None:
    hand.begin()
    ended = finish("FINISH")
    assert "Go on" in hand.browser.get("/connecting/").content.decode()
    hand.browser.post(f"/connecting/{hand.last().pk}/give-up/")

    assert hand.tell("FINISH") == 409
    assert hand.code(ended["code"])["code"] == "connecting_not_open"


def test_without_a_configuration_the_way_is_closed_and_says_why(hand: Hand) -> None:
    MetaApp.objects.update(sandbox=False)
    page = hand.browser.get("/connecting/").content.decode()
    assert "No Meta app with a sign-up configuration" in page

    assert hand.browser.post("/connecting/start/signup/").status_code == 409


def test_the_agencys_owner_connects_for_a_client_on_the_agencys_host(
    hand: Hand, finish: Finish, as_owner: Client, enter: Enter
) -> None:
    home = f"/clients/{hand.company.pk}/connecting/"
    page = as_owner.get(home)
    assert page.status_code == 200
    assert html_rules.breaches_in(page.content.decode()) == []

    begun = as_owner.post(home + "start/signup/").headers["Location"]
    assert begun.startswith(home)
    ended = finish("FINISH")
    as_owner.post(begun + "session/", ended["session"], content_type="application/json")
    assert as_owner.post(begun + "code/", {"code": ended["code"]}, content_type="application/json").json()["ok"]
    hand.worked()

    assert hand.number().state == "live"
    shown = as_owner.get(begun)
    assert shown.status_code == 200
    assert html_rules.breaches_in(shown.content.decode()) == []
    assert browser("agency.test").get(home).status_code == 302
    with enter(hand.company):
        entry = AuditEntry.objects.get(action="connecting.started")
        assert entry.on_behalf_of == hand.company.agency.name


def test_staff_connect_only_where_the_client_granted_them_the_role_of_an_admin(
    hand: Hand, simulator: Simulator, as_staff: Client, staff_person: User, other_company: ClientCompany
) -> None:
    home = f"/clients/{hand.company.pk}/connecting/"
    grants.give(staff_person.membership, company=hand.company, role=Role.AGENT, given_by="A <a@a.test>")
    assert as_staff.get(home).status_code == 403
    assert as_staff.post(home + "sandbox/").status_code == 403

    grants.give(staff_person.membership, company=hand.company, role=Role.ADMIN, given_by="A <a@a.test>")

    assert as_staff.get(home).status_code == 200
    assert "Connect and disconnect numbers" in as_staff.get(f"/clients/{hand.company.pk}/").content.decode()
    assert as_staff.get(f"/clients/{other_company.pk}/connecting/").status_code == 403


def test_a_number_that_stays_on_the_phone_is_never_registered(hand: Hand, finish: Finish, enter: Enter) -> None:
    hand.begin("coexistence")
    told(hand, finish("FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"))

    number = hand.number()
    assert (number.on_phone_app, number.messages_per_second, number.pin) == (True, 20, "")
    assert "registration" not in hand.steps()
    assert hand.steps()["handover"] == "handover_choose"
    with enter(hand.company):
        row = hand.last()
        row.data["onboarded_at"] = (timezone.now() - timedelta(hours=25)).isoformat()
        row.save(update_fields=["data"])
    assert hand.steps()["handover"] == "handover_late"
