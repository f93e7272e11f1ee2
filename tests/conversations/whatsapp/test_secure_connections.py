"""A checked address is still spoken to by its own name: the certificate must be for the host of the URL."""

import asyncio
import datetime
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from conversations.whatsapp.client import GraphClient
from conversations.whatsapp.credentials import Credentials
from conversations.whatsapp.management import GraphManagement, GraphUnreachable
from conversations.whatsapp.outcomes import NotSent, Outcome


def certificate(folder: Path, *, name: str) -> tuple[Path, Path]:
    """A self-signed certificate for a host name, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    alternative = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "cert.pem", folder / "key.pem"
    certificate_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key_file.write_bytes(key.private_bytes(*plain))
    return certificate_file, key_file


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"id":"1","host":"%s"}' % self.headers["Host"].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


class Quiet(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust us ends the connection."""


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    trusted, key = certificate(tmp_path, name="localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, key)
    server = Quiet(("127.0.0.1", 0), Answering)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server.server_address[1], trusted
    server.shutdown()
    server.server_close()
    thread.join(5)


def ask(port: int, trusted: Path | bool, *, host: str) -> dict[str, object]:
    access = Credentials(graph_url=f"https://{host}:{port}", version="v25.0", token="t", phone_number_id="1")
    with GraphManagement(access) as graph:
        graph._session.verify = str(trusted) if isinstance(trusted, Path) else trusted
        return graph.ask("GET", "1")


def test_a_trusted_certificate_for_the_name_is_accepted(secure):
    port, trusted = secure

    assert ask(port, trusted, host="localhost")["host"] == f"localhost:{port}"


def test_a_certificate_for_another_name_is_refused(secure):
    port, trusted = secure

    with pytest.raises(GraphUnreachable):
        ask(port, trusted, host="127.0.0.1")


def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_token_leaves(secure):
    port, _trusted = secure
    number = Credentials(graph_url=f"https://localhost:{port}", version="v25.0", token="t", phone_number_id="1")

    async def go() -> Outcome:
        async with GraphClient() as client:
            return await client.send(number, {})

    with pytest.raises(GraphUnreachable):
        ask(port, True, host="localhost")
    assert isinstance(asyncio.run(go()), NotSent)
