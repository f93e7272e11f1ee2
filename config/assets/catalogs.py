"""Translations: kept in step with the texts, and compiled, without the gettext programs."""

from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po


def compile_catalogs(folder: Path) -> list[Path]:
    """Compile every ``*/LC_MESSAGES/*.po`` that is newer than its ``.mo``; gives the files that were written."""
    return [_compile(source) for source in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]


def _is_stale(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> Path:
    with source.open("rb") as readable:
        catalog = read_po(readable, locale=source.parent.parent.name)
    target = source.with_suffix(".mo")
    unfinished = target.with_suffix(".mo.part")
    with unfinished.open("wb") as writable:
        write_mo(writable, catalog)
    unfinished.replace(target)
    return target


def update_catalog(target: Path, *, template: Catalog, language: str) -> Catalog:
    """Bring a ``.po`` in line with what is marked now: new texts come in empty, those gone leave."""
    catalog = read_catalog(target, language=language)
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as writable:
        write_po(writable, catalog, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return catalog


def read_catalog(source: Path, *, language: str) -> Catalog:
    """A ``.po`` as it is; an empty one when there is none."""
    if not source.exists():
        return _empty(language)
    with source.open("rb") as readable:
        return read_po(readable, locale=language)


def _empty(language: str) -> Catalog:
    name = Locale.parse(language).get_display_name("en")
    return Catalog(
        locale=language,
        project="Balie",
        version="1",
        header_comment=f"# {name} texts of Balie.",
        language_team=str(name),
        last_translator="Balie",
        msgid_bugs_address="-",
        charset="utf-8",
        fuzzy=False,
    )


def untranslated(catalog: Catalog) -> list[str]:
    """Texts without a translation, or with one that was never looked at."""
    return [_first(message.id) for message in catalog if message.id and (message.fuzzy or not _is_whole(message))]


def _is_whole(message: Message) -> bool:
    words = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(words)


def _first(identifier: str | list[str] | tuple[str, ...]) -> str:
    return identifier if isinstance(identifier, str) else identifier[0]
