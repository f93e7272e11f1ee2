"""E-mail and password, on both sides."""

import pytest
from django.core import mail
from django.test import Client

from tenants.accounts.models import AuditEntry, User
from tenants.models import Agency, ClientCompany, StaffMembership
from tenants.services.agencies import create_agency
from tests.accounts.conftest import sign_in
from tests.fixtures.companies import Enter
from tests.fixtures.people import browser
from tests.fixtures.world import PASSWORD


def signed_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def test_an_agent_signs_in_at_the_company_and_it_is_recorded(
    on_company: Client, agent: User, company: ClientCompany, enter: Enter
) -> None:
    answer = sign_in(on_company, "agent")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in(on_company)
    with enter(company):
        assert AuditEntry.objects.filter(action="session.started", actor_id=agent.pk).count() == 1


def test_a_wrong_password_says_so_without_telling_whether_the_account_exists(on_company: Client) -> None:
    known = sign_in(on_company, "agent", "not this one").content.decode()
    unknown = sign_in(on_company, "nobody_at_all", "not this one").content.decode()

    assert not signed_in(on_company)
    assert 'data-state="broken"' in known
    assert 'data-state="broken"' in unknown


@pytest.mark.parametrize(
    "odd", ["a\x00b@example.test", '"><script>alert(1)</script>', "\u202e👋🏽@example.test", "x" * 5000]
)
def test_whatever_is_typed_at_the_door_is_refused_as_text(on_company: Client, odd: str) -> None:
    for address, fields in [("login/", {"login": odd, "password": odd}), ("password/reset/", {"email": odd})]:
        answer = on_company.post(f"/accounts/{address}", fields)

        assert answer.status_code in (200, 302), address
        assert "<script>alert" not in answer.content.decode()
    assert not signed_in(on_company)


def test_staff_sign_in_at_their_agency(on_agency: Client, staff_person: User) -> None:
    assert sign_in(on_agency, "staff_person").status_code == 302
    assert signed_in(on_agency)


@pytest.mark.parametrize("key", ["staff_person", "other_agent"])
def test_people_of_another_side_fail_like_a_wrong_password(on_company: Client, key: str) -> None:
    answer = sign_in(on_company, key)

    assert answer.status_code == 200
    assert 'data-state="broken"' in answer.content.decode()
    assert not signed_in(on_company)


def test_staff_of_another_agency_fail_like_a_wrong_password(on_agency: Client, agency: Agency) -> None:
    other = create_agency("Elders", slug="elders", host="elders.test")
    user = User.objects.create_user("theirs@example.test", name="Theirs", password=PASSWORD)
    StaffMembership.objects.create(user=user, agency=other)

    here = sign_in(on_agency, "theirs")
    wrong = sign_in(on_agency, "theirs", "not this one")

    assert here.status_code == wrong.status_code == 200
    assert not signed_in(on_agency)
    assert sign_in(browser("elders.test"), "theirs").status_code == 302


def test_somebody_who_left_cannot_sign_in(
    on_company: Client, agent: User, company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        User.objects.filter(pk=agent.pk).update(is_active=False)

    sign_in(on_company, "agent")

    assert not signed_in(on_company)


def test_a_session_of_one_company_is_nobody_at_the_other(as_agent: Client, database: None) -> None:
    elsewhere = browser("zorgvast.test")
    elsewhere.cookies["session"] = as_agent.cookies["session"].value

    assert elsewhere.get("/accounts/profile/").status_code == 302


def test_too_many_attempts_rest_and_say_so(on_company: Client) -> None:
    answers = [sign_in(on_company, "agent", f"guess number {number}") for number in range(12)]

    assert answers[-1].status_code in (200, 429)
    text = answers[-1].content.decode()
    assert "Too many" in text or "Te veel" in text or "te vaak" in text
    refused = sign_in(on_company, "agent")
    assert not signed_in(on_company), refused


def test_attempts_at_one_company_do_not_count_at_the_other(on_company: Client, other_agent: User) -> None:
    for number in range(12):
        sign_in(on_company, "other_agent", f"guess number {number}")

    elsewhere = browser("zorgvast.test")
    assert sign_in(elsewhere, "other_agent").status_code == 302


def test_too_many_requests_for_a_link_get_a_page_that_says_so(on_company: Client, agent: User) -> None:
    answers = [on_company.post("/accounts/password/reset/", {"email": agent.email}) for _again in range(8)]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert "error-code" in refused[0].content.decode()


def test_after_signing_in_nobody_is_sent_to_another_site(on_company: Client, agent: User) -> None:
    answer = sign_in(on_company, "agent", next="https://evil.example/")

    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "password/set/", "confirm-email/", "confirm-email/x:y/", "3rdparty/", "inactive/"]
)
def test_there_is_no_way_to_sign_oneself_up(on_company: Client, on_agency: Client, path: str) -> None:
    for client in (on_company, on_agency):
        assert client.get(f"/accounts/{path}").status_code == 404
        assert client.post(f"/accounts/{path}", {"email": "a@b.nl", "password1": PASSWORD}).status_code == 404


def test_signing_out_ends_the_session(as_agent: Client) -> None:
    as_agent.post("/accounts/logout/")

    assert not signed_in(as_agent)


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(on_company: Client, agent: User) -> None:
    on_company.post("/accounts/password/reset/", {"email": agent.email})
    body = mail.outbox[-1].body
    link = next(word for word in body.split() if "/password/reset/key/" in word)
    path = "/" + link.split("/", 3)[3]

    form = on_company.get(path, follow=True)
    again = on_company.post(
        form.request["PATH_INFO"], {"password1": "a wholly new sentence", "password2": "a wholly new sentence"}
    )

    assert again.status_code == 302
    assert mail.outbox[-1].from_email
    assert sign_in(on_company, "agent", "a wholly new sentence").status_code == 302
    used = browser("fietsland.test").get(path, follow=True).content.decode()
    assert "no longer valid" in used or "niet meer geldig" in used


def test_a_request_for_an_unknown_address_answers_the_same(on_company: Client, agent: User) -> None:
    known = on_company.post("/accounts/password/reset/", {"email": agent.email})
    unknown = on_company.post("/accounts/password/reset/", {"email": "stranger@example.test"})

    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"]


def test_a_new_password_ends_every_other_session(as_agent: Client, on_company: Client) -> None:
    sign_in(on_company, "agent")

    answer = on_company.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "a wholly new sentence", "password2": "a wholly new sentence"},
    )

    assert answer.status_code == 302
    assert not signed_in(as_agent)


def test_a_short_password_is_refused_in_its_place(as_agent: Client) -> None:
    answer = as_agent.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    )

    assert answer.status_code == 200
    assert "field-error" in answer.content.decode()
