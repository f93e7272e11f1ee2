"""Where one is signed in, and the end of it."""

import re

from django.test import Client
from pytest_django import Settings

from tests.accounts.conftest import sign_in
from tests.fixtures.people import browser
from tests.fixtures.world import PASSWORD

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def test_the_list_names_every_browser_and_marks_this_one(on_company: Client) -> None:
    other = browser("fietsland.test")
    other.post(
        "/accounts/login/",
        {"login": "agent@example.test", "password": PASSWORD},
        headers={"User-Agent": FIREFOX},
    )
    sign_in(on_company, "agent")

    page = on_company.get("/accounts/sessions/").content.decode()

    assert "Firefox, Linux" in page
    assert page.count('class="list-row"') == 2
    assert on_company.cookies["session"].value not in page
    assert other.cookies["session"].value not in page


def test_the_address_is_the_proxys_word_only_behind_a_proxy_of_ours(settings: Settings, database: None) -> None:
    for behind, shown in ((True, "203.0.113.9"), (False, "127.0.0.1")):
        settings.BEHIND_PROXY = behind
        client = browser("fietsland.test")
        told = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
        client.post("/accounts/login/", {"login": "agent@example.test", "password": PASSWORD}, headers=told)

        page = client.get("/accounts/sessions/").content.decode()

        assert shown in page
        assert "198.51.100.1" not in page


def test_one_browser_is_signed_out_from_another(on_company: Client) -> None:
    other = browser("fietsland.test")
    sign_in(other, "agent")
    sign_in(on_company, "agent")
    handle = re.search(r"/accounts/sessions/(\w+)/end/", on_company.get("/accounts/sessions/").content.decode())
    assert handle

    on_company.post(f"/accounts/sessions/{handle[1]}/end/")

    assert not signed_in(other)
    assert signed_in(on_company)


def test_signing_out_everywhere_else_keeps_this_browser_and_other_people(
    as_agent: Client, as_second_agent: Client, as_other_agent: Client, on_company: Client
) -> None:
    sign_in(on_company, "agent")

    on_company.post("/accounts/sessions/end-others/")

    assert signed_in(on_company)
    assert not signed_in(as_agent)
    assert signed_in(as_second_agent)
    assert signed_in(as_other_agent)


def test_nobody_ends_the_session_of_somebody_else(as_second_agent: Client, on_company: Client) -> None:
    sign_in(on_company, "agent")
    other = browser("fietsland.test")
    sign_in(other, "agent")
    handle = re.search(r"/accounts/sessions/(\w+)/end/", on_company.get("/accounts/sessions/").content.decode())
    assert handle

    as_second_agent.post(f"/accounts/sessions/{handle[1]}/end/")

    assert signed_in(other)
