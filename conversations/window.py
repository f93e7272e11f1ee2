"""The customer service window and the free entry point: pure rules, the moment is an argument.

Source: platform pages "customer service windows" (24 hours from the person's last message or call) and "pricing".
"""

from datetime import datetime, timedelta

WINDOW = timedelta(hours=24)
MARGIN = timedelta(minutes=1)


def closes_at(last_inbound_at: datetime | None) -> datetime | None:
    """When free-form text stops being allowed: 24 hours after the person's last message, less a minute."""
    return last_inbound_at + WINDOW - MARGIN if last_inbound_at else None


def is_open(last_inbound_at: datetime | None, *, at: datetime) -> bool:
    end = closes_at(last_inbound_at)
    return end is not None and at < end


def time_left(last_inbound_at: datetime | None, *, at: datetime) -> timedelta:
    end = closes_at(last_inbound_at)
    return max(end - at, timedelta()) if end else timedelta()
