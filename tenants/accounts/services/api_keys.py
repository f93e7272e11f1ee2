"""Makes, checks and revokes the keys of a company's API."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from tenants.accounts.models import ApiKey, User
from tenants.accounts.roles import Scope

SEEN_EVERY = timedelta(minutes=5)


def create_key(name: str, *, scopes: list[Scope], created_by: User | None) -> tuple[ApiKey, str]:
    """A new key and its secret, ``balie_<prefix>_<secret>``; the secret is shown once and never stored."""
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name, prefix=prefix, secret_hash=_hash(secret), scopes=[str(s) for s in scopes], created_by=created_by
    )
    return key, f"balie_{prefix}_{secret}"


def find_key(presented: str) -> ApiKey | None:
    """The key that this text is, if it is one of the entered company's and not revoked."""
    parts = presented.split("_", 2)
    if len(parts) != 3 or parts[0] != "balie":
        return None
    key = ApiKey.objects.filter(prefix=parts[1], revoked_at=None).first()
    if key is None or not secrets.compare_digest(key.secret_hash, _hash(parts[2])):
        return None
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - SEEN_EVERY)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    return key


def revoke_key(key: ApiKey) -> None:
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
