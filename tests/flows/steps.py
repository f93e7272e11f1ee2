"""Steps that many tests in a browser take: open one, sign in, choose, write as a customer."""

from collections import deque
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, expect

SECONDS = 90  # for anything that another process has to bring
troubles: deque[str] = deque(maxlen=50)  # what went wrong between the pages and the product; shown when a test fails


def who(product: dict[str, Any], name: str) -> dict[str, str]:
    """The sign-in of somebody of the demo: by what she is there, or by the beginning of her mail address."""
    sign_ins: list[dict[str, str]] = product["sign_ins"]
    return next(one for one in sign_ins if one["who"] == name or one["email"].startswith(f"{name}@"))


def page_of(opener: Browser | BrowserContext, **context: Any) -> Page:
    """A page of a browser of somebody's own, or another tab of hers."""
    if isinstance(opener, Browser):
        opener = opener.new_context(**({"viewport": {"width": 1440, "height": 900}} | context))
    page = opener.new_page()
    page.set_default_timeout(SECONDS * 1000)
    page.on("requestfailed", _failed)
    page.on("response", _answered)
    page.on("console", _said)
    expect.set_options(timeout=SECONDS * 1000)
    return page


def sign_in(page: Page, person: dict[str, str], *, lands: str = ".queue-row") -> None:
    page.goto(person["url"].rstrip("/") + "/accounts/login/")
    page.fill("input[name=login]", person["email"])
    page.fill("input[name=password]", person["password"])
    page.click("form:has(input[name=login]) button[type=submit]")
    expect(page.locator(lands).first).to_be_visible()


def choose_undo_seconds(page: Page, seconds: str) -> None:
    """In the profile, and back to where one was."""
    inbox = page.url
    page.goto(urljoin(inbox, "/accounts/profile/"))
    page.fill("input[name=undo_seconds]", seconds)
    with page.expect_navigation():
        page.click("form:has(input[name=undo_seconds]) button[type=submit]")
    page.goto(inbox)


def say(customer: Page, text: str) -> None:
    """As a customer, on the simulated phone."""
    customer.fill("#text", text)
    customer.click("#send")
    expect(customer.locator("#messages")).to_contain_text(text)


def _failed(request: Request) -> None:
    troubles.append(f"{request.method} {request.url}: {request.failure}")


def _answered(response: Response) -> None:
    if response.status >= 400:
        troubles.append(f"{response.request.method} {response.url}: {response.status}")


def _said(message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        troubles.append(f"console: {message.text}")
