"""The page of all components keeps to the rules it shows, and is nowhere in production."""

from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from config.styles import PARTS, styles
from tests.architecture.html_rules import assert_clean


def test_it_shows_every_part_in_both_modes_and_is_clean(rf: RequestFactory) -> None:
    request = rf.get("/styles/")
    request.user = AnonymousUser()

    page = styles(request).content.decode()

    for part in PARTS:
        assert f'id="{part}"' in page
    assert page.count('<div data-theme="light"') == page.count('<div data-theme="dark"') == len(PARTS)
    assert_clean(page)


def test_it_is_not_there_in_production(as_agent: Client, as_staff: Client) -> None:
    for client in (as_agent, as_staff):
        assert client.get("/styles/").status_code == 404
