"""An account begins with a link in the mail."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tenants.accounts.models import Invitation, User
from tenants.accounts.services import invitations
from tenants.models import ClientCompany
from tests.accounts.conftest import sign_in
from tests.fixtures.companies import Enter
from tests.fixtures.people import browser

GOOD = "four quiet bicycles wait"


@pytest.fixture
def path(company: ClientCompany, enter: Enter) -> str:
    """Where the link in a new person's mail leads."""
    with enter(company):
        user = User.objects.create_user("nieuw@example.test", name="Nieuw", language="en")
        link = invitations.invite(user, side=company, sent_by_name="Admin")
    return "/" + link.split("/", 3)[3]


def test_an_invited_person_chooses_a_password_and_is_in(on_company: Client, path: str) -> None:
    page = on_company.get(path).content.decode()
    assert "nieuw@example.test" in page

    answer = on_company.post(path, {"name": "Nieuwe Collega", "password": GOOD})

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "Nieuwe Collega" in on_company.get("/accounts/profile/").content.decode()
    elsewhere = browser("fietsland.test")
    assert elsewhere.post("/accounts/login/", {"login": "nieuw@example.test", "password": GOOD}).status_code == 302


def test_a_weak_password_is_refused_in_its_place_and_the_link_still_works(on_company: Client, path: str) -> None:
    answer = on_company.post(path, {"name": "Nieuw", "password": "short"})

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert on_company.post(path, {"name": "Nieuw", "password": GOOD}).status_code == 302


def test_a_link_works_once(on_company: Client, path: str) -> None:
    on_company.post(path, {"name": "Nieuw", "password": GOOD})

    again = browser("fietsland.test").get(path)

    assert again.status_code == 410
    assert "/accounts/login/" in again.content.decode()


def test_a_link_ends_after_its_time(on_company: Client, path: str, company: ClientCompany, enter: Enter) -> None:
    with enter(company):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    assert on_company.post(path, {"name": "Nieuw", "password": GOOD}).status_code == 410


def test_a_link_of_one_company_is_unknown_at_the_other(path: str, other_company: ClientCompany) -> None:
    assert browser("zorgvast.test").get(path).status_code == 410


def test_before_the_password_is_chosen_nobody_signs_in(on_company: Client, path: str) -> None:
    assert sign_in(on_company, "nieuw", "").status_code == 200
    assert on_company.get("/accounts/profile/").status_code == 302
