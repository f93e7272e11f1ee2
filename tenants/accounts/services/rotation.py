"""Brings the secrets of second factors under the newest key; allauth keeps them inside JSON."""

from typing import Any

from allauth.mfa.models import Authenticator

from tenants import secrets

ENCRYPTED = ("secret", "seed")  # of the code generator, and of recovery codes


def rotate_second_factors() -> int:
    """Re-encrypt the second factors of the schema we are in; returns how many changed."""
    changed = 0
    for factor in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).iterator():
        fresh = _rotated(factor.data)
        if fresh != factor.data:
            changed += Authenticator.objects.filter(pk=factor.pk, data=factor.data).update(data=fresh)
    return changed


def _rotated(data: dict[str, Any]) -> dict[str, Any]:
    stored = {key: data[key] for key in ENCRYPTED if data.get(key)}
    fresh: dict[str, Any] = {
        key: secrets.rotate(value) for key, value in stored.items() if not secrets.is_newest(value)
    }
    codes = data.get("migrated_codes")
    if codes:
        fresh["migrated_codes"] = [code if secrets.is_newest(code) else secrets.rotate(code) for code in codes]
    return {**data, **fresh}
