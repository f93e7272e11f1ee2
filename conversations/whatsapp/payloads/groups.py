"""Reads what happens to groups: made, renamed, joined, left, suspended, ended."""

from typing import Any

from conversations.whatsapp.payloads.body import problems
from conversations.whatsapp.payloads.clean import MAX_NAME_CHARS, clean, identifier, moment, record, rows, text
from conversations.whatsapp.payloads.messages import identities
from conversations.whatsapp.payloads.statuses import word
from conversations.whatsapp.payloads.types import Event, GroupChange, Unknown

MAX_GROUP_CHARS = 160
PREFIX = "group_"


def read_group(group: Any) -> Event:
    """One element of ``groups`` of any ``group_…_update``."""
    told = record(group)
    group_id, change = identifier(told.get("group_id"), limit=MAX_GROUP_CHARS), word(told.get("type"))
    if group_id is None or change is None:
        return Unknown(clean(group), "A change of a group names no group or no change.")
    return GroupChange(
        group_id=group_id,
        change=change.removeprefix(PREFIX),
        at=moment(told.get("timestamp")),
        subject=_set(told, "subject"),
        description=_set(told, "description"),
        joined=_people(told.get("added_participants")),
        left=_people(told.get("removed_participants")),
        asks=_people([told]) if change.startswith("group_join_request") else (),
        by=word(told.get("initiated_by")),
        errors=problems(told.get("errors")),
    )


def _set(told: dict[str, Any], name: str) -> str | None:
    """A setting as it is now; settings that the platform refused stay what they were."""
    setting = told.get(PREFIX + name, told.get(name))
    if isinstance(setting, dict):
        if setting.get("update_successful") is False:
            return None
        setting = setting.get("text")
    return text(setting, limit=MAX_NAME_CHARS)


def _people(listed: Any) -> tuple[tuple[str | None, str | None], ...]:
    """Members by phone number and business-scoped id; those who are named by neither are left out."""
    found = (identities(one.get("wa_id") or one.get("input"), one.get("user_id")) for one in map(record, rows(listed)))
    return tuple(one for one in found if one != (None, None))
