"""What a browser may keep: nothing that was made for somebody."""

import pytest
from django.test import Client


@pytest.mark.parametrize(
    "address", ["/inbox/", "/contacts/", "/search/?q=a", "/accounts/profile/", "/nowhere/", "/command/?q=ab"]
)
def test_no_page_of_somebody_stays_in_a_browser(address: str, as_agent: Client) -> None:
    assert "no-store" in as_agent.get(address)["Cache-Control"]


def test_signing_out_empties_what_the_browser_kept_of_files(as_agent: Client) -> None:
    assert as_agent.post("/accounts/logout/")["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in as_agent.get("/accounts/login/")


def test_what_says_itself_how_long_it_is_kept_is_kept_so_long(as_agent: Client) -> None:
    assert "max-age=86400" in as_agent.get("/emoji/")["Cache-Control"]
