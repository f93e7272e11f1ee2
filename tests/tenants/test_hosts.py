"""Hosts: agencies', companies', and nobody's; sessions stay on their side."""

import pytest
from django.test import Client

from tenants.accounts.models import User
from tenants.context import in_public
from tenants.models import Agency, ClientCompany, StaffMembership
from tenants.services.agencies import create_agency
from tests.fixtures.companies import Enter
from tests.fixtures.people import browser
from tests.fixtures.world import PASSWORD, email_of

LOGIN = "/accounts/login/"
OWN_PAGE = "/accounts/password/change/"


def sign_in(client: Client, key: str, password: str = PASSWORD) -> int:
    return client.post(LOGIN, {"login": email_of(key), "password": password}).status_code


STRANGE_HOSTS = ["", "nobody.test", "fietsland.test.evil.example", "test", "127.0.0.1", "[::1]:8000", "%"]


@pytest.mark.parametrize("host", STRANGE_HOSTS)
def test_an_unknown_host_is_a_bare_404(company: ClientCompany, host: str) -> None:
    response = browser(host).get(LOGIN)

    assert response.status_code == 404
    assert response.content == b""


@pytest.mark.parametrize("host", ["fietsland.test", "FietsLand.Test:8000", "fietsland.test.", "agency.test:80"])
def test_a_known_host_is_found_in_any_spelling(company: ClientCompany, host: str) -> None:
    assert browser(host).get(LOGIN).status_code == 200


def test_health_is_told_on_every_host(company: ClientCompany) -> None:
    assert browser("10.0.0.7").get("/healthz").status_code == 200
    assert browser("10.0.0.7").get("/readyz").json()["database"] == "ok"


def test_people_sign_in_on_their_own_side_only(company: ClientCompany, other_company: ClientCompany) -> None:
    assert sign_in(browser("fietsland.test"), "agent") == 302
    assert sign_in(browser("zorgvast.test"), "agent") == 200
    assert sign_in(browser("agency.test"), "agent") == 200
    assert sign_in(browser("agency.test"), "staff_person") == 302
    assert sign_in(browser("fietsland.test"), "staff_person") == 200


def test_staff_of_another_agency_fail_like_a_wrong_password(agency: Agency) -> None:
    other = create_agency("Ander", slug="ander", host="ander.example.com")
    stranger = User.objects.create_user("stranger@example.test", name="Stranger", password=PASSWORD)
    StaffMembership.objects.create(user=stranger, agency=other)

    def answer(client: Client, email: str, password: str) -> tuple[int, str]:
        response = client.post(LOGIN, {"login": email, "password": password})
        errors = str(response.context["form"].errors) if response.status_code == 200 else ""
        return response.status_code, errors

    wrong_agency = answer(browser("agency.test"), "stranger@example.test", PASSWORD)
    wrong_password = answer(browser("agency.test"), email_of("staff_person"), "not the password at all")
    at_home = answer(browser("ander.example.com"), "stranger@example.test", PASSWORD)

    assert wrong_agency == wrong_password
    assert wrong_agency[0] == 200
    assert at_home[0] == 302


def test_a_session_opens_nothing_elsewhere(as_agent: Client, as_staff: Client, other_company: ClientCompany) -> None:
    for signed_in, elsewhere in ((as_agent, "zorgvast.test"), (as_agent, "agency.test"), (as_staff, "fietsland.test")):
        thief = browser(elsewhere)
        thief.cookies.load({name: morsel.value for name, morsel in signed_in.cookies.items()})
        assert thief.get(OWN_PAGE).status_code == 302
    assert as_agent.get(OWN_PAGE).status_code == 200
    assert as_staff.get(OWN_PAGE).status_code == 200


def test_cookies_belong_to_one_host_and_no_script(company: ClientCompany) -> None:
    client = browser("fietsland.test")
    sign_in(client, "agent")

    for morsel in client.cookies.values():
        assert morsel["domain"] == ""
        assert morsel["path"] == "/"
        assert morsel["httponly"]
        assert morsel["samesite"] == "Lax"
    assert {"session", "csrf"} >= set(client.cookies)


def test_a_request_leaves_the_connection_where_it_was(as_agent: Client, company: ClientCompany, enter: Enter) -> None:
    with enter(company):
        as_agent.get(OWN_PAGE)
        assert User.objects.count() == 4
    with in_public():
        as_agent.get(OWN_PAGE)
        assert User.objects.count() == 2
