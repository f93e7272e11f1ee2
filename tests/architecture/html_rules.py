"""What every page of ours must keep to: no inline style or script, and names for what stands without words."""

from html.parser import HTMLParser

VOID_OF_WORDS = ("button", "a", "summary")
DATA_BLOCKS = ("application/json", "application/ld+json")


class _Reader(HTMLParser):
    """Collects breaches while it reads. ``open_controls`` are those whose words are still being read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.breaches: list[str] = []
        self.ids: set[str] = set()
        self.open_controls: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._check_inline(tag, given)
        self._check_ids(tag, given)
        if tag == "img" and "alt" not in given:
            self.breaches.append(f"<img src={given.get('src', '')[:60]}> has no alt")
        if self.open_controls and (given.get("aria-label") or given.get("alt")):
            self.open_controls[-1].append(given.get("aria-label") or given["alt"])
        if tag in VOID_OF_WORDS:
            self.open_controls.append([given.get("aria-label", "") or given.get("title", "")])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in VOID_OF_WORDS:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self.open_controls:
            self.open_controls[-1].append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID_OF_WORDS and self.open_controls:
            words = self.open_controls.pop()
            if not any(words):
                self.breaches.append(f"a <{tag}> has neither words nor a name")
            elif self.open_controls:
                self.open_controls[-1].extend(words)

    def _check_inline(self, tag: str, given: dict[str, str]) -> None:
        if tag == "style":
            self.breaches.append("an inline <style>")
        if tag == "script" and not given.get("src") and given.get("type") not in DATA_BLOCKS:
            self.breaches.append("an inline <script>")
        for name, value in given.items():
            if name == "style":
                self.breaches.append(f"style={value!r} on <{tag}>")
            if name.startswith(("on", "hx-on")):
                self.breaches.append(f"{name} on <{tag}>")
            if name in ("href", "src", "action") and value.strip().lower().startswith("javascript:"):
                self.breaches.append(f"javascript: in {name} of <{tag}>")
            if name in ("hx-vals", "hx-headers") and value.strip().startswith(("js:", "javascript:")):
                self.breaches.append(f"script in {name} of <{tag}>")
            if name == "hx-trigger" and "[" in value:
                self.breaches.append(f"an evaluated filter in hx-trigger of <{tag}>")

    def _check_ids(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("id")
        if name and name in self.ids:
            self.breaches.append(f"id {name!r} stands twice")
        if name:
            self.ids.add(name)


def breaches_in(html: str) -> list[str]:
    """Everything in a page or fragment that our security policy would block or a screen reader could not name."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.breaches


def assert_clean(html: str) -> None:
    found = breaches_in(html)
    assert not found, found
