"""In a real browser: a customer asks, an agent answers, somebody signs in or connects a number, on pages for all."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.flows.steps import SECONDS, choose_undo_seconds, page_of, say, sign_in, who
from tests.flows.walker import broken_rules

pytestmark = pytest.mark.browser

NAME = "Klant Van De Proef"
QUESTION = "Hebben jullie nog rode fietsbellen?"
ANSWER = "Ja, er liggen er drie. Zal ik er een bewaren?"


@pytest.fixture
def agent(browser: Browser, product: dict[str, Any]) -> Iterator[Page]:
    """An agent of the bicycle shop with the inbox open; closed again, for a thread that stays open counts as read."""
    page = page_of(browser)
    sign_in(page, who(product, "Agent at Fietsland"))
    yield page
    page.context.close()


@pytest.fixture
def customer(browser: Browser, product: dict[str, Any]) -> Page:
    """Somebody new with the bicycle shop's chat open on the simulated phone."""
    page = page_of(browser)
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

    say(customer, QUESTION)

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


def test_buttons_are_sent_by_keyboard_and_a_recorded_voice_note_reaches_the_customer(
    agent: Page, customer: Page
) -> None:
    say(customer, QUESTION)
    agent.locator(".queue-row", has_text=NAME).click()
    agent.locator("[data-more] summary").focus()
    agent.keyboard.press("Enter")
    agent.keyboard.press("ArrowDown")
    agent.keyboard.press("Enter")
    dialog = agent.locator("#offer[open]")
    expect(dialog.locator("[name=body]")).to_be_focused()
    agent.keyboard.type("Zal ik er een bewaren?")
    dialog.locator("[name=button1]").fill("Graag")
    expect(dialog.locator("[data-offer-preview]")).to_contain_text("Graag")
    assert broken_rules(agent) == []
    dialog.locator("[name=button1]").press("Enter")

    expect(customer.locator("#messages")).to_contain_text("Zal ik er een bewaren?")
    expect(customer.locator("#messages")).to_contain_text("Graag")

    agent.locator(".composer-tools > [data-record]").click()
    expect(agent.locator("[data-rec-time]")).to_have_text("0:01")
    agent.locator("[data-rec=send]").click()
    expect(agent.locator(".bubble[data-direction=out] .voice")).to_be_visible()
    expect(customer.locator("#messages audio")).to_be_visible()


def test_what_is_being_read_stays_where_it_is_and_what_is_being_written_is_there_again(
    agent: Page, customer: Page
) -> None:
    for number in range(24):
        say(customer, f"Regel {number}: {QUESTION}")
    agent.locator(".queue-row", has_text=NAME).filter(has_text="Regel 23").click()
    line = agent.locator(".bubble", has_text="Regel 5:")
    expect(agent.locator(".unread-line")).to_be_visible()
    line.scroll_into_view_if_needed()
    field = agent.locator("[data-compose=reply] textarea[name=body]")
    field.fill("Half geschreven")
    expect(field).to_have_attribute("data-draft-at", re.compile("."))
    before = line.bounding_box()

    say(customer, "Nog iets anders.")
    expect(agent.locator("[data-newest]")).to_be_visible()
    expect(agent.locator(".bubble", has_text="Nog iets anders.")).to_have_count(1)

    assert line.bounding_box() == before
    agent.reload()
    expect(field).to_have_value("Half geschreven")
    agent.keyboard.press("Control+f")
    agent.keyboard.type("regel 7")
    expect(agent.locator("[data-find-count]")).to_have_text(re.compile("1 .* 1"))
    expect(agent.locator(".bubble", has_text="Regel 7:")).to_be_in_viewport()


def test_what_is_written_without_connection_leaves_once_when_it_is_back(agent: Page, customer: Page) -> None:
    say(customer, QUESTION)
    row = agent.locator(".queue-row", has_text=NAME)
    row.click()
    field = agent.locator("[data-compose=reply] textarea[name=body]")
    expect(field).to_be_visible()

    agent.context.set_offline(True)
    for text in ("Eerst dit.", "Daarna dat."):
        field.fill(text)
        field.press("Enter")
    expect(agent.locator("#live-bar")).to_be_visible()
    expect(agent.locator("[data-pending]")).to_have_count(2)
    agent.context.set_offline(False)

    expect(agent.locator("[data-pending]")).to_have_count(0)
    expect(agent.locator("#live-bar")).to_be_hidden()
    expect(customer.locator("#messages")).to_contain_text("Daarna dat.")
    shown = customer.locator("#messages").inner_text()
    assert shown.count("Eerst dit.") == shown.count("Daarna dat.") == 1
    assert shown.index("Eerst dit.") < shown.index("Daarna dat.")


def test_by_keyboard_alone_an_answer_is_written_and_taken_back(agent: Page, customer: Page) -> None:
    choose_undo_seconds(agent, "10")
    say(customer, QUESTION)
    agent.locator(".queue-row", has_text=NAME).press("Enter")
    expect(agent.locator("#thread")).to_have_attribute("data-title", NAME)

    agent.keyboard.press("t")
    expect(agent.locator(".thread-actions [data-act=release]")).to_be_visible()
    agent.keyboard.press("r")
    agent.keyboard.type("Dit was niet voor u.")
    agent.keyboard.press("Enter")
    agent.keyboard.press("Escape")
    agent.keyboard.press("z")

    field = agent.locator("[data-compose=reply] textarea[name=body]")
    expect(field).to_have_value("Dit was niet voor u.")
    expect(agent.locator(".bubble", has_text="Dit was niet voor u.")).to_have_count(0)
    say(customer, "Bent u er nog?")
    expect(agent.locator(".bubble", has_text="Bent u er nog?")).to_be_visible()
    assert "Dit was niet" not in customer.locator("#messages").inner_text()


SHOWN = """async () => {
  const worker = await navigator.serviceWorker.getRegistration("/");
  return (await worker.getNotifications()).map((one) => [one.title, one.body, one.data.place]);
}"""
AWAY = "() => { Object.defineProperty(document, 'hidden', { get: () => true }); document.hasFocus = () => false; }"


def test_of_several_tabs_out_of_sight_one_tells_that_somebody_wrote_and_never_what(agent: Page, customer: Page) -> None:
    inbox = agent.url
    agent.context.grant_permissions(["notifications"], origin=agent.evaluate("location.origin"))
    agent.goto(urljoin(inbox, "/accounts/profile/"))
    agent.check("[name=notify_desktop]")
    with agent.expect_navigation():
        agent.click("form:has([name=notify_desktop]) button[type=submit]")
    agent.goto(inbox)
    say(customer, QUESTION)
    agent.locator(".queue-row", has_text=NAME).press("Enter")
    expect(agent.locator("#thread")).to_have_attribute("data-title", NAME)
    agent.keyboard.press("t")
    expect(agent.locator(".thread-actions [data-act=release]")).to_be_visible()
    place = urlsplit(agent.url).path
    tabs = [agent, agent.context.new_page()]
    for tab in tabs:
        tab.goto(urljoin(inbox, "/inbox/?view=closed"))
        expect(tab.locator("html")).to_have_attribute("data-live", "live")
        tab.evaluate(AWAY)

    say(customer, "Bent u er nog?")

    for _look in range(SECONDS * 4):
        if shown := agent.evaluate(SHOWN):
            break
        agent.wait_for_timeout(250)
    assert shown == [["Fietsland", shown[0][1], place]]
    assert NAME not in shown[0][1] and "Bent u" not in shown[0][1]


def test_a_passkey_signs_in_alone(browser: Browser, product: dict[str, Any]) -> None:
    person = who(product, "Supervisor at Fietsland")
    page = page_of(browser)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    sign_in(page, person)
    page.goto(person["url"].rstrip("/") + "/accounts/2fa/webauthn/add/")
    page.fill("input[name=password]", person["password"])
    page.click("main button[type=submit]")
    page.check("input[name=passwordless]")
    page.click("form[data-passkey] button[type=submit]")
    expect(page.locator("#recovery-codes")).to_be_visible()
    page.context.clear_cookies()

    page.goto(person["url"].rstrip("/") + "/accounts/login/")
    page.click("form[data-passkey=login] button")

    expect(page.locator(".queue-row").first).to_be_visible()


def _wait_for_sdk(page: Page) -> None:
    """Asked from outside, since a page of ours lets nobody evaluate texts in it."""
    for _look in range(300):
        if page.evaluate("window.FB !== undefined"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the script of the sign-up window did not come")


def test_a_number_is_connected_through_the_sign_up_window(browser: Browser, product: dict[str, Any]) -> None:
    person = who(product, "Admin at Fietsland")
    page = page_of(browser)
    sign_in(page, person)
    page.goto(person["url"].rstrip("/") + "/connecting/")
    page.click("form[action$='/start/signup/'] button")
    _wait_for_sdk(page)
    button = page.locator("[data-open-signup]")

    page.evaluate("window.open = () => null")
    button.click()
    expect(page.locator("[data-say=blocked]")).to_be_visible()
    page.reload()
    _wait_for_sdk(page)
    with page.expect_popup() as opened:
        button.click()
    opened.value.click("#cancel")
    expect(page.locator(".step[data-state=blocked]")).to_have_count(1)

    with page.expect_popup() as opened:
        button.click()
    opened.value.click("button.primary")

    expect(page.locator(".step[data-state=done]")).to_have_count(14)
    expect(page.locator("#connecting .notice[data-state=good]")).to_be_visible()
    assert broken_rules(page) == []


DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
