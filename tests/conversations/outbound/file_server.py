"""Somebody's web server, from which files are fetched."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class FileServer:
    """Somebody's web server: what stands where, with status, headers and body; and who asked for what."""

    url: str = ""
    answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def put(self, path: str, body: bytes, mime_type: str, *, status: int = 200, **headers: str) -> str:
        told = {"Content-Type": mime_type, **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.answers.setdefault(path, []).append((status, told, body))
        return self.url + path

    def next(self, path: str) -> tuple[int, dict[str, str], bytes]:
        listed = self.answers.get(path.partition("?")[0], [(404, {}, b"")])
        return listed.pop(0) if len(listed) > 1 else listed[0]


@contextmanager
def serving() -> Iterator[FileServer]:
    """A server on a free port of this machine."""
    server = FileServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            server.headers.append(dict(self.headers))
            status, headers, body = server.next(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Nothing is written."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    server.url = f"http://127.0.0.1:{httpd.server_port}"
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
