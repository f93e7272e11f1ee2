"""A second step with an authenticator app, and who must have one."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from config.hosts import forget_sides
from tenants.accounts.middleware import SET_UP
from tenants.accounts.models import AuditEntry, User
from tenants.models import ClientCompany
from tests.accounts.conftest import code_for, confirm, set_up_totp, sign_in
from tests.fixtures.companies import Enter


def signed_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def test_with_the_app_on_a_password_alone_no_longer_lets_anybody_in(as_agent: Client, on_company: Client) -> None:
    secret = set_up_totp(as_agent)

    answer = sign_in(on_company, "agent")
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not signed_in(on_company)

    refused = on_company.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert refused.status_code == 200
    assert not signed_in(on_company)

    accepted = on_company.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert accepted.status_code == 302
    assert signed_in(on_company)


def test_the_secret_is_encrypted_at_rest(as_agent: Client, agent: User, company: ClientCompany, enter: Enter) -> None:
    secret = set_up_totp(as_agent)

    with enter(company):
        kept = Authenticator.objects.get(user=agent.pk, type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in kept


def test_a_recovery_code_lets_in_once(as_agent: Client, on_company: Client) -> None:
    set_up_totp(as_agent)
    page = as_agent.get("/accounts/2fa/recovery-codes/").content.decode()
    code = page.split('id="recovery-codes"')[1].split("<li>")[1].split("<")[0]

    sign_in(on_company, "agent")
    on_company.post("/accounts/2fa/authenticate/", {"code": code})
    assert signed_in(on_company)

    on_company.post("/accounts/logout/")
    sign_in(on_company, "agent")
    on_company.post("/accounts/2fa/authenticate/", {"code": code})
    assert not signed_in(on_company)


def test_a_new_passkey_is_named_after_the_browser_it_is_made_in(as_agent: Client) -> None:
    confirm(as_agent)

    page = as_agent.get(
        "/accounts/2fa/webauthn/add/", headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140"}
    )

    assert 'value="Firefox, Windows"' in page.content.decode()


def test_changing_how_one_signs_in_asks_for_the_password_once_more(as_agent: Client) -> None:
    answer = as_agent.get("/accounts/2fa/totp/activate/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_the_qr_code_comes_as_data_that_the_policy_allows(as_agent: Client) -> None:
    confirm(as_agent)
    answer = as_agent.get("/accounts/2fa/totp/activate/")

    assert 'src="data:image/svg+xml' in answer.content.decode()
    assert "img-src 'self' data:" in answer["Content-Security-Policy"]


def test_an_admin_without_a_second_factor_is_led_to_setting_one_up(
    as_admin: Client, as_agent: Client, as_staff: Client, settings: Settings
) -> None:
    settings.TWO_FACTOR_ENFORCED = True

    for client in (as_admin, as_staff):
        answer = client.get("/")
        assert (answer.status_code, answer["Location"]) == (302, SET_UP)
        assert "asks for a second step" in client.get(SET_UP).content.decode()
    assert as_agent.get("/").get("Location") != SET_UP


def test_a_fragment_asks_the_whole_page_to_go_there(as_admin: Client, settings: Settings) -> None:
    settings.TWO_FACTOR_ENFORCED = True

    answer = as_admin.get("/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (401, SET_UP)


def test_with_a_second_factor_the_admin_goes_on_and_without_it_again_not(as_admin: Client, settings: Settings) -> None:
    settings.TWO_FACTOR_ENFORCED = True
    set_up_totp(as_admin)
    assert as_admin.get("/").get("Location") != SET_UP

    as_admin.post("/accounts/2fa/totp/deactivate/")

    assert as_admin.get("/").get("Location") == SET_UP


def test_a_company_may_do_without(as_admin: Client, company: ClientCompany, settings: Settings) -> None:
    settings.TWO_FACTOR_ENFORCED = True
    ClientCompany.objects.filter(pk=company.pk).update(require_two_factor=False)

    forget_sides()  # as half a minute would
    assert as_admin.get("/").get("Location") != SET_UP


def test_a_company_of_the_high_risk_class_may_not(company: ClientCompany) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ClientCompany.objects.filter(pk=company.pk).update(require_two_factor=False, risk_class="high")


def test_an_admin_decides_whether_admins_need_one_and_it_is_recorded(
    as_admin: Client, company: ClientCompany, enter: Enter
) -> None:
    answer = as_admin.post("/settings/sign-in/", {})

    assert answer.status_code == 302
    company.refresh_from_db()
    assert not company.require_two_factor
    with enter(company):
        entry = AuditEntry.objects.get(action="settings.changed")
    assert entry.details == {"fields": ["require_two_factor"], "require_two_factor": False}


def test_an_admin_of_a_high_risk_company_is_told_why_not(as_admin: Client, company: ClientCompany) -> None:
    ClientCompany.objects.filter(pk=company.pk).update(risk_class="high")

    answer = as_admin.post("/settings/sign-in/", {})

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    company.refresh_from_db()
    assert company.require_two_factor


@pytest.mark.parametrize("who", ["as_agent", "as_supervisor"])
def test_nobody_else_decides_it(who: str, company: ClientCompany, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(who)

    assert client.get("/settings/sign-in/").status_code == 403
    assert client.post("/settings/sign-in/", {}).status_code == 403
    company.refresh_from_db()
    assert company.require_two_factor
