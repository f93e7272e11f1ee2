"""Opening agencies and companies from the shell, and how the first person begins."""

import json
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from tenants.accounts.errors import InvitationGone, PasswordWeak
from tenants.accounts.models import Invitation, User
from tenants.accounts.services import invitations
from tenants.context import inside
from tenants.models import Agency, ClientCompany
from tests.fixtures.people import browser

pytestmark = pytest.mark.usefixtures("committed")

PASSWORD = "een heel lang wachtwoord"
COMPANY = ["create_company", "balans", "Omroep Delta", "omroepdelta", "--admin-email", "Ans@Omroep.example", "--json"]


def run(*arguments: str) -> dict[str, Any]:
    answer = StringIO()
    call_command(*arguments, stdout=answer)
    found: dict[str, Any] = json.loads(answer.getvalue())
    return found


def token_in(message: object) -> str:
    found = re.search(r"http\S+/invitation/([\w-]+)/", str(message))
    assert found, message
    return found[1]


def test_a_company_opens_from_the_shell_and_its_admin_begins(agency: Agency) -> None:
    answer = run(*COMPANY)

    (letter,) = mail.outbox
    assert answer["address"].startswith("http://omroepdelta.test")
    assert answer["address"] in letter.body
    assert letter.to == ["ans@omroep.example"]
    assert "link" not in answer
    with inside(answer["schema"]):
        user = invitations.accept(token_in(letter.body), password=PASSWORD, name="Ans")
        assert (user.name, user.role, user.check_password(PASSWORD)) == ("Ans", "admin", True)
        assert EmailAddress.objects.get(user=user).verified
        assert Invitation.objects.get().token_hash not in letter.body
    signed_in = browser("omroepdelta.test").post(
        "/accounts/login/", {"login": "ans@omroep.example", "password": PASSWORD}
    )
    assert signed_in.status_code == 302


def test_running_it_twice_changes_nothing_and_mails_nobody(agency: Agency) -> None:
    first, again = run(*COMPANY), run(*COMPANY)

    assert first["invited"] == "ans@omroep.example"
    assert again == {**first, "invited": None}
    assert len(mail.outbox) == 1
    assert ClientCompany.objects.filter(subdomain="omroepdelta").count() == 1


def test_a_link_works_once_and_for_a_week(agency: Agency) -> None:
    schema_name = run(*COMPANY)["schema"]
    token = token_in(mail.outbox[0].body)
    with inside(schema_name):
        with pytest.raises(PasswordWeak):
            invitations.accept(token, password="kort")
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(InvitationGone):
            invitations.accept(token, password=PASSWORD)
        Invitation.objects.update(expires_at=timezone.now() + timedelta(days=6))
        invitations.accept(token, password=PASSWORD)
        with pytest.raises(InvitationGone):
            invitations.accept(token, password=PASSWORD)


def test_a_link_of_one_company_opens_nothing_in_another(agency: Agency, company: ClientCompany) -> None:
    run(*COMPANY)
    with inside(company.schema_name):
        assert invitations.find(token_in(mail.outbox[0].body)) is None


def test_a_new_link_ends_the_one_before(agency: Agency, company: ClientCompany) -> None:
    with inside(company.schema_name):
        user = User.objects.create_user("new@example.test", name="New", language="en")
        links = [invitations.invite(user, side=company) for _ in range(2)]
        old, new = map(token_in, links)

        assert invitations.find(old) is None
        assert invitations.find(new) is not None


def test_refusals_name_a_code_and_leave_nothing(agency: Agency) -> None:
    before = ClientCompany.objects.count()
    for changed, code in (("www", "subdomain_reserved"), ("a b", "subdomain_invalid")):
        answer = StringIO()
        with pytest.raises(CommandError):
            call_command(*[changed if part == "omroepdelta" else part for part in COMPANY], stdout=answer)
        assert json.loads(answer.getvalue())["code"] == code
    answer = StringIO()
    with pytest.raises(CommandError):
        call_command(*[part.replace("Ans@Omroep.example", "nobody") for part in COMPANY], stdout=answer)
    assert json.loads(answer.getvalue())["code"] == "email_invalid"

    assert ClientCompany.objects.count() == before
    assert mail.outbox == []


def test_an_agency_opens_from_the_shell_and_shares_nothing_with_another(agency: Agency) -> None:
    given = ["create_agency", "--name", "Ander", "--slug", "ander", "--host", "ander.example.com", "--json"]
    answer = run(*given, "--owner-email", "eva@ander.example", "--show-link")
    again = run(*given, "--owner-email", "eva@ander.example")

    assert answer["link"] in mail.outbox[0].body
    assert (again["agency"], again["invited"]) == (answer["agency"], None)
    user = invitations.accept(token_in(answer["link"]), password=PASSWORD)
    assert (user.membership.agency.slug, user.membership.role) == ("ander", "owner")
    with pytest.raises(CommandError):
        run(*given[:-2], "agency.test", "--json", "--owner-email", "eva@ander.example")
    with pytest.raises(CommandError):
        run(*given, "--owner-email", "staff_person@example.test")
