"""The cache: apart for each company, and a page long after its server is gone."""

import time

import pytest
from django.conf import settings
from django.core.cache import cache

from config.caching import ForgivingRedisCache, key_with_schema
from tenants.context import in_public
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter


def test_what_one_company_remembers_no_other_side_finds(
    company: ClientCompany, other_company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        cache.set("figure", 7)
    with enter(other_company):
        theirs = cache.get("figure")
        key = cache.make_key("figure")
    with enter(company):
        ours = cache.get("figure")

    assert (ours, theirs) == (7, None)
    assert other_company.schema_name in key
    assert settings.INSTALLATION in key
    with in_public():
        assert cache.get("figure") is None


def test_forgetting_everything_reaches_no_other_company(
    company: ClientCompany, other_company: ClientCompany, enter: Enter
) -> None:
    for one in (company, other_company):
        with enter(one):
            cache.set("figure", 7)
    with enter(company):
        cache.clear()

        assert cache.get("figure") is None
    with enter(other_company):
        assert cache.get("figure") == 7


@pytest.fixture
def away() -> ForgivingRedisCache:
    return ForgivingRedisCache("redis://127.0.0.1:9/0", {"KEY_FUNCTION": key_with_schema})  # nobody listens


def test_without_its_server_the_process_remembers_alone(away: ForgivingRedisCache) -> None:
    away.set("a", 1)
    away.set_many({"b": 2, "c": 3})

    assert away.get("a") == 1
    assert away.get_many(["b", "c"]) == {"b": 2, "c": 3}
    assert not away.add("a", 9)
    assert away.incr("a") == 2
    assert away.get_or_set("d", lambda: 4) == 4
    assert away.delete("a")
    assert "a" not in away
    away.clear()
    assert away.get("b") is None


def test_without_its_server_an_answer_comes_soon(away: ForgivingRedisCache) -> None:
    def seconds() -> float:
        began = time.monotonic()
        for n in range(20):
            away.get(str(n))
        return time.monotonic() - began

    assert min(seconds() for _ in range(3)) < 2
