"""Whatever stands in an address, a page comes: the end of the calendar, a thousand digits, keys that nobody gave."""

from uuid import UUID

import pytest
from django.test import Client

from conversations.models import SavedView
from tests.conversations.inbox.conftest import HX, Inbox

DAYS = ["9999-12-31", "0001-01-01", "2026-W53-7", "２０２６-01-01", "99999-01-01", "", "20261122"]
MOMENTS = [
    "9999-12-31T23:59:59+00:00",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "2026-01-01T00:00:00+00:00:00.000001",
    "2026-01-01",
    "2026-01-01T00:00:00",
    "x",
]
ZERO = UUID(int=0)


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("day", DAYS)
def test_any_day_may_be_asked_for(name: str, day: str, as_agent: Client, inbox: Inbox) -> None:
    inbox.conversation("Marieke")

    for address in ("/inbox/", "/inbox/queue/", "/inbox/filters/", "/search/", f"/inbox/rows/?ids={ZERO}"):
        asked = address + ("&" if "?" in address else "?") + f"{name}={day}&q=marieke"
        assert as_agent.get(asked, headers=HX).status_code == 200, asked


@pytest.mark.parametrize("moment", MOMENTS)
def test_any_key_may_be_asked_for(moment: str, as_agent: Client, inbox: Inbox) -> None:
    inbox.conversation("Marieke")
    told = moment.replace("+", "%2B")

    for section in ("0", "1", "2", "", "01", "12", "٣"):
        assert as_agent.get(f"/inbox/queue/?after={section}_{told}_{ZERO}").status_code == 200
    assert as_agent.get(f"/search/?q=hallo&after={told}_{ZERO}").status_code == 200
    assert as_agent.get(f"/contacts/?after={told}_{ZERO}").status_code == 200


def test_numbers_of_a_thousand_digits_are_no_numbers(as_agent: Client, inbox: Inbox) -> None:
    assert as_agent.get(f"/inbox/queue/?limit={'9' * 5000}").status_code == 200


def test_a_view_that_was_kept_with_an_impossible_day_does_not_lock_the_inbox(as_agent: Client, inbox: Inbox) -> None:
    inbox.conversation("Marieke")
    with inbox.inside():
        SavedView.objects.create(owner=None, name="Never", query="until=9999-12-31", position=0)

    assert "Marieke" in as_agent.get("/inbox/").content.decode()
