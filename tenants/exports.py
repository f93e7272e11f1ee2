"""A table as a CSV file that is made while it is read: page after page by key, whatever its length.

RFC 4180 with a byte order mark, by which spreadsheets know that it is UTF-8. It is written as the reader's own
spreadsheet reads it: where commas are decimal, cells are split at semicolons.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TypeVar

from django.http import StreamingHttpResponse
from django.utils import formats, timezone, translation

from tenants.context import current_schema, inside

Cell = object
Key = TypeVar("Key")
Read = Callable[[Key | None], tuple[Sequence[Sequence[Cell]], Key | None]]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate instead of showing


def csv_file(name: str, *, header: Sequence[Cell], page: Read[Key]) -> StreamingHttpResponse:
    """A download of the entered company. Its body is read after the request, so every page enters the company again.

    page  gives the rows after a key (None: the first ones) and the key to go on from (None: that was all)
    """
    response = StreamingHttpResponse(_parts(header, page), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _parts(header: Sequence[Cell], page: Read[Key]) -> Iterator[bytes]:
    schema_name, language, zone = current_schema(), translation.get_language(), timezone.get_current_timezone()
    decimal_comma = formats.get_format("DECIMAL_SEPARATOR") == ","

    def parts() -> Iterator[bytes]:
        yield b"\xef\xbb\xbf" + _lines([header], decimal_comma=decimal_comma)
        key: Key | None = None
        while True:
            with inside(schema_name), translation.override(language), timezone.override(zone):
                rows, key = page(key)
                text = _lines(rows, decimal_comma=decimal_comma)
            yield text
            if key is None:
                return

    return parts()


def _lines(rows: Sequence[Sequence[Cell]], *, decimal_comma: bool) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if decimal_comma else ",")
    writer.writerows([[_shown(cell, decimal_comma=decimal_comma) for cell in row] for row in rows])
    return text.getvalue().encode()


def _shown(cell: Cell, *, decimal_comma: bool) -> str:
    """A cell as text that no spreadsheet takes for a formula: names and reasons are written by strangers."""
    if cell is None:
        return ""
    text = str(cell)
    if isinstance(cell, Decimal):
        return text.replace(".", ",") if decimal_comma else text
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text
