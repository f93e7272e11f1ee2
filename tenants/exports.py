"""A table as a CSV file that is made while it is read: page after page by key, whatever its length.

RFC 4180 with a byte order mark, by which spreadsheets know that it is UTF-8.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from django.http import StreamingHttpResponse
from django.utils import formats, timezone, translation

from tenants.context import current_schema, inside

Cell = object
Key = TypeVar("Key")
Read = Callable[[Key | None], tuple[Sequence[Sequence[Cell]], Key | None]]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate instead of showing


def csv_file(name: str, *, header: Sequence[Cell], page: Read[Key], delimiter: str = ",") -> StreamingHttpResponse:
    """A download of the entered company. Its body is read after the request, so every page enters the company again.

    page       gives the rows after a key (None: the first ones) and the key to go on from (None: that was all)
    delimiter  ``readers_delimiter()`` for a file that people open in a spreadsheet rather than feed to a program
    """
    response = StreamingHttpResponse(_parts(header, page, delimiter), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def readers_delimiter() -> str:
    """What stands between cells where the reader lives: where commas are decimal, spreadsheets split at semicolons."""
    return ";" if formats.get_format("DECIMAL_SEPARATOR") == "," else ","


def _parts(header: Sequence[Cell], page: Read[Key], delimiter: str) -> Iterator[bytes]:
    schema_name, language, zone = current_schema(), translation.get_language(), timezone.get_current_timezone()

    def parts() -> Iterator[bytes]:
        yield b"\xef\xbb\xbf" + _lines([header], delimiter)
        key: Key | None = None
        while True:
            with inside(schema_name), translation.override(language), timezone.override(zone):
                rows, key = page(key)
                text = _lines(rows, delimiter)
            yield text
            if key is None:
                return

    return parts()


def _lines(rows: Sequence[Sequence[Cell]], delimiter: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([[_shown(cell) for cell in row] for row in rows])
    return text.getvalue().encode()


def _shown(cell: Cell) -> str:
    """A cell as text that no spreadsheet takes for a formula: names and reasons are written by strangers."""
    if cell is None:
        return ""
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text
