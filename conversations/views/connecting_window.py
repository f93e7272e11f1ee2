"""Meta's sign-up window: what the page may load for it, and what it tells us."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from conversations.models import Connecting
from conversations.services import connecting as service
from conversations.services.connecting import path
from conversations.views.connecting_sides import Side
from tenants.errors import DomainError
from tenants.models import MetaApp
from tenants.models.meta_app import META_SDK_HOSTS

MAX_BODY_BYTES = 20_000
MAX_EVENT_CHARS = 60


@dataclass(frozen=True, slots=True)
class Window:
    """What the page's script needs to open the window, and whom it believes."""

    app_id: str
    config_id: str
    version: str
    sdk: str
    origin: str  # of the window; empty: any of facebook.com
    session_url: str
    code_url: str


def window_of(side: Side, connecting: Connecting, app: MetaApp) -> Window:
    coexistence = path.stays_on_phone(connecting)
    return Window(
        app_id=app.app_id,
        config_id=app.signup_config(coexistence=coexistence),
        version=app.graph_version,
        sdk=app.sdk,
        origin="" if _is_meta(app) else _origin(app.sdk),
        session_url=side.url("session", connecting.pk),
        code_url=side.url("code", connecting.pk),
    )


def allow_window(response: HttpResponse, app: MetaApp) -> HttpResponse:
    """Let this one page load the app's script, and let the window it opens speak to it."""
    sdk = _origin(app.sdk)
    called = META_SDK_HOSTS if _is_meta(app) else (sdk,)
    response._csp_update = {  # type: ignore[attr-defined]
        "script-src": [sdk],
        "connect-src": list(called),
        "frame-src": list(called),
    }
    response["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
    return response


def take_session(request: HttpRequest, side: Side, connecting_id: UUID) -> HttpResponse:
    """An event of the window. It came through a browser, so it is a hint and nothing more."""
    told = _body(request)
    event, data = told.get("event"), told.get("data")
    with side.inside():
        connecting = get_object_or_404(Connecting, pk=connecting_id)
        if not isinstance(event, str) or not 0 < len(event) <= MAX_EVENT_CHARS:
            return JsonResponse({"code": "event_missing"}, status=400)
        try:
            service.note_session(connecting, event=event, data=data if isinstance(data, dict) else {})
        except DomainError as refusal:
            return _refused(refusal)
    return JsonResponse({"ok": True})


def take_code(request: HttpRequest, side: Side, connecting_id: UUID) -> HttpResponse:
    """The code for a token, exchanged before this answers: it lives for half a minute."""
    code = _body(request).get("code")
    with side.inside():
        connecting = get_object_or_404(Connecting, pk=connecting_id)
        if not isinstance(code, str):
            return JsonResponse({"code": "code_missing"}, status=400)
        try:
            taken = service.take_code(connecting, code=code.strip())
        except DomainError as refusal:
            return _refused(refusal)
    problem = taken.steps.get(path.step_of_window(taken, "exchange_code"), {}).get("problem", "")
    return JsonResponse({"ok": not problem, "problem": problem})


def _refused(refusal: DomainError) -> JsonResponse:
    return JsonResponse({"code": refusal.code, "detail": str(refusal.user_message)}, status=refusal.http_status)


def _body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > MAX_BODY_BYTES:
        return {}
    try:
        told = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_meta(app: MetaApp) -> bool:
    return (urlsplit(app.sdk).hostname or "").endswith(("facebook.net", "facebook.com"))
