"""What happens to accounts and numbers from above: bans, restrictions, partners, quality, limits, alerts."""

import time
from typing import Any

from simulator.simulation import Simulation, now
from simulator.webhooks import Event
from simulator.world import Number, Waba, WorldError

_PARTNER_EVENTS = ("PARTNER_ADDED", "PARTNER_REMOVED", "PARTNER_APP_INSTALLED", "PARTNER_APP_UNINSTALLED")
_ENDINGS = ("PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED")
_DISCONNECTIONS = (
    "ACCOUNT_DISCONNECTED",
    "BUSINESS_DOWNGRADE",
    "CHANGE_NUMBER",
    "COMPANION_INACTIVITY",
    "PRIMARY_INACTIVITY",
    "USER_RE_REGISTERED",
)


def emit(sim: Simulation, waba: Waba, field: str, value: dict[str, Any], *, number: Number | None = None) -> None:
    """An account-level event: it names the moment, and comes to the app's own callback."""
    change = {"field": field, "value": value}
    sim.webhooks.emit(Event(waba=waba, change=change, number=number, entry_time=int(now())))


def tell_partner(sim: Simulation, waba: Waba, event: str, **info: Any) -> None:
    """The app hears of an account that was shared with it or taken away, whether or not it subscribed to it.

    `info` of a PARTNER_REMOVED may hold disconnection_info.
    """
    parting = info.pop("disconnection_info", None)
    value: dict[str, Any] = {
        "event": event,
        "waba_info": {"waba_id": waba.id, "owner_business_id": waba.scope_id, **info},
    }
    if parting:
        value["disconnection_info"] = parting
    sim.webhooks.emit(
        Event(
            waba=waba,
            change={"field": "account_update", "value": value},
            entry_time=int(now()),
            entry_id=waba.scope_id,
            always=True,
        )
    )


def account_event(sim: Simulation, waba: Waba, given: dict[str, Any]) -> None:
    """Let an account_update happen, with what it means for the account: {"event", ...}. Raises WorldError."""
    event = str(given.get("event", ""))
    if not event:
        raise WorldError("name the event")
    if event in _PARTNER_EVENTS:
        _part(sim, waba, event, given)
        return
    value = {"event": event, **{name: part for name, part in given.items() if name != "event"}}
    if event == "DISABLED_UPDATE":
        value["ban_info"] = _ban(sim, waba, str(given.get("state") or "DISABLE"))
        value.pop("state", None)
    elif event in ("ACCOUNT_DELETED", "ACCOUNT_OFFBOARDED"):
        _set_numbers(sim, waba, "DELETED" if event == "ACCOUNT_DELETED" else "DISCONNECTED")
    elif event == "ACCOUNT_RECONNECTED":
        _set_numbers(sim, waba, "CONNECTED")
    elif event == "ACCOUNT_VIOLATION":
        value.setdefault("violation_info", {"violation_type": "SPAM"})
    elif event == "ACCOUNT_RESTRICTION":
        expires = int(now()) + 24 * 3600
        kind = {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": expires}
        value.setdefault("restriction_info", [kind])
    emit(sim, waba, "account_update", value)


def _part(sim: Simulation, waba: Waba, event: str, given: dict[str, Any]) -> None:
    info: dict[str, Any] = {}
    if event.startswith("PARTNER_APP"):
        info["partner_app_id"] = waba.app_id
    reason = given.get("reason")
    if event == "PARTNER_REMOVED" and reason:
        if reason not in _DISCONNECTIONS:
            raise WorldError(f"reason must be one of {', '.join(_DISCONNECTIONS)}")
        by = "SYSTEM" if str(reason).endswith("INACTIVITY") else "USER"
        info["disconnection_info"] = {"reason": reason, "initiated_by": given.get("initiated_by", by)}
        _set_numbers(sim, waba, "DISCONNECTED")
    tell_partner(sim, waba, event, **info)
    if event in _ENDINGS:
        waba.revoked, waba.subscribed = True, False
        sim.keep(waba)


def _ban(sim: Simulation, waba: Waba, state: str) -> dict[str, str]:
    if state not in ("SCHEDULE_FOR_DISABLE", "DISABLE", "REINSTATE"):
        raise WorldError("state must be SCHEDULE_FOR_DISABLE, DISABLE or REINSTATE")
    if state != "SCHEDULE_FOR_DISABLE":
        _set_numbers(sim, waba, "BANNED" if state == "DISABLE" else "CONNECTED")
    return {"waba_ban_state": state, "waba_ban_date": time.strftime("%B %d, %Y", time.gmtime(now()))}


def _set_numbers(sim: Simulation, waba: Waba, status: str) -> None:
    for number in sim.world.numbers_of(waba.id):
        number.status = status
        sim.keep(number)


def set_quality(sim: Simulation, number: Number, rating: str, *, limit: str = "TIER_2K") -> None:
    """A number's quality rating changes; the app hears when it was flagged or is well again."""
    before, number.quality_rating = number.quality_rating, rating
    if "RED" in (rating, before) and rating != before:
        number.status = "FLAGGED" if rating == "RED" else "CONNECTED"
        event = "FLAGGED" if rating == "RED" else "UNFLAGGED"
        value = {"display_phone_number": number.digits, "event": event, "current_limit": limit}
        emit(sim, sim.waba_of(number), "phone_number_quality_update", value, number=number)
    sim.keep(number)


def set_limit(sim: Simulation, waba: Waba, limit: str) -> None:
    """The messaging limit of a portfolio changes for all its numbers."""
    for each in sim.world.wabas.values():
        if each.scope_id != waba.scope_id:
            continue
        for number in sim.world.numbers_of(each.id):
            old = number.extra.get("whatsapp_business_manager_messaging_limit", "TIER_2K")
            number.extra["whatsapp_business_manager_messaging_limit"] = limit
            sim.keep(number)
            value = {
                "display_phone_number": number.digits,
                "event": "UPGRADE",
                "current_limit": limit,
                "old_limit": old,
            }
            emit(sim, each, "phone_number_quality_update", {**value, "max_daily_conversations_per_business": limit})
        emit(sim, each, "business_capability_update", {"max_daily_conversations_per_business": limit})


def alert(sim: Simulation, waba: Waba, given: dict[str, Any]) -> None:
    """An account alert: {"alert_type", "alert_description", "alert_severity", "entity_type", "entity_id"}."""
    value = {
        "entity_type": "WABA",
        "entity_id": waba.id,
        "alert_severity": "INFO",
        "alert_status": "ACTIVE",
        "alert_type": "OTHER",
        "alert_description": "",
        **given,
    }
    emit(sim, waba, "account_alerts", value)
