"""Calls an address of ours the way the platform does: a challenge, and a signed change. Says what is wrong with it.

Proves that the name resolves, the certificate holds, something of ours answers there, and that it knows token and
secret. Whether the change was kept, the caller looks up.
"""

import secrets
import ssl

import requests
from requests.exceptions import SSLError
from urllib3.exceptions import SSLError as InnerSSLError

from conversations.whatsapp import addresses, signature
from conversations.whatsapp.connections import open_session

PLATFORM = "https://graph.facebook.com"  # no address but the platform's own is inner by configuration
SECONDS = (5.0, 10.0)  # to connect, to answer
MAX_ANSWER_BYTES = 2_000
UNREADABLE, INNER, UNREACHABLE, CERTIFICATE = (
    "address_odd",
    "address_inner",
    "address_unreachable",
    "address_certificate",
)
NOT_OURS, TOKEN, SECRET, BUSY = "address_not_ours", "address_token", "address_secret", "address_busy"


def knock(url: str, *, verify_token: str, inner: bool = False) -> str:
    """Ask for a challenge back, as the platform does when an address is set. Empty when it came, else the problem.

    inner  whether the address may lie in an inner network
    """
    challenge = str(secrets.randbelow(10**10)).zfill(10)
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    problem, status, said = _call(requests.Request("GET", url, params=query), inner=inner)
    if problem:
        return problem
    if status == 403:
        return TOKEN
    return _unlike(status) or ("" if said == challenge.encode() else NOT_OURS)


def post(url: str, body: bytes, *, secret: str, inner: bool = False) -> str:
    """Post a signed body. Empty when it was taken, else the problem."""
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature.sign(body, secret)}
    problem, status, _said = _call(requests.Request("POST", url, data=body, headers=headers), inner=inner)
    if problem:
        return problem
    return SECRET if status == 401 else _unlike(status)


def _unlike(status: int) -> str:
    if status == 200:
        return ""
    return BUSY if status >= 500 or status == 429 else NOT_OURS


def _call(request: requests.Request, *, inner: bool) -> tuple[str, int, bytes]:
    """The problem, or status and beginning of the answer. Redirects are not followed: the platform follows none."""
    try:
        with open_session(str(request.url) if inner else PLATFORM) as session:
            prepared = session.prepare_request(request)
            with session.send(prepared, timeout=SECONDS, allow_redirects=False, stream=True) as got:
                return "", got.status_code, next(got.iter_content(MAX_ANSWER_BYTES), b"")
    except addresses.AddressRefused:
        return UNREADABLE, 0, b""
    except SSLError:
        return CERTIFICATE, 0, b""
    except requests.ConnectionError as error:
        return (INNER if _is_inner(error) else UNREACHABLE), 0, b""
    except (requests.Timeout, InnerSSLError, ssl.SSLError):
        return UNREACHABLE, 0, b""
    except (requests.RequestException, ValueError, UnicodeError):
        return UNREADABLE, 0, b""


def _is_inner(error: Exception) -> bool:
    return "inner network" in str(error)
