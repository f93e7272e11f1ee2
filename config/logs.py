"""Log lines as JSON, each with the company's schema it was written in, and without what opens doors or names people."""

import json
import logging
import re
from datetime import UTC, datetime

from django.db import connection

# Addresses that let in whoever has them, and the lines in which PostgreSQL quotes the rows it refused.
LETS_IN = re.compile(r"(/(?:answer|enter|invitation|password/reset/key)/)[^/\s?&\"']+")
QUOTES = re.compile(r"^(\s*(?:DETAIL|CONTEXT|LINE \d+):).*$", re.MULTILINE)


def harmless(text: str) -> str:
    """A line or traceback without tokens in addresses and without values of rows."""
    return QUOTES.sub(r"\1 …", LETS_IN.sub(r"\1…", text))


class LineFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "schema": getattr(connection, "schema_name", None),
            "message": harmless(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = harmless(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)
