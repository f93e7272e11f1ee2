"""Answers of the API that are not what was asked for: RFC 9457 problems with stable codes."""

from typing import Any

from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from tenants.errors import DomainError

CONTENT_TYPE = "application/problem+json"


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal as ``{"type", "title", "status", "code", "detail"}``."""
    if isinstance(error, DomainError):
        field = getattr(error, "field", "")
        return _answer(error.http_status, error.code, str(error.user_message), **({"field": field} if field else {}))
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        answer = _answer(422, "invalid", "Some fields are missing or not valid.", errors=error.get_full_details())
    else:
        code = str(error.default_code) if isinstance(error, APIException) else "not_found"
        answer = _answer(response.status_code, code, str(getattr(error, "detail", error)))
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer


def _answer(status: int, code: str, detail: str, **more: Any) -> Response:
    body = {"type": f"/api/problems/{code}", "title": code, "status": status, "code": code, "detail": detail, **more}
    return Response(body, status=status, content_type=CONTENT_TYPE)
