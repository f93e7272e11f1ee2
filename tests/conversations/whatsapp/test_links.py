"""A file behind a stranger's address is fetched within bounds of address, size and time."""

import io
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from conversations.whatsapp import addresses, links
from conversations.whatsapp.addresses import AddressRefused
from conversations.whatsapp.media import MediaGone, MediaTooBig

Answer = Callable[[socket.socket, threading.Event], None]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], str]]:
    """``serve(answer)`` gives the address of a server that answers so."""
    over, listeners = threading.Event(), []

    def begin(answer: Answer) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def run() -> None:
            while not over.is_set():
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        connection.recv(65536)
                        answer(connection, over)
                    except OSError:
                        continue

        threading.Thread(target=run, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield begin
    over.set()
    for listener in listeners:
        listener.close()


def fetch(base: str, path: str = "/a%20b.png?x=1", *, max_bytes: int = 1000, seconds: float = 5.0) -> links.Fetched:
    return links.fetch(base + path, io.BytesIO(), max_bytes=max_bytes, trusted=[base], seconds=seconds)


def test_what_came_is_told_with_its_name(serve: Callable[[Answer], str]) -> None:
    base = serve(lambda to, over: to.sendall(HEAD + b"Content-Length: 3\r\n\r\nabc"))

    found = fetch(base)

    assert (found.size, found.mime_type, found.filename) == (3, "image/png", "a b.png")


def test_a_server_that_drips_is_given_up_in_time(serve: Callable[[Answer], str]) -> None:
    def drip(to: socket.socket, over: threading.Event) -> None:
        to.sendall(HEAD)
        while not over.wait(0.02):
            to.sendall(b"X-More: 1\r\n")

    with pytest.raises(links.LinkUnreachable):
        fetch(serve(drip), seconds=0.4)


def test_a_body_that_never_ends_is_cut_at_the_bound(serve: Callable[[Answer], str]) -> None:
    def pour(to: socket.socket, over: threading.Event) -> None:
        to.sendall(HEAD + b"\r\n")
        while not over.is_set():
            to.sendall(b"x" * 4096)

    with pytest.raises(MediaTooBig):
        fetch(serve(pour))


def test_a_body_that_breaks_off_is_tried_again(serve: Callable[[Answer], str]) -> None:
    with pytest.raises(links.LinkUnreachable):
        fetch(serve(lambda to, over: to.sendall(HEAD + b"Content-Length: 30\r\n\r\nabc")))


@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("https://127.0.0.1/x", AddressRefused),
        ("https://127%2e0.0.1/x", links.LinkUnreachable),
        ("http://[::1]:1/x", AddressRefused),
        ("https://169.254.169.254/x", AddressRefused),
        ("https://2130706433/x", AddressRefused),
        ("gopher://example.org/x", AddressRefused),
        ("/again", MediaGone),
    ],
)
def test_where_it_leads_is_judged_as_well(
    location: str, error: type[Exception], serve: Callable[[Answer], str]
) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()

    with pytest.raises(error):
        fetch(serve(lambda to, over: to.sendall(head)))


def test_only_exactly_the_trusted_origin_may_be_an_inner_one() -> None:
    trusted = ["http://127.0.0.1:8080"]

    assert addresses.check_link("http://127.0.0.1:8080/a.png", trusted=trusted).configured
    for other in ("http://127.0.0.1:8081/a.png", "https://127.0.0.1:8080/a.png", "http://127.0.0.1/a.png"):
        with pytest.raises(AddressRefused):
            addresses.check_link(other, trusted=trusted)
    assert not addresses.check_link("https://files.example.org/a.png", trusted=trusted).configured
