"""The names of the classes of data."""

from enum import StrEnum


class DataKind(StrEnum):
    """A stable code; it stands in policies and in the proof of runs."""

    MESSAGE_TEXT = "message_text"
    SPECIAL = "special"
    MEDIA = "media"
    JOURNAL = "journal"
    CONTACT_PROFILE = "contact_profile"
    IDENTITY = "identity"
    CONSENT_PROOF = "consent_proof"
    SUPPRESSION = "suppression"
    AUDIT = "audit"
    USAGE = "usage"
    FACTS = "facts"
    REPEATED_CALLS = "repeated_calls"
    SIGN_IN = "sign_in"
    ACCOUNT = "account"
    SECRET = "secret"  # noqa: S105  the name of a class
    AGREEMENT = "agreement"
    RETENTION_PROOF = "retention_proof"
    SETTINGS = "settings"
    QUARANTINE = "quarantine"
    TECHNICAL = "technical"
    NONE = "none"
