"""Agency staff see their clients, open new ones, and give one another access."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from config.templatetags import page as page_words
from conversations.desk.models import CompanySummary
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.roles import Role
from tenants.accounts.services import grants
from tenants.context import inside
from tenants.models import Agency, ClientCompany, StaffGrant
from tests.architecture import html_rules
from tests.fixtures.companies import Enter
from tests.fixtures.people import browser

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def granted(staff_person: User, company: ClientCompany) -> StaffGrant:
    return grants.give(staff_person.membership, company=company, role=Role.AGENT, given_by="Owner <o@agency.test>")


def test_the_console_lists_the_agencys_clients_in_a_fixed_number_of_queries(
    as_staff: Client, company: ClientCompany, other_company: ClientCompany, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(11):
        page = as_staff.get("/")

    text = page.content.decode()
    assert page.status_code == 200
    assert company.name in text
    assert other_company.name in text
    assert html_rules.breaches_in(text) == []


def test_a_company_of_another_agency_is_not_there(as_owner: Client, company: ClientCompany) -> None:
    stranger = Agency.objects.create(name="Elders", slug="elders")
    ClientCompany.objects.filter(pk=company.pk).update(agency=stranger)

    assert company.name not in as_owner.get("/").content.decode()
    assert as_owner.get(f"/clients/{company.pk}/").status_code == 404
    assert as_owner.post(f"/clients/{company.pk}/grants/", {}).status_code == 404
    assert as_owner.get(f"/clients/{company.pk}/enter/").status_code == 404


def test_staff_who_are_not_owners_may_look_but_not_change(as_staff: Client, company: ClientCompany) -> None:
    assert as_staff.get(f"/clients/{company.pk}/").status_code == 200
    assert as_staff.get("/clients/new/").status_code == 403
    assert as_staff.post(f"/clients/{company.pk}/grants/", {}).status_code == 403


def test_an_owner_opens_a_client_and_its_admin_is_invited(as_owner: Client, mailoutbox: list[Any]) -> None:
    answer = as_owner.post(
        "/clients/new/",
        {
            "name": "Bakkerij Zon",
            "subdomain": "bakkerij-zon",
            "language": "nl",
            "country": "NL",
            "admin_name": "Bo Zon",
            "admin_email": "bo@zon.test",
        },
    )

    company = ClientCompany.objects.get(subdomain="bakkerij-zon")
    assert answer.headers["Location"] == f"/clients/{company.pk}/"
    with inside(company.schema_name):
        assert User.objects.get(email="bo@zon.test").role == Role.ADMIN


@pytest.mark.parametrize("subdomain", ["www", "Not A Host", "fietsland"])
def test_an_address_that_cannot_be_is_refused_with_a_reason(as_owner: Client, subdomain: str) -> None:
    count = ClientCompany.objects.count()

    answer = as_owner.post(
        "/clients/new/",
        {
            "name": "X",
            "subdomain": subdomain,
            "language": "nl",
            "country": "NL",
            "admin_name": "A",
            "admin_email": "a@x.test",
        },
    )

    assert answer.status_code in (302, 422)
    assert answer.status_code == 422
    assert ClientCompany.objects.count() == count


def test_one_click_leads_into_a_clients_inbox_and_is_recorded_there(
    as_staff: Client, granted: StaffGrant, company: ClientCompany, enter: Enter
) -> None:
    away = as_staff.get(f"/clients/{company.pk}/enter/")
    assert away.status_code == 302
    path = away.headers["Location"].split("/enter/")[1]
    at_client = browser("fietsland.test")

    arrived = at_client.get(f"/enter/{path}")

    assert arrived.headers["Location"] == "/inbox/"
    assert at_client.get("/switcher/").status_code == 200
    with enter(company):
        used = AuditEntry.objects.get(action="grant.used")
        assert used.on_behalf_of == company.agency.name
        assert User.objects.get(staff_id=granted.staff_id).role == Role.AGENT


def test_the_token_works_once(as_staff: Client, granted: StaffGrant, company: ClientCompany) -> None:
    path = as_staff.get(f"/clients/{company.pk}/enter/").headers["Location"].split("/enter/")[1]
    browser("fietsland.test").get(f"/enter/{path}")

    second = browser("fietsland.test").get(f"/enter/{path}")

    assert second.status_code == 403
    assert "http://agency.test" in second.content.decode()


def test_the_token_of_one_client_opens_no_other(as_staff: Client, granted: StaffGrant, company: ClientCompany) -> None:
    path = as_staff.get(f"/clients/{company.pk}/enter/").headers["Location"].split("/enter/")[1]

    assert browser("zorgvast.test").get(f"/enter/{path}").status_code == 403


def test_without_a_grant_there_is_no_way_in(as_staff: Client, company: ClientCompany) -> None:
    assert as_staff.get(f"/clients/{company.pk}/enter/").status_code == 404


def test_ending_a_grant_ends_the_session_at_once(as_staff: Client, granted: StaffGrant, company: ClientCompany) -> None:
    path = as_staff.get(f"/clients/{company.pk}/enter/").headers["Location"].split("/enter/")[1]
    at_client = browser("fietsland.test")
    at_client.get(f"/enter/{path}")
    assert at_client.get("/switcher/").status_code == 200

    grants.end(granted, ended_by="Owner <o@agency.test>")

    assert at_client.get("/switcher/").status_code == 302


def test_the_switcher_shows_only_clients_with_a_grant(
    as_staff: Client, granted: StaffGrant, company: ClientCompany, other_company: ClientCompany
) -> None:
    text = as_staff.get("/switcher/").content.decode()

    assert company.name in text
    assert other_company.name not in text


def test_the_switcher_says_closed_how_many_wait_at_the_clients_she_serves(
    as_staff: Client, granted: StaffGrant, company: ClientCompany, other_company: ClientCompany
) -> None:
    for one, unanswered in ((company, 7), (other_company, 90)):
        CompanySummary.objects.update_or_create(company=one, defaults={"unanswered": unanswered})

    told = as_staff.get("/switcher/").content.decode()

    assert 'id="switcher-count"' in as_staff.get("/").content.decode()
    assert 'id="switcher-count" hx-swap-oob="true"' in told
    assert ">7 wait<" in told and "97 wait" not in told


def test_a_country_is_chosen_by_its_name_and_shown_by_it(as_owner: Client, company: ClientCompany) -> None:
    form = as_owner.get("/clients/new/").content.decode()
    assert '<option value="NL" selected>Netherlands</option>' in form
    assert '<option value="AT">Austria</option>' in form

    page = as_owner.get(f"/clients/{company.pk}/").content.decode()
    assert "<dd>Netherlands</dd>" in page


def test_a_sentence_that_ends_in_a_shortened_word_has_one_point() -> None:
    then = timezone.now() - timedelta(minutes=5)
    with translation.override("de"):
        assert str(page_words.when(then, end=".")).endswith("5 Min.</time>")
        assert str(page_words.when(timezone.now(), end=".")).endswith("</time>.")
