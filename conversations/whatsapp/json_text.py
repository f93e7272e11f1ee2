"""JSON as the platform writes it and as the journal keeps it: quickly where that is the same, else exactly.

orjson is several times quicker than the standard library, but turns whole numbers beyond 64 bits into floats and
refuses lone surrogates, both of which a stranger may send. What it would change or refuse goes the standard way.
"""

import json
import re
from typing import Any

import orjson

_LONG_NUMBER = re.compile(rb"(?:^|[\[:,])\s*-?\d{18}")


def read(raw: bytes) -> Any:
    """The value of a JSON text.

    Raises  ValueError, RecursionError
    """
    if _LONG_NUMBER.search(raw) is None:
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError:
            return json.loads(raw.decode())
    return json.loads(raw.decode())


def write(value: Any) -> str:
    """JSON that a text column takes: neither a NUL character nor half a surrogate pair stands in it unescaped."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value)
