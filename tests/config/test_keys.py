"""Every key of the inbox stands in the list behind ``?``, and whatever a key does, a button in sight does too."""

import re
from pathlib import Path

from conversations.services import queue

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = (ROOT / "static/js/inbox-keys.js").read_text(encoding="utf-8")
LIST = (ROOT / "templates/conversations/_keys.html").read_text(encoding="utf-8")
TEMPLATES = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "templates").rglob("*.html")))
ENTRY = re.compile(r'^    ("?)(.)\1: (.*),$', re.M)
KBD = re.compile(r'<kbd class="kbd">([^<]+)</kbd>')
# what the pointer presses where a key calls a function instead of pressing a button
SEEN = {
    "j": "queue-row",
    "k": "queue-row",
    "n": "data-next-one",
    "g": "data-view=",
    "r": "data-write=",
    "m": "data-write=",
    "b": "data-open-knowledge",
    "z": "data-undo",
    "i": "data-toggle-contact",
    "x": "data-pick",
    "/": 'id="queue-search"',
    "?": 'data-opens="keys"',
}


def table(name: str) -> dict[str, str]:
    """A table of the script: key to what stands behind it."""
    body = SCRIPT.partition(f"const {name} = {{")[2]
    if name == "VIEWS":
        return dict(re.findall(r'(\w): "(\w+)"', body.partition("}")[0]))
    return {key: does for _quote, key, does in ENTRY.findall(body.partition("\n  };")[0])}


def test_the_list_and_the_table_name_the_same_keys() -> None:
    lines = [KBD.findall(line) for line in LIST.split("<div>")]
    alone = {keys[0].lower() for keys in lines if keys and len(keys[0]) == 1} | {
        key.lower()
        for keys in lines
        if len(keys) == 2
        for key in keys
        if len(key) == 1 and keys[0] not in ("Ctrl", "Alt")
    }
    jumps = next(keys for keys in lines if keys[:1] == ["G"])

    assert table("KEYS").keys() == {key for key in alone if not key.isdigit()}
    assert {"1", "9"} <= alone
    assert {key.lower() for key in jumps[1:]} == table("VIEWS").keys()


def test_whatever_a_key_does_a_button_in_sight_does_too() -> None:
    without = []
    for key, does in table("KEYS").items():
        pressed = re.findall(r'\[(data-[\w-]+(?:="[\w-]+")?)\]', does) or [SEEN[key]]
        if not any(f" {mark}" in TEMPLATES or mark in TEMPLATES for mark in pressed):
            without.append((key, pressed))

    assert without == []


def test_every_view_that_a_key_goes_to_is_one() -> None:
    assert set(table("VIEWS").values()) <= set(queue.View)
