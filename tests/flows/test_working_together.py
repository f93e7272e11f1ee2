"""In a real browser: two agents at one conversation, handed over, and a question that the client answers."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.flows.steps import SECONDS, choose_undo_seconds, page_of, sign_in, who

pytestmark = pytest.mark.browser

QUESTION = "Wanneer komt het frame binnen?"
ANSWER = "Volgende week dinsdag"


@pytest.fixture
def agent(browser: Browser, product: dict[str, Any]) -> Page:
    page = page_of(browser)
    sign_in(page, who(product, "Agent at Fietsland"))
    return page


@pytest.fixture
def admin(browser: Browser, product: dict[str, Any]) -> Page:
    page = page_of(browser)
    sign_in(page, who(product, "Admin at Fietsland"))
    return page


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

    # what a colleague answers is not closed by one press
    expect(agent.locator("#thread-head [data-act=take]")).to_be_visible()
    agent.keyboard.press("e")
    expect(dialog.locator("[data-act=close][data-sure]")).to_be_focused()
    agent.keyboard.press("Escape")
    expect(agent.locator("[data-act=reopen]")).to_have_count(0)

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

    # given back, anybody may answer it
    admin.locator("[data-act=release]").click()
    expect(admin.locator("#thread-head [data-act=take]")).to_be_visible()


OPENS = re.compile(r"/inbox/[0-9a-f-]{36}/(\?|$)")
LOSES = """(path) => {
    const real = window.fetch;
    let lost = false;
    window.fetch = async (address, options) => {
        const answer = await real(address, options);
        if (lost || !String(address).endsWith(path)) return answer;
        lost = true;
        throw new TypeError("the answer was lost");
    };
}"""
LEFT = "Object.keys(localStorage).filter((name) => name.startsWith('balie.unsent.'))"
LONG_AGO = f"""() => {LEFT}.forEach((name) => {{
    localStorage.setItem(name, JSON.stringify({{ ...JSON.parse(localStorage.getItem(name)), beat: 0 }}));
}})"""
PASTES = """(count) => {
    const files = new DataTransfer();
    for (let n = 0; n < count; n += 1) files.items.add(new File([`${n}`], `${n}.txt`, { type: "text/plain" }));
    const paste = new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true });
    document.querySelector("[data-compose=reply] textarea").dispatchEvent(paste);
}"""


def test_what_was_written_leaves_once_whatever_becomes_of_page_answer_and_session(
    agent: Page, product: dict[str, Any]
) -> None:
    choose_undo_seconds(agent, "10")
    agent.locator(".queue-row").first.click()
    reply, note = (agent.locator(f"[data-compose={kind}] textarea[name=body]") for kind in ("reply", "note"))
    expect(reply).to_be_visible()
    place = agent.url

    # an answer that the server took and nobody heard of, a note likewise
    for path, field in (("/reply/", reply), ("/note/", note)):
        agent.evaluate(LOSES, path)
        agent.evaluate(f"balie.composer.write('{path.strip('/')}')")
        field.fill(f"Eenmaal {path}")
        field.press("Control+Enter")
        if path == "/note/":
            expect(agent.locator("[data-compose=note] [data-why]")).to_be_visible()
            field.press("Control+Enter")
        expect(field).to_have_value("")
        expect(agent.locator("[data-pending]")).to_have_count(0)
        expect(_bubbles(agent, f"Eenmaal {path}")).to_have_count(1)

    # files stay with their conversation, and nothing is left out in silence
    agent.evaluate("balie.composer.write('reply')")
    agent.evaluate(PASTES, 30)
    expect(agent.locator(".attachment")).to_have_count(10)
    expect(agent.locator("[data-why]:visible")).to_contain_text("20")
    expect(agent.locator("#composer [data-send]")).to_be_in_viewport()
    expect(agent.locator("#thread-list .bubble").last).to_be_in_viewport()  # beside ten files too
    agent.locator(".queue-row:not([aria-current])").first.click()
    expect(agent.locator(".attachment")).to_have_count(0)
    agent.evaluate("(place) => balie.open(place)", place)
    expect(agent.locator(".attachment")).to_have_count(10)
    agent.evaluate("balie.files.take()")

    # a text that is too long is whole, and says so
    reply.fill("x" * 5000)
    reply.press("Control+Enter")
    expect(agent.locator("[data-why]:visible")).to_contain_text("5000")
    expect(reply).to_have_value("x" * 5000)

    # sent and closed, it can still be taken back
    reply.fill("Tot ziens")
    reply.press("Control+Shift+Enter")
    expect(agent.locator(".undo-bar")).to_be_visible()
    agent.evaluate("balie.composer.reload()")  # as soon as it is closed there is another composer
    agent.locator("[data-undo]").click()
    expect(reply).to_have_value("Tot ziens")

    # signed out and in again in another tab
    agent.context.clear_cookies(name="session")
    reply.fill("Na het aanmelden")
    reply.press("Control+Enter")
    expect(agent.locator("#live-bar [data-sign-in]")).to_be_visible()
    sign_in(page_of(agent.context), who(product, "Agent at Fietsland"))
    expect(_bubbles(agent, "Na het aanmelden")).to_have_count(1)
    expect(agent.locator("#live-bar")).to_be_hidden()

    # a browser that was killed before the server had it
    agent.route("**/reply/", lambda route: route.abort())
    reply.fill("Na de klap")
    reply.press("Control+Enter")
    expect(agent.locator("[data-pending]")).to_have_count(1)
    agent.evaluate(LONG_AGO)
    again = agent.context.new_page()
    agent.close(run_before_unload=False)
    again.goto(place)
    expect(_bubbles(again, "Na de klap")).to_have_count(1)
    expect(again.locator("[data-pending]")).to_have_count(0)
    assert again.evaluate(LEFT) == []


def test_quick_fingers_write_to_nobody_else_and_do_nothing_unmeant(agent: Page, admin: Page) -> None:
    rows, reply = agent.locator(".queue-row"), agent.locator("[data-compose=reply] textarea[name=body]")
    agent.goto(agent.url + "?view=unassigned")
    rows.first.press("Enter")
    expect(reply).to_be_visible()
    first = agent.url

    # the next conversation is slow: what is typed waits for it
    held: list[Route] = []
    agent.route(OPENS, lambda route: held.append(route))
    agent.keyboard.press("j")
    agent.keyboard.press("r")
    agent.keyboard.type("Beste Jet")
    expect(reply).to_have_value("")
    for _look in range(SECONDS * 10):
        if held:
            break
        agent.wait_for_timeout(100)
    held[0].continue_()
    agent.unroute(OPENS)
    expect(reply).to_have_value("Beste Jet")
    expect(reply).to_be_focused()
    assert agent.url != first

    # a colleague takes it over in the middle of a word: the word stays in sight, and its letters are no keys
    agent.keyboard.press("Escape")
    agent.keyboard.press("t")
    expect(agent.locator("[data-act=release]")).to_be_visible()
    expect(agent.locator("#spoken")).to_have_text(agent.locator("#thread-head .chip[data-state=active]").inner_text())
    agent.keyboard.press("r")
    agent.keyboard.type(", ik zoe")
    place = agent.url
    admin.goto(place)
    admin.locator("#thread-scroll").press("t")
    admin.locator("#handling[open] [data-sure]").press("Enter")
    kept = agent.locator("#composer .composer-kept")
    expect(kept).to_be_focused()
    agent.keyboard.type("jente s")
    expect(kept).to_have_value("Beste Jet, ik zoe")
    expect(agent.locator("dialog[open]")).to_have_count(0)
    assert agent.url == place
    agent.keyboard.press("Escape")
    agent.keyboard.press("t")
    agent.locator("#handling[open] [data-sure]").press("Enter")
    expect(reply).to_have_value("Beste Jet, ik zoe")

    # sent by hand the field stays in use; what is put away by its key lets the next key be none of a text
    agent.keyboard.press("r")
    agent.locator("[data-compose=reply] [data-send]").click()
    expect(reply).to_have_value("")
    expect(reply).to_be_focused()
    expect(agent.locator("#spoken")).to_contain_text("Z")
    agent.keyboard.type("Tot morgen")
    agent.keyboard.press("Alt+Enter")
    expect(agent.locator("#thread-scroll")).to_be_focused()
    expect(agent.locator(".thread-hold[data-hold=snoozed]")).to_be_visible()

    # whoever closes one in the middle of the queue goes on where it stood
    agent.keyboard.press("Escape")
    agent.keyboard.press("j")
    agent.keyboard.press("j")
    here = agent.locator(".queue-row[aria-current]")
    expect(here).to_be_focused()
    following = here.evaluate("(row) => row.nextElementSibling.id")
    closed = here.get_attribute("id")
    expect(agent.locator("#thread")).to_have_attribute("data-id", (closed or "").removeprefix("row-"))
    agent.keyboard.press("e")
    expect(agent.locator(f"#{closed}")).to_have_count(0)
    expect(agent.locator("#thread-scroll")).to_be_focused()
    agent.keyboard.press("j")
    expect(agent.locator(f"#{following}")).to_be_focused()


def _bubbles(page: Page, text: str) -> Locator:
    return page.locator(".bubble[data-key]", has_text=text)


def _link(page: Page, folder: Path) -> str:
    """The link of the mail that a worker wrote into the folder of mails."""
    for _look in range(SECONDS * 4):
        for letter in (folder / "var" / "mail").glob("*"):
            if found := re.search(r"https?://\S+/answer/\w+/", letter.read_text()):
                return found[0]
        page.wait_for_timeout(250)
    raise AssertionError("no mail left")
