"""What somebody of the agency opened at clients ends with the sign-in it came from, at once and in no other browser."""

import contextlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tenants import live, wake
from tenants.accounts.models import User
from tenants.accounts.services import leaving_staff
from tenants.models import ClientCompany, StaffEntrance, StaffGrant
from tests.accounts.conftest import sign_in
from tests.desk.conftest import asked, counted, enters
from tests.fixtures.people import browser, browser_of_staff
from tests.fixtures.world import PASSWORD

pytestmark = pytest.mark.usefixtures("db", "granted_both")


def is_in(at_client: Client) -> bool:
    return at_client.get("/inbox/").status_code == 200


def test_signing_out_at_the_agency_ends_what_this_browser_opened_at_every_client_and_no_other_browsers(
    as_staff: Client, staff_person: User, company: ClientCompany, other_company: ClientCompany
) -> None:
    at_home = browser_of_staff(staff_person)
    here, there, elsewhere = enters(as_staff, company), enters(as_staff, other_company), enters(at_home, company)

    as_staff.post("/accounts/logout/")

    assert here.get("/inbox/").headers["Location"].startswith("/accounts/login/")
    assert here.get("/live/token/", headers={"HX-Request": "true"}).status_code == 401
    assert not is_in(there)
    assert is_in(elsewhere)
    assert at_home.get("/desk/").status_code == 200


def test_signing_out_everywhere_else_ends_what_the_other_browsers_opened(
    as_staff: Client, staff_person: User, company: ClientCompany
) -> None:
    at_home = browser_of_staff(staff_person)
    here, elsewhere = enters(as_staff, company), enters(at_home, company)

    as_staff.post("/accounts/sessions/end-others/")

    assert is_in(here)
    assert not is_in(elsewhere)


def test_who_is_switched_off_or_no_longer_staff_is_out_though_a_grant_is_still_there(
    as_staff: Client, staff_person: User, company: ClientCompany, granted: StaffGrant
) -> None:
    here = enters(as_staff, company)

    User.objects.filter(pk=staff_person.pk).update(is_active=False)

    assert not is_in(here)
    User.objects.filter(pk=staff_person.pk).update(is_active=True)
    again = enters(as_staff, company)
    staff_person.membership.delete()
    assert not is_in(again)
    assert StaffGrant.objects.in_force().filter(pk=granted.pk).exists()


def test_another_password_ends_what_was_opened_with_the_one_before(as_staff: Client, company: ClientCompany) -> None:
    here, on_agency = enters(as_staff, company), browser("agency.test")
    sign_in(on_agency, "staff_person")
    elsewhere = enters(on_agency, company)
    changed = {"oldpassword": PASSWORD, "password1": "vier-paarden-in-de-wei", "password2": "vier-paarden-in-de-wei"}

    assert as_staff.post("/accounts/password/change/", changed).status_code == 302

    assert not is_in(here)
    assert not is_in(elsewhere)


def test_a_sign_in_that_ran_out_at_the_agency_takes_the_clients_along(as_staff: Client, company: ClientCompany) -> None:
    here = enters(as_staff, company)

    Session.objects.filter(session_key=as_staff.cookies["session"].value).update(expire_date=timezone.now())

    assert not is_in(here)


def test_one_question_looks_at_it_and_the_clients_own_people_cost_none(
    as_staff: Client, as_agent: Client, company: ClientCompany
) -> None:
    here = enters(as_staff, company)

    with counted() as hers:
        here.get("/live/token/")
    with counted() as own:
        as_agent.get("/live/token/")

    assert sum("staffentrance" in one["sql"] for one in hers.captured_queries) == 1
    assert not any("staffentrance" in one["sql"] for one in own.captured_queries)
    assert asked(hers) <= asked(own) + 2  # the grant and the sign-in


def test_the_page_at_a_client_listens_for_its_end(
    as_staff: Client, as_agent: Client, staff_person: User, company: ClientCompany
) -> None:
    here = enters(as_staff, company)

    assert live.entered_topic(staff_person.pk) in live.read(here.get("/live/token/").json()["token"]).topics
    assert "staff:" not in " ".join(live.read(as_agent.get("/live/token/").json()["token"]).topics)


def test_streams_of_pages_at_clients_are_told_after_the_sign_in_is_gone(
    as_staff: Client, staff_person: User, company: ClientCompany, django_capture_on_commit_callbacks: Any
) -> None:
    here = enters(as_staff, company)
    [topic] = [one for one in live.read(here.get("/live/token/").json()["token"]).topics if one.startswith("staff:")]
    with contextlib.closing(wake.client().pubsub(ignore_subscribe_messages=True)) as listening:
        listening.subscribe(live.channel(topic))
        listening.get_message(timeout=5)

        with django_capture_on_commit_callbacks(execute=True):
            as_staff.post("/accounts/logout/")

        message = listening.get_message(timeout=5)
    assert message is not None
    assert json.loads(message["data"])["name"] == live.ACCESS


def test_what_nobody_can_use_any_more_is_forgotten(as_staff: Client, company: ClientCompany) -> None:
    enters(as_staff, company)
    StaffEntrance.objects.update(opened_at=timezone.now() - timedelta(hours=14))

    enters(as_staff, company)

    assert StaffEntrance.objects.count() == 1


def test_who_leaves_the_agency_is_out_at_once(
    as_staff: Client, staff_person: User, staff_owner: User, company: ClientCompany
) -> None:
    here = enters(as_staff, company)

    leaving_staff.leave(staff_person.membership, by=staff_owner)

    assert not is_in(here)


def test_the_clients_sign_in_page_leads_the_agencys_people_back_through_their_own(
    as_staff: Client, company: ClientCompany
) -> None:
    here = enters(as_staff, company)
    as_staff.post("/accounts/logout/")

    page = here.get(here.get("/contacts/").headers["Location"]).content.decode()

    assert f'/clients/{company.pk}/enter/?next=/contacts/">' in page
    assert "/enter/?next=" not in as_staff.get("/accounts/login/").content.decode()
