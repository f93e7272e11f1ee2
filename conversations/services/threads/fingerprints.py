"""Whether an item of a thread looks different by now: a short hash over everything its bubble shows."""

from hashlib import blake2b
from typing import Any

from conversations.models import Message


def fingerprint(row: Any, quoted: Message | None = None, *beside: object) -> str:
    """Eight characters that change with what is shown."""
    if not isinstance(row, Message):
        return _short(getattr(row, "data", None))
    media = row.media
    shown = (
        row.status,
        row.error_code,
        row.refusal,
        row.edited_at,
        row.revoked_at,
        row.removed_at,
        row.not_before,
        len(row.body),
        row.masks,
        (media.state, media.problem, media.thumbnail_key, media.mime_type, bool(media.waveform)) if media else None,
        (quoted.removed_at, quoted.revoked_at, quoted.edited_at) if quoted else None,
        beside,
    )
    return _short(shown)


def _short(shown: object) -> str:
    return blake2b(repr(shown).encode(), digest_size=4).hexdigest()
