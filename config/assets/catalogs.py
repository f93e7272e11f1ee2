"""Compiled translations, without the gettext programs."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


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
