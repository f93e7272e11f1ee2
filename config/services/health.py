"""Cheap answers to: is this process doing its work?"""

import http.client
import time
from pathlib import Path

FRESH_SECONDS = 15.0


def answers(host: str, port: int, *, path: str = "/healthz") -> bool:
    """Whether the server answers its health address with 200."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def beats(file: Path) -> bool:
    """Whether the process touched its heartbeat file lately; the file is removed before each start."""
    try:
        return time.time() - file.stat().st_mtime < FRESH_SECONDS
    except OSError:
        return False
