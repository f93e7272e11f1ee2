"""What stands below an answer: nothing, the writer's alias or the company's words. Never who works for whom."""

from conversations.models import InboxSettings
from tenants.accounts.models import User

NONE, ALIAS, TEXT = "none", "alias", "text"
GAP = "\n\n"


def of(user: User, *, settings: InboxSettings | None = None) -> str:
    """The line below this person's answers; empty when the company wants none."""
    settings = settings or InboxSettings.load()
    if settings.signature == ALIAS:
        return f"– {user.shown_to_customers}"
    return settings.signature_text.strip() if settings.signature == TEXT else ""


def signed(body: str, *, signature: str) -> str:
    """The text with the signature below it, once."""
    body = body.rstrip()
    return body if not signature or body.endswith(signature) else f"{body}{GAP}{signature}"


def unsigned(body: str, *, signature: str) -> str:
    """The text as it was written, for whoever takes it back."""
    return body.removesuffix(f"{GAP}{signature}") if signature else body
