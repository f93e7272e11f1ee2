"""The address the platform calls: ``/webhooks/whatsapp``, on every host of ours, before anything knows of companies.

The answer is made from plain values, so that both Django's middleware and the bare WSGI gate (which spares a request of
the platform everything a page needs) can give it.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse

from conversations.services import intake
from conversations.services.intake import apps
from conversations.whatsapp import json_text

logger = logging.getLogger(__name__)

PATH = "/webhooks/whatsapp"
PATHS = frozenset({PATH, PATH + "/"})
MAX_BODY_BYTES = 3 * 1024 * 1024
MAX_CHALLENGE_CHARS = 400

Handler = Callable[[HttpRequest], HttpResponse]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform hears. Anything but 200 makes it call again, for up to seven days."""

    status: int
    body: str = ""


REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    405: "Method Not Allowed",
    413: "Content Too Large",
    503: "Service Unavailable",
}


def answer(environ: dict[str, Any]) -> Answer:
    """The answer to one call, from its WSGI environment. Never raises for what a caller can send."""
    try:
        if environ["REQUEST_METHOD"] == "GET":
            return _handshake(environ.get("QUERY_STRING", ""))
        if environ["REQUEST_METHOD"] == "POST":
            return _take_in(environ)
    except (DatabaseError, psycopg.Error, intake.RoutesKeepChanging) as error:
        logger.warning("the database is away (%s); the platform will call again", type(error).__name__)
        return Answer(503, "Try again later.")
    return Answer(405, "This address takes GET and POST.")


def _handshake(query: str) -> Answer:
    """The platform proves that it knows the verify token and wants its challenge back."""
    said = {name: values[0] for name, values in parse_qs(query, max_num_fields=20).items()}
    challenge = said.get("hub.challenge", "")
    known = said.get("hub.mode") == "subscribe" and apps.knows_verify_token(said.get("hub.verify_token", ""))
    if not known or len(challenge) > MAX_CHALLENGE_CHARS:
        return Answer(403, "The verify token is not known.")
    return Answer(200, challenge)


def _take_in(environ: dict[str, Any]) -> Answer:
    body = _body(environ)
    if body is None:
        return Answer(413, "The body is larger than 3 MB.")
    app_id = apps.verified_app(body, environ.get("HTTP_X_HUB_SIGNATURE_256", ""))
    if app_id is None:
        return Answer(401, "The signature fits no app that is known here.")
    try:
        document = json_text.read(body)
        if not isinstance(document, dict):
            return Answer(400, "The body is not a JSON object.")
        prepared = intake.prepare(document)
    except (ValueError, RecursionError):  # not UTF-8, not JSON, numbers without end, nested without end
        return Answer(400, "The body is not JSON that can be read.")
    intake.accept(prepared, app_id=app_id)
    return Answer(200)


def _body(environ: dict[str, Any]) -> bytes | None:
    """The raw bytes, counted while they come, since a length may be missing or wrong; None when there are too many."""
    stream = environ["wsgi.input"]
    told = environ.get("CONTENT_LENGTH") or ""
    if told.isascii() and told.isdecimal():
        left = int(told) if len(told) < 19 else MAX_BODY_BYTES + 1
        if left > MAX_BODY_BYTES:
            return None
    elif environ.get("HTTP_TRANSFER_ENCODING"):
        left = MAX_BODY_BYTES + 1
    else:
        return b""
    chunks: list[bytes] = []
    while left > 0 and (chunk := stream.read(min(left, 1 << 20))):
        chunks.append(chunk)
        left -= len(chunk)
    body = b"".join(chunks)
    return body if len(body) <= MAX_BODY_BYTES else None


class WebhookMiddleware:
    """Answers the platform's calls itself; every other request goes on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in PATHS:
            return self.get_response(request)
        given = answer(request.META)
        response = HttpResponse(given.body, status=given.status, content_type="text/plain; charset=utf-8")
        response["X-Content-Type-Options"] = "nosniff"
        return response


class WebhookGate:
    """The same answer in front of Django, for the server: a webhook builds no request object and sends no signal."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") not in PATHS:
            return self.application(environ, start_response)
        connection.close_if_unusable_or_obsolete()  # what Django does at the start of a request
        given = answer(environ)
        body = given.body.encode()
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("X-Content-Type-Options", "nosniff"),
        ]
        start_response(f"{given.status} {REASONS[given.status]}", headers)
        return [body]
