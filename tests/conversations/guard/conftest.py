"""A company of the high class and one of the normal class, people with and without clearance."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import InboxSettings
from tenants.accounts.models import User
from tenants.models import ClientCompany
from tests.conversations.inbox.conftest import HX, Inbox
from tests.fixtures.companies import Enter
from tests.fixtures.people import browser_of

Settings = Callable[..., None]


@pytest.fixture
def inbox(company: ClientCompany, enter: Enter) -> Inbox:
    return Inbox(company, enter)


@pytest.fixture
def settings_of(company: ClientCompany, enter: Enter) -> Settings:
    """``settings_of(danger_words=…)``: what the company decided."""

    def decided(**values: Any) -> None:
        with enter(company):
            InboxSettings.objects.update_or_create(pk=1, defaults=values)

    return decided


@pytest.fixture
def high_risk(company: ClientCompany) -> ClientCompany:
    """The company, as one that serves patients."""
    ClientCompany.objects.filter(pk=company.pk).update(risk_class="high", require_two_factor=True)
    return company


@pytest.fixture
def cleared(second_agent: User, company: ClientCompany, enter: Enter) -> Client:
    """The browser of somebody who showed a certificate."""
    with enter(company):
        User.objects.filter(pk=second_agent.pk).update(cleared_on=timezone.localdate())
    return browser_of(second_agent, company=company)


@pytest.fixture
def reply() -> Callable[..., Any]:
    def post(browser: Client, row: Any, body: str = "", **more: Any) -> Any:
        return browser.post(f"/inbox/{row.pk}/reply/", {"body": body, "token": str(uuid4()), **more}, headers=HX)

    return post
