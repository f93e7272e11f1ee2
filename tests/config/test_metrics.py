"""Prometheus reads what waits; nobody without the token learns that there is anything to read."""

from typing import Any

import pytest
from django.test import Client

from tenants.models import ClientCompany
from tenants.work import Kind, mark
from tests.fixtures.companies import Enter

pytestmark = pytest.mark.usefixtures("db")


def test_the_page_shows_what_is_due_and_names_no_company(settings: Any, company: ClientCompany, enter: Enter) -> None:
    settings.METRICS_TOKEN = "scrape-me"
    with enter(company):
        mark(Kind.INBOUND)

    answer = Client().get("/metrics", headers={"Authorization": "Bearer scrape-me"})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'balie_work_due{kind="inbound"} 1.0' in text
    assert company.name not in text


@pytest.mark.parametrize(("token", "given"), [("scrape-me", "Bearer other"), ("scrape-me", ""), ("", "Bearer ")])
def test_without_the_token_there_is_no_such_page(settings: Any, token: str, given: str) -> None:
    settings.METRICS_TOKEN = token

    assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404
