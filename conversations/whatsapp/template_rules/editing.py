"""When a template may be changed at the platform, and what of it.

Source: platform page "template management": only approved, rejected and paused ones; an approved one once in 24 hours
and ten times in 30 days; no other category once approved; a deleted name is blocked for 30 days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EDITABLE = ("APPROVED", "REJECTED", "PAUSED")
ONCE_APPROVED = ("APPROVED", "PAUSED", "FLAGGED")
EDIT_PAUSE = timedelta(hours=24)
EDIT_SPAN, EDITS_IN_SPAN = timedelta(days=30), 10
NAME_BLOCKED = timedelta(days=30)
ARCHIVED_KEPT = timedelta(days=28)
PAUSES = {"FIRST_PAUSE": timedelta(hours=3), "SECOND_PAUSE": timedelta(hours=6)}

IN_REVIEW = _("WhatsApp is reviewing it. It can be changed when the review has ended.")
NOT_NOW = _("A template in this state cannot be changed.")
ONCE_A_DAY = _("An approved template can be changed once in 24 hours.")
TEN_A_MONTH = _("An approved template can be changed ten times in 30 days.")


@dataclass(slots=True, frozen=True)
class Verdict:
    """Whether something may be done now; else why not, and when it may again where that is known."""

    allowed: bool
    reason: str | Promise = ""
    again_at: datetime | None = None


def may_edit(status: str, *, edits: Sequence[str], at: datetime) -> Verdict:
    """Whether a submitted template may be changed now; ``edits`` are the ISO times of earlier changes."""
    if status not in EDITABLE:
        return Verdict(False, IN_REVIEW if status in ("PENDING", "IN_APPEAL") else NOT_NOW)
    if status != "APPROVED":
        return Verdict(True)
    times = sorted(datetime.fromisoformat(one) for one in edits)
    lately = [time for time in times if time > at - EDIT_SPAN]
    if len(lately) >= EDITS_IN_SPAN:
        return Verdict(False, TEN_A_MONTH, lately[-EDITS_IN_SPAN] + EDIT_SPAN)
    if lately and lately[-1] > at - EDIT_PAUSE:
        return Verdict(False, ONCE_A_DAY, lately[-1] + EDIT_PAUSE)
    return Verdict(True)


def may_change_category(status: str) -> bool:
    return status not in ONCE_APPROVED


def may_delete(status: str) -> bool:
    return status not in ("DISABLED", "DELETED", "PENDING_DELETION")
