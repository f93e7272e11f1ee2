"""What happens to numbers, accounts and templates: states are set, limits noted, everything goes out as a fact."""

import re
from typing import Any

from django.db.models import Q

from conversations.integrations.services.events import Fact
from conversations.models import MessageTemplate, PhoneNumber
from conversations.services.inbound.items import Item, Outcome
from conversations.whatsapp import payloads

State = PhoneNumber.State
HIGH_THROUGHPUT = 1000  # messages a second
STOPS = {
    "ACCOUNT_DELETED": "account_deleted",
    "ACCOUNT_OFFBOARDED": "account_offboarded",
    "PARTNER_REMOVED": "partner_removed",
    "PARTNER_APP_UNINSTALLED": "app_uninstalled",
}
STARTS_AGAIN = {
    "ACCOUNT_RECONNECTED": {"account_offboarded", "account_deleted"},
    "PARTNER_ADDED": {"partner_removed", "app_uninstalled"},
    "PARTNER_APP_INSTALLED": {"partner_removed", "app_uninstalled"},
}
TEMPLATE_STATUS = {"REINSTATED": "APPROVED", "UNARCHIVED": "APPROVED"}
_DIGITS = re.compile(r"\D+")


def note(item: Item, outcome: Outcome) -> None:
    """An account, number or setting changed."""
    event = item.event
    assert isinstance(event, payloads.AccountEvent)  # noqa: S101  the handler's own type
    for number in _numbers(item, event):
        _apply(number, item, event)
        outcome.numbers.add(number.pk)
        data = {"field": event.field, "event": event.event or "", "phone_number_id": number.phone_number_id}
        outcome.facts.append(Fact("number.changed", number.pk, item.at, data=data))


def note_template(item: Item, outcome: Outcome) -> None:
    """A hint about a template: what it says is shown at once, and the account's list is read again."""
    event = item.event
    assert isinstance(event, payloads.TemplateEvent)  # noqa: S101  the handler's own type
    waba_id = item.call.waba_id
    outcome.accounts.add(waba_id)
    changes = _template_changes(event)
    by_name = Q(name=event.name or "", language=event.language or "")
    chosen = Q(template_id=event.template_id) | by_name if event.template_id else by_name
    for template in MessageTemplate.objects.filter(chosen, waba_id=waba_id):
        if template.synced_at and template.synced_at > item.at:
            continue
        MessageTemplate.objects.filter(pk=template.pk).update(**changes)
        data = {"field": event.field, "event": event.event or "", "name": template.name, "language": template.language}
        outcome.facts.append(Fact("template.changed", template.pk, item.at, data=data))


def _template_changes(event: payloads.TemplateEvent) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if event.field == "message_template_status_update" and event.event:
        changes["status"] = TEMPLATE_STATUS.get(event.event, event.event)[:20]
        changes["rejected_reason"] = (event.reason or "")[:40] if event.event == "REJECTED" else ""
    if event.quality:
        changes["quality"] = event.quality[:10]
    if event.field == "template_category_update" and event.category:
        changes["category"] = event.category.upper()[:20]
    return changes


def _numbers(item: Item, event: payloads.AccountEvent) -> list[PhoneNumber]:
    """The numbers it is about: the one that is named, else all of the account."""
    if item.number is not None:
        return [item.number]
    ours = list(PhoneNumber.objects.filter(waba_id=item.call.waba_id).select_for_update().order_by("pk"))
    if not event.display_phone_number:
        return ours
    digits = _DIGITS.sub("", event.display_phone_number)
    return [number for number in ours if _DIGITS.sub("", number.display_number) == digits]


def _apply(number: PhoneNumber, item: Item, event: payloads.AccountEvent) -> None:
    changes: dict[str, Any] = {}
    if event.limit:
        changes["messaging_limit"] = event.limit[:20]
    if event.field == "phone_number_quality_update":
        changes |= _quality(event)
    elif event.field == "phone_number_name_update" and event.event == "APPROVED":
        changes["verified_name"] = str(event.data.get("requested_verified_name") or number.verified_name)[:120]
    elif event.field == "account_update":
        changes |= _state(number, item, event)
    if changes:
        PhoneNumber.objects.filter(pk=number.pk).update(**changes)


def _quality(event: payloads.AccountEvent) -> dict[str, Any]:
    if event.event == "THROUGHPUT_UPGRADE":
        return {"messages_per_second": HIGH_THROUGHPUT}
    return {"FLAGGED": {"quality": "RED"}, "UNFLAGGED": {"quality": "GREEN"}}.get(event.event or "", {})


def _state(number: PhoneNumber, item: Item, event: payloads.AccountEvent) -> dict[str, Any]:
    """Bans, removals and their ends. A number in setup stays there: it may not work before its agreement anyway."""
    told = event.event or ""
    if number.state == State.SETUP or (number.state_since and item.at < number.state_since):
        return {}
    if told in STOPS:
        return _to(State.STOPPED, STOPS[told], item)
    if told == "DISABLED_UPDATE":
        ban = str(_part(event, "ban_info").get("waba_ban_state") or "")
        if ban == "DISABLE":
            return _to(State.STOPPED, "account_disabled", item)
        if ban == "REINSTATE" and number.state_reason == "account_disabled":
            return _to(State.LIVE, "", item)
    if told == "ACCOUNT_RESTRICTION" and _no_replies(event):
        return _to(State.PAUSED, "account_restricted", item)
    if number.state_reason in STARTS_AGAIN.get(told, set()):
        return _to(State.LIVE, "", item)
    return {}


def _no_replies(event: payloads.AccountEvent) -> bool:
    """Whether even answers are forbidden for a while; a ban on writing first leaves replies alone."""
    listed = event.data.get("restriction_info")
    kinds = (
        [part.get("restriction_type") for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    )
    return any(kind == "RESTRICTED_CUSTOMER_INITIATED_MESSAGING" for kind in kinds)


def _part(event: payloads.AccountEvent, name: str) -> dict[str, Any]:
    part = event.data.get(name)
    return part if isinstance(part, dict) else {}


def _to(state: str, reason: str, item: Item) -> dict[str, Any]:
    return {"state": state, "state_reason": reason, "state_since": item.at}
