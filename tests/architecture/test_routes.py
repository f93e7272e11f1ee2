"""One table of every route and what it asks for; a route that is missing from it fails, and so does a changed one."""

import pytest

from tests.architecture.routes import AGENCY, COMPANY
from tests.architecture.walking import routes_of


@pytest.mark.parametrize(("urlconf", "table"), [("config.urls_company", COMPANY), ("config.urls_agency", AGENCY)])
def test_every_route_asks_for_what_the_table_says(urlconf: str, table: dict[str, str]) -> None:
    assert routes_of(urlconf) == table


def test_no_route_is_without_a_permission() -> None:
    silent = [
        path for conf in ("config.urls_company", "config.urls_agency") for path, p in routes_of(conf).items() if not p
    ]

    assert silent == []
