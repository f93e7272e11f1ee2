"""Collects what is marked for translation, in Python and in templates, without the gettext programs."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

PACKAGES = ("config", "tenants", "conversations", "billing", "privacy")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENT_TAGS = ("Translators:",)


def collect(base: Path) -> Catalog:
    """Every text of the project that people read, each once, with the files it stands in."""
    catalog = Catalog(project="Balie", charset="utf-8")
    for source in _sources(base):
        where = [(str(source.relative_to(base)), 0)]
        for _line, message, comments, context in extract("python", _as_python(source), KEYWORDS, COMMENT_TAGS):
            if message:
                catalog.add(message, locations=where, auto_comments=comments, context=context)
    return catalog


def _sources(base: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted(path for path in (base / package).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(path for path in (base / "templates").rglob("*") if path.suffix in (".html", ".txt"))


def _as_python(source: Path) -> BytesIO:
    text = source.read_text(encoding="utf-8")
    if source.suffix != ".py":
        # what templatize leaves beside its calls is blanked-out text, whose indentation is not Python's
        text = "\n".join(line.strip() for line in templatize(text, origin=str(source)).splitlines())
    return BytesIO(text.encode())
