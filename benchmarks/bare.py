"""The baseline of webhook intake: the least that could be right. Checks the signature, reads the JSON, one insert."""

import hashlib
import hmac
import json
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

from benchmarks.common import SECRET

_local = threading.local()
TABLE = (
    "CREATE TABLE IF NOT EXISTS bare_journal (id bigserial PRIMARY KEY, body text NOT NULL, at timestamptz NOT NULL)"
)
INSERT = "INSERT INTO bare_journal (body, at) VALUES (%s, now())"


def connection() -> "psycopg.Connection[Any]":
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    found: psycopg.Connection[Any] = _local.connection
    return found


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    wanted = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted, environ.get("HTTP_X_HUB_SIGNATURE_256", "")):
        start_response("401 Unauthorized", [("Content-Length", "0")])
        return [b""]
    json.loads(body)
    connection().execute(INSERT, [body.decode()])
    start_response("200 OK", [("Content-Length", "0")])
    return [b""]
