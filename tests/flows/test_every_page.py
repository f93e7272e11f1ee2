"""Every page of both sides keeps the rules of accessibility, in light and in dark: one browser goes to them all."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.architecture.walking import readable
from tests.flows.steps import page_of, sign_in, who
from tests.flows.walker import LIBRARY_IN, LIBRARY_OUT, WCAG, Walk

pytestmark = pytest.mark.browser
# what an agent sees in another shape than an admin
OF_AN_AGENT = ("/inbox/", "/inbox/?view=mine", "/contacts/", "/search/?q=fiets", "/knowledge/", "/handover/")
# what opens over the inbox, by its key, and how one sees that it did
OVER_THE_INBOX = {
    "?": "#keys[open]",
    "Control+k": "#command[open] [role=option]",
    "v": "#handling[open] form",
    "s": "#handling[open] .pick",
    "q": "#handling[open] form",
    "p": "#handling[open] form",
    "f": "#queue-filters[open] form",
    "b": "#knowledge[open]",
}
# pages that the demo has nothing for, and why they are not reached
UNREACHED: dict[str, str] = {
    "answer/<slug:token>/": "its address stands in a mail only; tests/conversations/inbox judge what it shows",
    "accounts/invitation/<str:token>/": "its address stands in a mail only; tests/accounts judge what it shows",
    "clients/<uuid:company_id>/house-rules/": "only who has not accepted them is led there; tests/desk judge it",
    "connecting/<uuid:connecting_id>/": "nobody of the demo is half-way in; the flow that connects a number judges it",
    "api/problems/<slug:code>": "named by answers of the API only, one paragraph in the layout of api/reference/",
}


def test_every_page_of_a_company_keeps_the_rules(browser: Browser, product: dict[str, Any]) -> None:
    person = who(product, "Admin at Fietsland")
    walk = Walk(page_of(browser), person["url"])
    for path in LIBRARY_OUT:
        walk.go(f"/{path}")
    sign_in(walk.page, person, lands=".rail")
    for path in ("replies/new/", "settings/replies/new/"):
        _fill(walk, path, shortcut="toegang", title="Bereikbaar", text_nl="Wij zijn er weer om negen uur.")
    _fill(walk, "settings/teams/", name="Toegang")

    _focus_goes_where_a_form_has_trouble(walk)
    missed = walk.every([*readable("config.urls_company"), *LIBRARY_IN], known={"search/": "/search/?q=fiets"})

    assert {route for route in missed if route not in UNREACHED} == set(), (
        "no link leads there: name one, or say why not"
    )
    assert walk.broken == {}


def test_every_page_of_an_agency_keeps_the_rules(browser: Browser, product: dict[str, Any]) -> None:
    person = who(product, "Owner at Bureau Noord")
    walk = Walk(page_of(browser), person["url"])
    walk.go("/accounts/login/")
    sign_in(walk.page, person, lands=".rail")

    missed = walk.every(readable("config.urls_agency"), known={})

    assert {route for route in missed if not route.endswith(tuple(UNREACHED))} == set()
    assert walk.broken == {}


def test_what_keys_open_over_the_inbox_keeps_the_rules_and_closes_to_where_one_was(
    browser: Browser, product: dict[str, Any]
) -> None:
    person = who(product, "Agent at Fietsland")
    walk = Walk(page_of(browser), person["url"])
    sign_in(walk.page, person, lands=".rail")
    page = walk.page
    page.goto(f"{walk.base}/inbox/?view=mine")
    expect(page.locator(".queue-row").first).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#thread-list .bubble").last).to_be_visible()

    for key, shown in OVER_THE_INBOX.items():
        page.keyboard.press(key)
        expect(page.locator(shown).first).to_be_visible()
        walk.judge(key)
        page.keyboard.press("Escape")
        expect(page.locator(shown)).to_have_count(0)

    assert walk.broken == {}
    expect(page.locator(".queue-row[aria-current]")).to_be_focused()
    page.keyboard.press("Shift+K")
    expect(page.locator("#thread-list .bubble:focus")).to_have_count(1)
    walk.judge("a chosen message")
    assert walk.broken == {}


def test_on_a_phone_what_an_agent_sees_keeps_the_rules_and_the_gesture_leads_back(
    browser: Browser, product: dict[str, Any]
) -> None:
    person = who(product, "Agent at Fietsland")
    walk = Walk(page_of(browser, viewport={"width": 390, "height": 844}), person["url"], rules=WCAG)
    sign_in(walk.page, person, lands=".rail")

    for path in OF_AN_AGENT:
        walk.go(path)
    walk.page.goto(f"{walk.base}/inbox/")
    walk.page.locator(".queue-row").first.click()
    expect(walk.page.locator("#thread")).to_be_visible()
    walk.judge("a thread")
    walk.page.locator("[data-toggle-contact]:visible").last.click()
    expect(walk.page.locator("#contact-pane")).to_be_visible()
    walk.judge("a contact")

    walk.page.go_back()
    expect(walk.page.locator("#thread")).to_be_visible()
    walk.page.go_back()
    expect(walk.page.locator(".queue-row").first).to_be_visible()
    expect(walk.page.locator("#thread")).to_have_count(0)
    assert walk.broken == {}


def _focus_goes_where_a_form_has_trouble(walk: Walk) -> None:
    page = walk.page
    page.goto(f"{walk.base}/people/")
    page.locator("form.form button[type=submit]").click()
    expect(page.locator("form.form .notice[data-state=broken]")).to_be_focused()
    walk.judge("several odd fields")
    page.locator("form.form [name=name]").fill("Toe Gang")
    page.locator("form.form button[type=submit]").click()
    expect(page.locator("form.form [name=email]")).to_be_focused()
    expect(page.locator("form.form [name=name]")).to_have_value("Toe Gang")
    walk.judge("one odd field")


def _fill(walk: Walk, path: str, **values: str) -> None:
    """Make what the demo has none of, so that it has a page."""
    walk.page.goto(f"{walk.base}/{path}")
    for name, value in values.items():
        walk.page.locator(f"main [name={name}]").last.fill(value)
    with walk.page.expect_navigation():
        form = walk.page.locator("main form:has([name=shortcut]), main form:has([name=members])").last
        form.evaluate("form => form.submit()")
