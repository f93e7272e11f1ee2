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


def is_free(free_entry_until: datetime | None, *, at: datetime) -> bool:
    """Whether a free entry point runs, so that nothing to this person is charged."""
    return free_entry_until is not None and at < free_entry_until


def may_become_free(referred_at: datetime | None, *, free_entry_until: datetime | None, at: datetime) -> bool:
    """Whether somebody came from an advertisement within a day and our first answer would make everything free."""
    if referred_at is None or is_free(free_entry_until, at=at):
        return False
    unanswered = free_entry_until is None or free_entry_until < referred_at
    return unanswered and at - referred_at < WINDOW
