"""How the API knows its caller: a bearer key of the company whose host was called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from tenants.accounts.models import ApiKey
from tenants.accounts.services import api_keys

if TYPE_CHECKING:  # rest_framework.views reads its settings, which name this module
    from rest_framework.views import APIView


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer balie_…``. ``request.auth`` is the ApiKey; there is no user."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        scheme, _, presented = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not presented:
            return None
        key = api_keys.find_key(presented.strip())
        if key is None:
            raise AuthenticationFailed("This key is not known or was revoked.")
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasScope(BasePermission):
    """The view names the scope it needs in ``scope`` (or per method in ``scopes``)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        key: Any = request.auth
        needed = getattr(view, "scopes", {}).get(request.method) or getattr(view, "scope", None)
        return isinstance(key, ApiKey) and needed is not None and str(needed) in key.scopes
