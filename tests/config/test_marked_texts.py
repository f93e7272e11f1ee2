"""No page shows words that nobody can translate: in templates they are marked, and scripts hold none of their own."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
# the page of styles is for those who build; the page for our own faults speaks three languages, as it may have none
NOT_READ = ("styles/", "500.html")
NAMES = {"PNG", "SVG", "SHA-256", "Enter", "Esc", "Ctrl", "Alt", "Shift", "404"}  # the same in every language
SAMPLES = re.compile(
    r"https://\S*|com\.example\.shop|order_ready|/contact/|\(?(Ctrl|Alt|Shift)\+[\w+]+\)?|data-[\w-]+=\S*"
)
GONE = (
    re.compile(r"\{#.*?#\}", re.S),
    re.compile(r"\{% (blocktrans|blocktranslate)\b.*?\{% end\1 %\}", re.S),
    # not words but names of classes and widths
    re.compile(r"\{% block (body_class|width|html_attributes|body_attributes|meta)\b.*?\{% endblock\b.*?%\}", re.S),
    re.compile(r"<(kbd|code|pre|script)\b.*?</\1>", re.S),
    re.compile(r"\{%.*?%\}|\{\{.*?\}\}|&\w+;", re.S),
)
SHOWN = re.compile(r'\b(?:title|placeholder|aria-label|alt|data-(?:none|one|many|confirm)|data-say-\w+)="([^"]*)"')
WORDS = re.compile(r"[^\W\d_]{2,}")
IN_SCRIPT = re.compile(
    r"""(?:textContent|innerText|title|placeholder|ariaLabel|alt)\s*[=:]\s*["'`]([^"'`$]*)["'`]"""
    r"""|setAttribute\(["'](?:title|aria-label|placeholder|alt)["'],\s*["'`]([^"'`$]*)["'`]"""
)
ASKED = re.compile(r"""\b(?:balie\.composer\.text|text|word)\(\s*["'](\w+)["']""")
COPIES = re.compile(r'data-copy="([^"]*)"')
HELD = re.compile(r'data-(?:word|say|state)="(\w+)"|data-(\w+)="\{%')


def test_no_marked_words_stand_inside_an_f_string_where_nobody_collects_them() -> None:
    base = Path(settings.BASE_DIR)
    read, found = 0, []
    for package in ("billing", "config", "conversations", "privacy", "tenants"):
        for path in sorted((base / package).rglob("*.py")):
            read += 1
            for text in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                inside = ast.walk(text) if isinstance(text, ast.JoinedStr) else ()
                calls = (one.func for one in inside if isinstance(one, ast.Call))
                if any(isinstance(name, ast.Name) and name.id in MARKS for name in calls):
                    found.append(f"{path.relative_to(base)}:{text.lineno}")  # type: ignore[attr-defined]

    assert read > 500
    assert found == []


def test_no_template_shows_words_that_are_not_marked() -> None:
    found = {
        name: bare
        for path in sorted(TEMPLATES.rglob("*.html"))
        if not (name := str(path.relative_to(TEMPLATES))).startswith(NOT_READ)
        and (bare := list(_unmarked(path.read_text(encoding="utf-8"))))
    }

    assert found == {}


def test_unmarked_words_are_seen_between_tags_and_in_attributes() -> None:
    page = '<p title="Close it">{% trans "Marked" %}</p><b>Bare</b> {# aside #}{{ value }}<kbd>Ctrl</kbd>'

    assert list(_unmarked(page)) == ["Close it", "Bare"]


def test_no_script_shows_words_of_its_own() -> None:
    found = [
        (path.name, words)
        for path in sorted(SCRIPTS.rglob("*.js"))
        for pair in IN_SCRIPT.findall(path.read_text(encoding="utf-8"))
        for words in pair
        if WORDS.search(words)
    ]

    assert found == []


def test_every_word_that_a_script_asks_for_is_in_a_template() -> None:
    held = {
        name for path in TEMPLATES.rglob("*.html") for pair in HELD.findall(path.read_text()) for name in pair if name
    }
    asked = {(path.name, name) for path in SCRIPTS.rglob("*.js") for name in ASKED.findall(path.read_text())}

    assert {(script, name) for script, name in asked if name not in held} == set()


def test_every_button_that_copies_names_something_beside_it() -> None:
    pages = {str(path.relative_to(TEMPLATES)): path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")}
    copied = [(name, target) for name, page in pages.items() for target in COPIES.findall(page)]

    assert len(copied) > 3
    assert [(name, target) for name, target in copied if f'id="{target}"' not in pages[name]] == []


def _unmarked(page: str) -> Iterator[str]:
    for part in GONE:
        page = part.sub(" ", page)
    shown = [*SHOWN.findall(page), *re.sub(r"<[^>]*>", "\n", page).splitlines()]
    for text in (SAMPLES.sub(" ", each).strip() for each in shown):
        if set(WORDS.findall(text)) - NAMES and text not in NAMES:
            yield text
