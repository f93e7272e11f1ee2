"""The README's first API call does what it says, word for word but for port, host and key."""

import contextlib
import io
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection

from tenants.models import ClientCompany

README = Path(__file__).resolve().parents[2] / "README.md"


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def port(committed: None) -> Iterator[int]:
    """A server of the whole application on a port of its own."""

    def serve() -> None:
        server.serve_forever(poll_interval=0.05)
        connection.close()

    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Silent)
    thread = threading.Thread(target=serve)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_the_first_call_of_the_readme_works(
    port: int, company: ClientCompany, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("create_api_key", company.subdomain, "README")
    key = capsys.readouterr().out.strip()
    [snippet] = [
        part for part in re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL) if "/api/v1/" in part
    ]
    for shown, here in [
        ("127.0.0.1:8000", f"127.0.0.1:{port}"),
        ("fietsland.localhost:8000", "fietsland.test"),
        ("balie_…", key),
    ]:
        assert shown in snippet
        snippet = snippet.replace(shown, here)

    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(snippet, {})  # noqa: S102 - the very words of the README

    assert "'results': []" in said.getvalue()
