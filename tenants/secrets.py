"""Secrets at rest: tokens, PINs, sign-in secrets. Keys come from ENCRYPTION_KEYS, newest first."""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@lru_cache(maxsize=1)
def _keys() -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])
    except ValueError as error:
        raise ImproperlyConfigured("ENCRYPTION_KEYS: every key is 32 bytes in url-safe base64") from error


def forget_keys() -> None:
    """Read ENCRYPTION_KEYS anew."""
    _keys.cache_clear()


def encrypt(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def decrypt(secret: str) -> str:
    """The plain text; raises InvalidToken when none of the keys fits."""
    return _keys().decrypt(secret.encode()).decode()


def rotate(secret: str) -> str:
    """The same secret under the newest key; raises InvalidToken when none of the keys fits."""
    return _keys().rotate(secret.encode()).decode()


def is_newest(secret: str) -> bool:
    """Whether the newest key made this secret."""
    try:
        Fernet(settings.ENCRYPTION_KEYS[0]).decrypt(secret.encode())
    except InvalidToken:
        return False
    return True


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is encrypted in the database and plain in Python. It cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(str(value)) if value else ""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if not value:
            return ""
        try:
            return decrypt(value)
        except InvalidToken as error:
            raise ImproperlyConfigured("ENCRYPTION_KEYS: no key fits a stored secret") from error
