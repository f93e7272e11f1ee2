"""Sentences for what happens to groups. Values in, texts out; no queries."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

SHOWN_NAMES = 5


def group_text(data: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What happened to a group."""
    if data.get("error_code"):
        return _("WhatsApp refused a change of this group")
    match data.get("change"):
        case "create":
            return _("Group made")
        case "delete":
            return _("The group was deleted on WhatsApp: nothing can be sent here any more")
        case "suspend":
            return _("WhatsApp suspended this group: nothing can be sent here now")
        case "suspend_cleared":
            return _("The group may be written to again")
        case "participants_add":
            return _("%(names)s joined") % {"names": _people(data, "joined", names)}
        case "participants_remove" if data.get("by") == "business":
            return _("%(names)s was removed from the group") % {"names": _people(data, "left", names)}
        case "participants_remove":
            return _("%(names)s left") % {"names": _people(data, "left", names)}
        case "join_request_created":
            return _("%(names)s asks to join") % {"names": _people(data, "asks", names)}
        case "join_request_revoked":
            return _("%(names)s no longer asks to join") % {"names": _people(data, "asks", names)}
        case "settings_update" if data.get("subject"):
            return _("The group is called “%(subject)s” now") % {"subject": str(data["subject"])[:100]}
    return _("The group was changed")


def _people(data: Mapping[str, Any], part: str, names: Mapping[str, str]) -> str:
    listed = data.get(part)
    found = [names[pk] for pk in listed if pk in names] if isinstance(listed, list) else []
    shown = ", ".join(found[:SHOWN_NAMES])
    if len(found) > SHOWN_NAMES:
        return _("%(names)s and %(count)s others") % {"names": shown, "count": len(found) - SHOWN_NAMES}
    return shown or _("Somebody")
