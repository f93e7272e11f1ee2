"""In a real browser: a day of two agents and a supervisor, a care line in need, and an answer from the desk."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.flows.steps import SECONDS, page_of, say, sign_in, who

pytestmark = pytest.mark.browser

LOOKS = SECONDS * 4
NAME = "Fenna Dagelijks"
IN_NEED = "Govert Zorgelijk"
AT_THE_DESK = "Berend Balie"
WORD = "achterspatbord"  # that nobody else writes
QUESTION = f"Past er een {WORD} op mijn fiets?"
BSN = "123456782"
NOTES_WARNINGS = """document.body.addEventListener("balie:promise", (event) => {
    document.body.dataset.warned = `${document.body.dataset.warned ?? ""} ${event.detail.join(" ")}`;
})"""

FOLLOWS = re.compile(r"/inbox/queue/.*after=")
CLOSES_ONE = """async (id) => {
    const asked = new FormData();
    for (const [name, value] of [["act", "close"], ["ids", id], ["over", "1"]]) asked.set(name, value);
    await balie.request("/inbox/bulk/", { method: "POST", body: asked });
    balie.live.refresh();
}"""


class People:
    """Everybody who has the product open, each in a browser of their own."""

    def __init__(self, browser: Browser, product: dict[str, Any]) -> None:
        self.browser, self.product = browser, product

    def at_work(self, mail: str, *, lands: str = ".queue-row") -> Page:
        page = page_of(self.browser)
        sign_in(page, who(self.product, mail), lands=lands)
        return page

    def customer(self, name: str, company: str) -> Page:
        """Somebody new with the company's chat open on the simulated phone."""
        page = page_of(self.browser)
        page.goto(self.product["addresses"]["Simulated phones"])
        page.click("details.add summary")
        page.fill("input[name=name]", name)
        page.fill("input[name=phone]", f"+31 6 00 88 {len(name):02d} {len(company):02d}")
        page.click("details.add button")
        page.locator("a.chat-link", has_text=company).click()
        expect(page.locator("h1")).to_have_text(company)
        return page


@pytest.fixture
def people(browser: Browser, product: dict[str, Any]) -> People:
    return People(browser, product)


def test_two_agents_and_a_supervisor_work_through_a_day(people: People) -> None:
    sanne, joris, ruben = (people.at_work(mail) for mail in ("sanne", "joris", "ruben"))
    customer = people.customer(NAME, "Fietsland")
    for agent in (sanne, joris):
        _say_presence(agent, "available")
    _promise_three_minutes(people)
    ruben.evaluate(NOTES_WARNINGS)

    say(customer, QUESTION)
    for page in (sanne, joris):
        _row(page, NAME).click()
        expect(_bubble(page, QUESTION)).to_be_visible()
    _press_at_once(sanne, joris)
    _press(joris, "t")  # from a colleague nothing is taken by one press
    asks = joris.locator("#handling[open]")
    expect(asks).to_contain_text("Sanne de Wit")
    joris.keyboard.press("Escape")
    expect(asks).to_have_count(0)
    joris.locator(".queue-row:not([aria-current])").first.click()
    expect(_bubble(joris, QUESTION)).to_have_count(0)

    # whoever leads is warned before the promise breaks
    its_id = _row(sanne, NAME).get_attribute("data-id") or "?"
    expect(ruben.locator("body")).to_have_attribute("data-warned", re.compile(its_id))
    expect(ruben.locator("[data-promise-bar] .bar")).to_be_visible()

    # a quick reply with what is known filled in, and what is not marked to be typed over
    reply = sanne.locator("[data-compose=reply] textarea[name=body]")
    _press(sanne, "r")
    sanne.keyboard.type("/groet")
    _choose_suggested(sanne, "/groet")
    expect(reply).to_have_value(re.compile(r"^Hoi Fenna, .*Sanne"))
    sanne.keyboard.type(" /klaar")
    _choose_suggested(sanne, "/klaar")
    expect(reply).to_have_value(re.compile("⟦.+⟧"))
    sanne.keyboard.type("4471")
    expect(reply).to_have_value(re.compile(r"Neem je bon mee: 4471\.$"))
    sanne.locator("[data-compose=reply] [data-send]").click()
    expect(customer.locator("#messages")).to_contain_text("Neem je bon mee: 4471.")

    # a colleague is called in a note, then given the conversation with another
    _press(sanne, "m")
    sanne.keyboard.type("Weet jij welke maat? @Jor")
    _choose_suggested(sanne, "Joris")
    sanne.keyboard.press("Control+Enter")
    called = joris.locator("#toasts [data-concerns=mentioned]")
    expect(called).to_be_visible()
    called.locator("a").click()
    expect(_bubble(joris, "Weet jij welke maat?")).to_be_visible()
    _press(sanne, "v")
    gives = sanne.locator("#handling[open]")
    gives.locator("#transfer-find").fill("Joris")
    gives.locator("label.choice:visible", has_text="Joris").locator("input").check()
    gives.locator("textarea[name=note]").fill("Neem jij hem over?")
    gives.locator("button[type=submit]").click()
    expect(joris.locator("[data-act=release]")).to_be_visible()
    expect(_bubble(joris, "Neem jij hem over?")).to_be_visible()

    # put away until the customer writes, who wakes it
    _press(joris, "s")
    expect(joris.locator("#handling[open] [data-digit=r]")).to_be_visible()
    joris.keyboard.press("r")
    expect(joris.locator(".thread-hold[data-hold=snoozed]")).to_be_visible()
    expect(joris.locator("#contact-promise .ring")).to_have_count(0)
    say(customer, "Maat 28, als het kan.")
    expect(joris.locator(".thread-hold")).to_have_count(0)
    expect(joris.locator("#contact-promise .ring")).to_be_visible()

    # what was said is found, and shown where it was said
    _find(ruben, WORD)
    ruben.locator("a.search-line", has_text=WORD).first.click()
    expect(_bubble(ruben, QUESTION)).to_be_in_viewport()

    # at the end of the shift everything goes on with a colleague, and nobody is called available who left
    joris.locator("details.menu[data-side=rail] > summary").click()
    joris.locator("a[href$='/handover/']").click()
    mine = joris.locator(".handover-row", has_text=NAME)
    mine.locator("textarea").fill("Maat 28 is besteld.")
    option = mine.locator("option", has_text="Sanne de Wit")
    mine.locator("select").select_option(value=option.get_attribute("value"))
    joris.locator(".handover-foot button[type=submit]").click()
    expect(joris.locator("[data-own-presence]")).to_have_attribute("data-presence", "away")
    expect(sanne.locator("[data-act=release]")).to_be_visible()
    expect(_bubble(sanne, "Maat 28 is besteld.")).to_be_visible()


def test_what_waits_finds_its_way_to_whoever_is_there(people: People) -> None:
    admin, kees = people.at_work("frank"), people.at_work("kees")
    before = kees.locator("[data-count=mine]").inner_text()
    _say_presence(kees, "available")

    _go(admin, "/settings/teams/")
    admin.locator("main a", has_text="Redactie").first.click()
    admin.check("[name=auto_assign]")
    admin.fill("[name=skills]", "")
    admin.locator("form.card button[type=submit]").first.click()

    expect(kees.locator("[data-count=mine]")).not_to_have_text(before or "0")
    expect(kees.locator("[data-concerns=assigned]:visible").first).to_be_visible()


def test_a_list_that_was_scrolled_keeps_every_row_when_it_is_fetched_anew(people: People) -> None:
    ruben = people.at_work("ruben")
    _go(ruben, "/inbox/?view=open")
    one_more = ruben.locator(".queue-row").last.get_attribute("data-id")
    _go(ruben, "/inbox/?view=closed")
    rows = ruben.locator("#queue-rows > .queue-row")
    expect(rows).to_have_count(40)
    rows.last.scroll_into_view_if_needed()
    expect(rows).to_have_count(80)
    ruben.mouse.move(1200, 500)

    ruben.route("**/inbox/rows/**", lambda route: route.abort())  # only the whole list is fetched
    ruben.evaluate(CLOSES_ONE, one_more)

    expect(ruben.locator(f"#queue-rows > #row-{one_more}")).to_have_count(1)
    expect(rows).to_have_count(81)


def test_what_follows_in_a_list_is_asked_for_again_when_it_did_not_come(people: People) -> None:
    ruben = people.at_work("ruben")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503)

    ruben.route(FOLLOWS, refuse)
    _go(ruben, "/inbox/?view=closed")
    rows = ruben.locator("#queue-rows > .queue-row")
    rows.last.scroll_into_view_if_needed()
    ruben.locator("[data-more-again]").click()
    expect(ruben.locator("[data-more-again]")).to_be_visible()  # and it says so again
    assert len(asked) == 4

    ruben.unroute(FOLLOWS)
    ruben.locator("[data-more-again]").click()
    expect(rows).to_have_count(80)


def test_a_page_that_nobody_touches_falls_silent_until_somebody_does(people: People) -> None:
    emre = people.at_work("emre")
    beats: list[str] = []
    emre.on("request", lambda request: beats.append(request.url) if "/presence/beat/" in request.url else None)
    emre.clock.install()
    emre.reload()
    expect(emre.locator(".queue-row").first).to_be_visible()
    emre.clock.fast_forward("02:00:00")
    said = len(beats)
    emre.clock.run_for(600_000)
    assert len(beats) == said

    with emre.expect_request("**/presence/beat/"):
        emre.mouse.move(700, 300)


def test_danger_stands_on_top_and_what_is_hidden_is_shown_with_a_reason(people: People) -> None:
    nadia, peter = people.at_work("nadia"), people.at_work("peter")
    customer = people.customer(IN_NEED, "Zorgvast")

    say(customer, f"Mijn BSN is {BSN}")
    _row(nadia, IN_NEED).click()
    hidden = nadia.locator(".bubble [data-masked]")
    expect(hidden).to_be_visible()
    assert BSN not in nadia.content()
    hidden.locator("button").click()
    nadia.locator("[data-masked] input[name=reason]").fill("De huisarts vraagt ernaar")
    nadia.locator("[data-masked] button[type=submit]").click()
    expect(_bubble(nadia, BSN)).to_be_visible()

    say(customer, "Help, hij reageert niet meer")
    expect(peter.locator("#danger-alert")).to_be_visible()
    row = peter.locator(".queue-row[data-danger]", has_text=IN_NEED)
    expect(row).to_be_visible()
    expect(peter.locator(".queue-row:not([data-danger]) ~ .queue-row[data-danger]")).to_have_count(0)
    expect(nadia.locator(".danger-card")).to_contain_text("112")
    nadia.locator(".thread-actions [data-act=close]").click()
    expect(nadia.locator("#toasts")).to_contain_text(re.compile("danger|gevaar", re.IGNORECASE))
    expect(nadia.locator(".danger-card")).to_be_visible()  # nobody closes it away
    nadia.fill("#danger-note", "Ambulance is onderweg")
    nadia.locator(".danger-end button").click()
    expect(nadia.locator(".danger-card")).to_have_count(0)
    expect(row).to_have_count(0)


def test_the_agency_answers_for_a_client_at_its_desk_and_the_client_sees_who(people: People) -> None:
    customer = people.customer(AT_THE_DESK, "Fietsland")
    daan = people.at_work("daan", lands=".rail")
    _go(daan, "/desk/?view=all")
    expect(daan.locator("#queue")).to_be_visible()

    say(customer, "Zijn jullie er ook op zaterdag?")
    row = _row(daan, AT_THE_DESK)
    expect(row).to_contain_text("Fietsland")
    row.click()
    expect(_bubble(daan, "Zijn jullie er ook op zaterdag?")).to_be_visible()
    _press(daan, "t")
    expect(daan.locator("[data-act=release]")).to_be_visible()
    daan.locator("[data-compose=reply] textarea[name=body]").fill("Ja, van negen tot zes.")
    daan.locator("[data-compose=reply] [data-send]").click()
    expect(customer.locator("#messages")).to_contain_text("Ja, van negen tot zes.")

    hanneke = people.at_work("hanneke")
    _go(hanneke, "/audit/")
    expect(hanneke.locator("main")).to_contain_text("Daan Verschuur")


def _press_at_once(first: Page, second: Page) -> None:
    """Both press the key; the second's request is on its way while the first gets the conversation."""
    held: list[Route] = []
    second.route("**/take/", lambda route: held.append(route))
    with second.expect_request("**/take/"):
        _press(second, "t")
    _press(first, "t")
    expect(first.locator("[data-act=release]")).to_be_visible()
    for _look in range(LOOKS):
        if held:
            break
        second.wait_for_timeout(50)
    held[0].continue_()
    expect(second.locator("#toasts")).to_contain_text("Sanne de Wit")
    expect(second.locator("[data-act=release]")).to_have_count(0)
    second.unroute("**/take/")


def test_signing_out_leaves_nothing_in_the_browser_and_loses_nothing(people: People) -> None:
    agent = people.at_work("joris")
    agent.locator(".queue-row").first.click()
    note = agent.locator("[data-compose=note] textarea[name=body]")
    agent.locator("#composer [data-write=note]").click()
    note.fill(WORD)
    conversation = agent.url

    agent.locator("details.menu[data-side=rail] > summary").click()
    agent.locator("form[action='/accounts/logout/'] button").click()
    expect(agent.locator("input[name=login]")).to_be_visible()

    assert agent.evaluate("Object.keys(localStorage).filter((name) => /draft|unsent/.test(name))") == []
    agent.go_back()
    expect(agent.locator("input[name=login]")).to_be_visible()
    later = people.at_work("joris")
    later.goto(conversation)
    expect(later.locator("[data-compose=note] textarea[name=body]")).to_have_value(WORD)


def _promise_three_minutes(people: People) -> None:
    """Fietsland is open at any hour, answers within three minutes, and warns after a tenth of it."""
    admin = people.at_work("hanneke")
    _go(admin, "/settings/hours/")
    admin.check("[name=always]")
    admin.locator("form:has([name=always]) button[type=submit]").click()
    _go(admin, "/settings/intents/")
    admin.locator("form[action$='/promise/'] [name=response_minutes]").fill("3")
    admin.locator("form[action$='/promise/'] [name=warn_percent]").fill("10")
    admin.locator("form[action$='/promise/'] button[type=submit]").click()
    expect(admin.locator("form[action$='/promise/'] [name=warn_percent]")).to_have_value("10")
    admin.context.close()


def _say_presence(page: Page, presence: str) -> None:
    page.locator("details.menu[data-side=rail] > summary").click()
    page.locator(f"#presence button[name=presence][value={presence}]").click()
    expect(page.locator("[data-own-presence]")).to_have_attribute("data-presence", presence)
    page.keyboard.press("Escape")


def _choose_suggested(page: Page, words: str) -> None:
    option = page.locator(".suggest:visible [role=option][aria-selected=true]", has_text=words)
    expect(option).to_be_visible()
    page.keyboard.press("Enter")
    expect(option).to_have_count(0)


def _find(page: Page, word: str) -> None:
    """What a worker takes into the index is there a moment later."""
    for _look in range(LOOKS):
        _go(page, f"/search/?q={word}")
        if page.locator("a.search-line").count():
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"nothing found of {word}")


def _go(page: Page, path: str) -> None:
    page.goto("/".join(page.url.split("/")[:3]) + path)


def _press(page: Page, key: str) -> None:
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press(key)


def _row(page: Page, name: str) -> Locator:
    return page.locator(".queue-row", has_text=name)


def _bubble(page: Page, text: str) -> Locator:
    return page.locator(".bubble", has_text=text)
