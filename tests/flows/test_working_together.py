"""In a real browser: two agents at one conversation, handed over, and a question that the client answers."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

SECONDS = 90  # for anything that another process has to bring
QUESTION = "Wanneer komt het frame binnen?"
ANSWER = "Volgende week dinsdag"


@pytest.fixture
def agent(browser: Browser, product: dict[str, Any]) -> Page:
    return _signed_in(browser, product, "Agent at Fietsland")


@pytest.fixture
def admin(browser: Browser, product: dict[str, Any]) -> Page:
    return _signed_in(browser, product, "Admin at Fietsland")


def test_two_people_see_each_other_hand_over_and_get_the_clients_answer(
    browser: Browser, agent: Page, admin: Page, product: dict[str, Any]
) -> None:
    row = agent.locator(".queue-row").first
    name = row.locator(".queue-name bdi").inner_text()
    row.click()
    expect(agent.locator("#thread-head")).to_contain_text(name)
    admin.goto(agent.url)

    # who looks, and who types
    admin.locator("#thread-scroll").click()
    expect(agent.locator("#watching li")).to_have_attribute("data-state", "looking")
    admin.keyboard.press("m")
    admin.keyboard.type("Ik ken deze klant")
    expect(agent.locator("#typing-line")).not_to_be_empty()
    expect(agent.locator("#watching li")).to_have_attribute("data-state", "note")
    admin.locator("[data-compose=note] textarea").press("Control+Enter")
    expect(agent.locator(".bubble[data-kind=note]", has_text="Ik ken deze klant")).to_be_visible()

    # handed over by keyboard, with a note; the other is told
    agent.locator("#thread-scroll").click()
    agent.keyboard.press("t")
    expect(agent.locator("[data-act=release]")).to_be_visible()
    agent.keyboard.press("v")
    dialog = agent.locator("#handling[open]")
    expect(dialog.locator("#transfer-find")).to_be_focused()
    agent.keyboard.type(admin.locator("details.menu .rail-name").text_content() or "")
    dialog.locator("textarea[name=note]").fill("Neem jij hem over?")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)
    expect(admin.locator("[data-act=release]")).to_be_visible()
    expect(admin.locator(".bubble[data-kind=note]", has_text="Neem jij hem over?")).to_be_visible()

    # asked by mail, answered without an account, back as a note
    admin.locator("#thread-scroll").click()
    admin.keyboard.press("q")
    asks = admin.locator("#handling[open]")
    if asks.locator("[name=person]").count():
        asks.locator("[name=person]").last.check()
    asks.locator("[name=name]").fill("Wim Wielemaker")
    asks.locator("[name=email]").fill("wim@example.test")
    asks.locator("[name=body]").fill(QUESTION)
    asks.locator("button[type=submit]").click()
    expect(admin.locator(".thread-hold[data-hold=client]")).to_be_visible()
    phone = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    phone.goto(_link(admin, Path(product["folder"])))
    expect(phone.locator("main")).to_contain_text(QUESTION)
    assert name not in phone.content()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.fill("[name=body]", ANSWER)
    phone.click("main form button[type=submit]")
    expect(phone.locator("h1")).to_be_visible()

    expect(admin.locator(".bubble[data-kind=note]", has_text=ANSWER)).to_contain_text("Wim Wielemaker")
    expect(admin.locator(".thread-hold")).to_have_count(0)


def _link(page: Page, folder: Path) -> str:
    """The link of the mail that a worker wrote into the folder of mails."""
    for _look in range(SECONDS * 4):
        for letter in (folder / "var" / "mail").glob("*"):
            if found := re.search(r"https?://\S+/answer/\w+/", letter.read_text()):
                return found[0]
        page.wait_for_timeout(250)
    raise AssertionError("no mail left")


def _signed_in(browser: Browser, product: dict[str, Any], who: str) -> Page:
    person = next(one for one in product["sign_ins"] if one["who"] == who)
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(SECONDS * 1000)
    expect.set_options(timeout=SECONDS * 1000)
    page.goto(person["url"])
    page.fill("input[name=login]", person["email"])
    page.fill("input[name=password]", person["password"])
    page.click("form:has(input[name=login]) button[type=submit]")
    expect(page.locator(".queue-row").first).to_be_visible()
    return page
