"""Time-ordered identifiers (UUIDv7, RFC 9562 section 5.7), made in Python because they are needed before the insert."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A UUIDv7 that is larger than every earlier one of this process: 48 bits of ms, 12 bits of sequence, 62 random."""
    global _last
    with _lock:
        now = (time.time_ns() // 1_000_000) << 12
        _last = max(now, _last + 1)
        stamp = _last
    milliseconds, sequence = stamp >> 12, stamp & 0xFFF
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (sequence << 64) | (0b10 << 62) | random)
