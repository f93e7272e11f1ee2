"""Whether an item of a thread looks different by now: a short hash over everything its bubble shows."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from conversations.models import Message


def fingerprint(row: Any, reactions: Sequence[object] = (), quoted: Message | None = None) -> str:
    """Eight characters that change with what is shown; notes and events never change."""
    if not isinstance(row, Message):
        return "0"
    media = row.media
    shown = (
        row.status,
        row.error_code,
        row.refusal,
        row.edited_at,
        row.revoked_at,
        row.removed_at,
        row.not_before,
        row.metadata.get("_sent_again"),
        len(row.body),
        (media.state, media.problem, media.thumbnail_key, media.mime_type) if media else None,
        (quoted.removed_at, quoted.revoked_at, quoted.edited_at) if quoted else None,
        *map(repr, reactions),
    )
    return blake2b(repr(shown).encode(), digest_size=4).hexdigest()
