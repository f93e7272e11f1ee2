"""The main job from end to end: a customer asks on the phone, an agent answers in the browser."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

NAME = "Klant Van De Proef"
QUESTION = "Hebben jullie nog rode fietsbellen?"
ANSWER = "Ja, er liggen er drie. Zal ik er een bewaren?"
SECONDS = 30  # for anything that another process has to bring


@pytest.fixture
def agent(browser: Browser, product: dict[str, Any]) -> Page:
    """An agent of the bicycle shop with the inbox open."""
    person = next(one for one in product["sign_ins"] if one["who"] == "Agent at Fietsland")
    page = _page(browser)
    page.goto(person["url"])
    page.fill("input[name=login]", person["email"])
    page.fill("input[name=password]", person["password"])
    page.click("button[type=submit]")
    expect(page.locator(".queue-row").first).to_be_visible()
    return page


@pytest.fixture
def customer(browser: Browser, product: dict[str, Any]) -> Page:
    """Somebody new with the bicycle shop's chat open on the simulated phone."""
    page = _page(browser)
    page.goto(product["addresses"]["Simulated phones"])
    page.click("details.add summary")
    page.fill("input[name=name]", NAME)
    page.fill("input[name=phone]", "+31 6 00 99 88 77")
    page.click("details.add button")
    page.locator("a.chat-link", has_text="Fietsland").click()
    expect(page.locator("h1")).to_have_text("Fietsland")
    return page


def test_a_customer_asks_and_an_agent_answers(agent: Page, customer: Page) -> None:
    agent.evaluate("window.notReloaded = true")

    _say(customer, QUESTION)

    row = agent.locator(".queue-row", has_text=NAME)
    expect(row).to_contain_text(QUESTION)
    row.click()
    expect(agent.locator(".bubble", has_text=QUESTION)).to_be_visible()
    agent.locator(".thread-actions [data-act=take]").click()
    agent.locator("[data-compose=reply] textarea[name=body]").fill(ANSWER)
    agent.locator("[data-compose=reply] [data-send]").click()

    expect(customer.locator("#messages")).to_contain_text(ANSWER)
    answered = agent.locator(".bubble", has_text=ANSWER)
    expect(answered.locator(".ticks")).to_have_attribute("data-state", "read")
    assert agent.evaluate("window.notReloaded")


def _say(customer: Page, text: str) -> None:
    customer.fill("#text", text)
    customer.click("#send")
    expect(customer.locator("#messages")).to_contain_text(text)


def _page(browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(SECONDS * 1000)
    expect.set_options(timeout=SECONDS * 1000)
    return page
