"""Goes to every page there is with the rules of accessibility in hand; finds objects by the links on pages."""

import re
from collections.abc import Iterable
from importlib.resources import files
from typing import Any
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WCAG = {"runOnly": RULES["runOnly"][:-1]}  # a phone shows one pane: its heading and landmark may be in another
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# of lines that are made alike two stay: a long table has no rule to break that a short one has not
ALIKE = """() => {
  const looks = (each) => [each, ...each.querySelectorAll("*")]
    .map((part) => [part.tagName, part.className, part.dataset.state, part.dataset.kind].join(" ")).join();
  for (const parent of document.querySelectorAll("tbody, ol, ul, dl, .queue-rows, .list, .cards")) {
    const seen = new Map();
    for (const child of [...parent.children]) {
      const count = (seen.get(looks(child)) ?? 0) + 1;
      seen.set(looks(child), count);
      if (count > 2) child.remove();
    }
  }
}"""
# words and controls beyond the edge of the screen that nothing lets one move to and nothing shortens
CUT = """() => {
  const said = (part) => [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const reached = (part) => {
    for (let box = part; box; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (style.clipPath !== "none" || style.textOverflow === "ellipsis") return true;
      if (box !== part && /auto|scroll/.test(style.overflowX) && box !== document.scrollingElement) return true;
    }
    return false;
  };
  const beyond = [...document.querySelectorAll("body *")].filter((part) => {
    if (part.closest("svg, .visually-hidden") || !part.checkVisibility({ visibilityProperty: true })) return false;
    const box = part.getBoundingClientRect();
    const out = box.width > 2 && (box.right > innerWidth + 1 || box.left < -1);
    return out && (said(part) || part.matches("a, button, input, select, textarea")) && !reached(part);
  });
  return beyond.slice(0, 2).map((part) => `beyond 320 px: ${part.outerHTML.slice(0, 120)}`);
}"""
LINK = re.compile(r'(?:href|action|hx-get|hx-post|data-url|data-base)="(/[^"#]*)')
NOTHING = "00000000-0000-0000-0000-000000000000"  # where a script puts in whose link it is
BLANK = re.compile(r"<(\w+):\w+>")
KINDS = {"uuid": r"[0-9a-f-]{36}", "slug": r"[-\w]+", "int": r"\d+", "str": r"[^/?]+", "path": r"[^?]+"}
# parts of pages, data and files: no page of their own, so that there is nothing to judge
PARTS = re.compile(
    r"api/v1/|api/openapi|inbox/<uuid:conversation_id>/.|inbox/(queue|rows|promises|bulk|filters|next|own)/|files/|live/"
    r"|desk/(queue|rows|live|command|concerns|own|open|<uuid:company_id>/<path|<uuid:company_id>/$)|emoji/|command/|switcher/"
    r"|knowledge/find/|.*/(text|state|progress|picture|export|file|enter)/|.*list\.csv|.*qr\.|numbers/bar/"
    r"|billing/(estimate|template-prices)/|enter/|accounts/(\^|$)|manifest|service-worker|metrics|healthz|readyz"
)
# the library's own routes that are open here
LIBRARY_IN = (
    "accounts/password/change/",
    "accounts/2fa/",
    "accounts/2fa/totp/activate/",
    "accounts/2fa/webauthn/",
    "accounts/2fa/webauthn/add/",
    "accounts/logout/",
)
LIBRARY_OUT = (
    "accounts/login/",
    "accounts/password/reset/",
    "accounts/password/reset/done/",
    "accounts/password/reset/key/1-set-password/",
)


class Walk:
    """One person on one host: opens pages, keeps their links, and what is wrong with each."""

    def __init__(self, page: Page, base: str, *, rules: dict[str, Any] = RULES) -> None:
        self.page = page
        self.rules = rules
        self.base = base.rstrip("/")
        self.links: set[str] = set()
        self.broken: dict[str, list[str]] = {}
        self.opened: list[str] = []

    def every(self, routes: Iterable[str], *, known: dict[str, str]) -> list[str]:
        """Open a page of each route, fewest blanks first; gives the routes of which no page was found.

        known   an address for routes to which no link leads
        """
        left = sorted((route for route in routes if not PARTS.match(route)), key=lambda route: route.count("<"))
        again = [route for route in left if not self._open(route, known)]
        return [route for route in again if not self._open(route, known)]

    def go(self, path: str) -> bool:
        """Open one page and judge it in light and in dark; tells whether it is there."""
        answer = self.page.goto(self.base + path, wait_until="load")
        assert answer is not None, path
        assert answer.status < 500, path
        if answer.status >= 400:
            return False
        if "<html" not in answer.text():
            return True  # a part of a page: judged where it stands
        self.opened.append(path)
        found = {urlsplit(urljoin(path, link)).path for link in LINK.findall(self.page.content())}
        self.links.update(link for link in found if NOTHING not in link)
        self.page.evaluate(ALIKE)
        self.judge(path)
        self.narrow(path)
        return True

    def narrow(self, name: str) -> None:
        """At 400 % zoom, which is 320 px wide, everything is reached without moving the page sideways (WCAG 1.4.10)."""
        wide = self.page.viewport_size
        assert wide is not None
        self.page.set_viewport_size({"width": 320, "height": 640})
        if found := self.page.evaluate(CUT):
            self.broken[name] = [*self.broken.get(name, []), *found]
        self.page.set_viewport_size(wide)

    def judge(self, name: str) -> None:
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        found = broken_rules(self.page, self.rules)
        self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += [f"dark {line}" for line in broken_rules(self.page, CONTRAST)]
        if found:
            self.broken[name] = found

    def _open(self, route: str, known: dict[str, str]) -> bool:
        path = known.get(route) or self._link(route)
        return path is not None and self.go(path)

    def _link(self, route: str) -> str | None:
        """A link to such a page, else to something of the same object with the route's own end."""
        if "<" not in route:
            return f"/{route}"
        wanted = re.compile("/" + BLANK.sub(lambda blank: KINDS[blank[1]], route))
        if found := next((link for link in sorted(self.links) if wanted.fullmatch(link)), None):
            return found
        start, end, tail = route.rpartition(">/")
        object_of = re.compile("/" + BLANK.sub(lambda blank: KINDS[blank[1]], start + end))
        return next((match[0] + tail for link in sorted(self.links) if (match := object_of.match(link))), None)


def broken_rules(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """What the page breaks, with the first place of each. Only that crosses over to here, and axe once a page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(
        """options => axe.run(document, options).then(found => found.violations.map(
            one => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`))""",
        rules | {"resultTypes": ["violations"]},
    )
    return found
