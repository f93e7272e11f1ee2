"""One client that cannot answer costs its own lines on the agency's pages, and nothing of the others."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from tenants.models import ClientCompany
from tests.desk.conftest import Waits

pytestmark = pytest.mark.usefixtures("db", "granted_both")


Break = Callable[[], None]


@pytest.fixture(params=["behind", "gone"])
def break_other(request: pytest.FixtureRequest, other_company: ClientCompany) -> Break:
    """A client whose tables this code does not find, or whose schema is not there any more."""
    statement = "ALTER TABLE {0}.conversations_inboxsettings RENAME TO kept_away"
    if request.param == "gone":
        statement = "ALTER SCHEMA {0} RENAME TO kept_away"

    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(other_company.schema_name))

    return act


def test_the_desk_shows_the_others_and_names_it(
    as_staff: Client, company: ClientCompany, other_company: ClientCompany, waits: Waits, break_other: Break
) -> None:
    waits(company, "Marieke")
    lost = waits(other_company, "Gerda")
    break_other()

    page = as_staff.get("/desk/")
    text = page.content.decode()

    assert page.status_code == 200
    assert "Marieke" in text
    assert "Gerda" not in text
    assert f"{other_company.name} cannot be reached" in text
    assert as_staff.get("/desk/rows/", {"ids": str(lost.pk)}).status_code == 200
    assert as_staff.get("/desk/own/").status_code == 200
    assert as_staff.get("/switcher/").status_code == 200


def test_the_floor_says_so(as_owner: Client, company: ClientCompany, break_other: Break) -> None:
    break_other()

    page = as_owner.get("/floor/")

    assert page.status_code == 200
    assert "cannot be reached" in page.content.decode()
    assert company.name in page.content.decode()
