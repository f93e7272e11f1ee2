"""How the OpenAPI description names our way of signing in."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """``Authorization: Bearer balie_…``, a key of this company with the scopes it was given."""

    target_class = "tenants.accounts.api.ApiKeyAuthentication"
    name = "companyKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key of this company: balie_…"}


__all__ = ["ApiKeyScheme"]
