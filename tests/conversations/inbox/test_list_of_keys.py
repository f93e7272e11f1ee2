"""The list of keys and the keys are the same: what acts is shown, what is shown acts, and a button does it too."""

import re
from pathlib import Path

from django.conf import settings
from django.test import Client

from tenants.accounts.models import User
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter

SCRIPT = Path(settings.BASE_DIR) / "static" / "js" / "inbox-keys.js"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
LISTED = TEMPLATES / "conversations" / "_keys.html"
KEY = re.compile(r'^    (?:"([^"]+)"|(\w)): (?:does|press|inThread|menu)\(', re.M)
VIEW = re.compile(r"\b(\w): \"(\w+)\"")
WITHOUT_A_LINE = {"g"}  # its line tells of the letters that follow
ENTRY = re.compile(r'^    (?:"([^"]+)"|(\w)): (\w+\(.*),$', re.M)
MARK = re.compile(r"\[(data-[\w-]+)")
# what the pointer presses where a key calls a function instead of pressing a button
SEEN = {
    "j": "queue-row",
    "k": "queue-row",
    "n": "data-next-one",
    "g": "data-view=",
    "x": "data-pick",
    "shift+x": "data-pick",
    "/": 'id="queue-search"',
    "r": "data-write=",
    "m": "data-write=",
    "b": "data-open-knowledge",
    "z": "data-undo",
    "shift+j": "bubble",
    "shift+k": "bubble",
    "i": "data-toggle-contact",
    "shift+p": 'class="rail-end"',
    "?": 'data-opens="keys"',
}


def test_every_key_that_acts_is_in_the_list_and_the_other_way_round() -> None:
    acting = {sign or letter for sign, letter in KEY.findall(_between("const KEYS = {", "};"))}
    listed = set(re.findall(r'data-press="([^"]+)"', LISTED.read_text(encoding="utf-8")))

    assert len(acting) > 30
    assert acting - WITHOUT_A_LINE == listed


def test_whatever_a_key_does_a_button_in_sight_does_too() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.rglob("*.html")) if path != LISTED)
    entries = {sign or letter: does for sign, letter, does in ENTRY.findall(_between("const KEYS = {", "\n  };"))}
    assert len(entries) > 30

    without = []
    for key, does in entries.items():
        pressed = [SEEN[key]] if key in SEEN else MARK.findall(does)
        if not pressed or not any(mark in pages for mark in pressed):
            without.append((key, pressed))

    assert without == []


def test_every_view_of_the_queue_has_a_letter(as_agent: Client) -> None:
    page = as_agent.get("/inbox/").content.decode()
    shown = set(re.findall(r'data-view="([^"]+)"', page))
    letters = dict(VIEW.findall(_between("const VIEWS = {", "};")))

    assert set(letters.values()) == shown
    for letter in letters:
        assert f'<kbd class="kbd">{letter.upper()}</kbd>' in page.partition("keys-views")[2]


def test_single_letters_can_be_switched_off(
    as_agent: Client, agent: User, company: ClientCompany, enter: Enter
) -> None:
    assert "data-letter-keys" not in as_agent.get("/inbox/").content.decode()

    with enter(company):
        User.objects.filter(pk=agent.pk).update(letter_keys=False)

    assert 'data-letter-keys="off"' in as_agent.get("/inbox/").content.decode()


def test_keys_are_called_what_stands_on_them(
    as_agent: Client, agent: User, company: ClientCompany, enter: Enter
) -> None:
    assert '<kbd class="kbd">Ctrl</kbd>' in as_agent.get("/inbox/", headers={"accept-language": "en"}).content.decode()

    with enter(company):
        User.objects.filter(pk=agent.pk).update(language="de")

    german = as_agent.get("/inbox/").content.decode()
    assert '<kbd class="kbd">Strg</kbd>' in german
    assert '<kbd class="kbd">Umschalt</kbd>' in german
    assert '<kbd class="kbd">Ctrl</kbd>' not in german


def _between(start: str, end: str) -> str:
    return SCRIPT.read_text(encoding="utf-8").partition(start)[2].partition(end)[0]
