"""The secrets of an installation that nobody chose: made once, kept in a file that only its owner reads."""

import base64
import secrets


def fernet_key() -> str:
    """A key as cryptography's Fernet wants it: 32 random bytes, URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def fresh_keys() -> dict[str, str]:
    """New values for every secret that a process needs to start, by the name of its variable."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ENCRYPTION_KEYS": fernet_key(),
        "LIVE_KEY": secrets.token_urlsafe(32),
    }
