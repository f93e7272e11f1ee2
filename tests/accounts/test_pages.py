"""Every page about oneself: no inline script or style, the policy in the header, its own words for errors."""

import pytest
from django.conf import settings
from django.test import Client

from tests.accounts.conftest import confirm, set_up_totp
from tests.architecture.html_rules import assert_clean, breaches_in

OUTSIDE = ["login/", "password/reset/", "password/reset/done/", "invitation/unknown/"]
INSIDE = [
    "profile/",
    "sessions/",
    "password/change/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
]
AFTER = ["2fa/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/totp/deactivate/", "logout/"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_pages_before_signing_in_are_clean_on_both_sides(on_company: Client, on_agency: Client, path: str) -> None:
    for client, name in ((on_company, "Fietsland"), (on_agency, "Balans")):
        answer = client.get(f"/accounts/{path}")
        assert answer.status_code in (200, 410)
        assert name in answer.content.decode()
        assert_clean(answer.content.decode())


@pytest.mark.parametrize("path", INSIDE)
def test_pages_about_oneself_are_clean_on_both_sides(as_admin: Client, as_staff: Client, path: str) -> None:
    for client in (as_admin, as_staff):
        confirm(client)
        answer = client.get(f"/accounts/{path}")
        assert answer.status_code == 200
        assert_clean(answer.content.decode())


def test_pages_with_a_second_factor_are_clean(as_admin: Client) -> None:
    set_up_totp(as_admin)
    for path in AFTER:
        answer = as_admin.get(f"/accounts/{path}")
        assert answer.status_code == 200, path
        assert_clean(answer.content.decode())


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/"])
def test_the_policy_allows_nothing_inline_and_nobody_else(on_company: Client, path: str) -> None:
    policy = on_company.get(path)["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_other_headers_and_cookies_keep_to_themselves(on_company: Client) -> None:
    answer = on_company.get("/accounts/login/")

    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer.cookies[settings.CSRF_COOKIE_NAME]["httponly"]
    assert answer.cookies[settings.CSRF_COOKIE_NAME]["samesite"] == "Lax"


def test_a_page_that_is_not_there_says_so_in_the_house_style(as_agent: Client, on_agency: Client) -> None:
    for client in (as_agent, on_agency):
        answer = client.get("/nowhere/at/all/")
        assert answer.status_code == 404
        assert "error-code" in answer.content.decode()
        assert_clean(answer.content.decode())


def test_a_form_without_its_token_is_refused_in_words(database: None) -> None:
    client = Client(enforce_csrf_checks=True, headers={"host": "fietsland.test"})

    answer = client.post("/accounts/login/", {"login": "agent@example.test", "password": "x"})

    assert answer.status_code == 403
    assert "error-code" in answer.content.decode()
    assert_clean(answer.content.decode())


def test_signed_out_people_are_led_to_the_sign_in_page(on_company: Client) -> None:
    answer = on_company.get("/accounts/profile/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/accounts/profile/")


@pytest.mark.parametrize(
    ("html", "breach"),
    [
        ("<p style='color:red'>x</p>", "style="),
        ("<script>alert(1)</script>", "inline <script>"),
        ("<style>p{}</style>", "inline <style>"),
        ("<a href='javascript:alert(1)'>x</a>", "javascript:"),
        ("<button onclick='x()'>x</button>", "onclick"),
        ("<button><svg aria-hidden='true'></svg></button>", "neither words"),
        ("<img src='x.png'>", "no alt"),
        ("<p id='a'></p><p id='a'></p>", "twice"),
        ("<input hx-trigger='keyup[key==1]'>", "evaluated filter"),
    ],
)
def test_the_rules_notice_what_they_are_for(html: str, breach: str) -> None:
    assert any(breach in found for found in breaches_in(html))


def test_the_rules_let_good_pages_pass() -> None:
    good = '<button><svg role="img" aria-label="Close"></svg></button><script src="/x.js"></script>'
    assert breaches_in(good + '<script type="application/json">{}</script><img src="x" alt="">') == []
