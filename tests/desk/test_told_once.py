"""Somebody of the agency with the desk and clients open in one browser is told of the same news once."""

from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from tenants import wake
from tenants.accounts.models import User
from tenants.models import ClientCompany
from tests.desk.conftest import enters
from tests.fixtures.people import browser_of_staff

pytestmark = pytest.mark.usefixtures("db", "granted_both")


def told(at: Client, *news: str, desk: bool = False) -> list[str]:
    answer = at.post("/desk/live/told/" if desk else "/live/told/", {"news": list(news)})
    assert answer.status_code == 200
    found: list[str] = answer.json()["tell"]
    return found


@pytest.fixture
def news() -> str:
    return f"written:{uuid4()}"


def test_of_the_hosts_in_one_browser_the_first_that_asks_tells(
    as_staff: Client, company: ClientCompany, other_company: ClientCompany, news: str
) -> None:
    here, there = enters(as_staff, company), enters(as_staff, other_company)
    other = f"mentioned:{uuid4()}"

    assert told(as_staff, news, desk=True) == [news]
    assert told(here, news, other) == [other]
    assert told(there, news, other) == []
    assert told(as_staff, news, other, desk=True) == [news]  # another tab of the same host: they agree by themselves


def test_another_browser_of_hers_is_told_for_itself(
    as_staff: Client, staff_person: User, company: ClientCompany, news: str
) -> None:
    on_the_phone = browser_of_staff(staff_person)
    enters(as_staff, company)
    assert told(as_staff, news, desk=True) == [news]

    assert told(on_the_phone, news, desk=True) == [news]
    assert told(enters(on_the_phone, company), news) == []


def test_while_nobody_can_be_asked_everything_is_told(
    as_staff: Client, company: ClientCompany, news: str, settings: Settings
) -> None:
    here = enters(as_staff, company)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    wake.reset()
    try:
        assert told(as_staff, news, desk=True) == told(here, news) == [news]
    finally:
        wake.reset()


def test_odd_news_are_left_out_and_the_clients_own_people_need_not_ask(
    as_staff: Client, as_agent: Client, company: ClientCompany, news: str
) -> None:
    assert told(as_staff, "x", "written:1", news, desk=True) == [news]

    assert 'data-claim="/desk/live/told/"' in as_staff.get("/desk/").content.decode()
    assert 'data-claim="/live/told/"' in enters(as_staff, company).get("/inbox/").content.decode()
    assert "data-claim=" not in as_agent.get("/inbox/").content.decode()
