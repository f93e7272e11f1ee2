"""What happens to numbers, accounts and templates: states are set, limits noted, everything goes out as a fact."""

import re
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from conversations import number_rules
from conversations.integrations.services.events import Fact
from conversations.models import MessageTemplate, PhoneNumber
from conversations.services.inbound import account_news
from conversations.services.inbound.items import Item, Outcome
from conversations.services.message_templates import template_news
from conversations.services.numbers import number_facts, number_states
from conversations.whatsapp import payloads
from conversations.whatsapp.payloads.clean import moment, record, rows, text
from tenants import work

State = PhoneNumber.State
HIGH_THROUGHPUT = 1000  # messages a second
NO_REPLIES = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"
QUALITY_EVENTS: dict[str, dict[str, Any]] = {
    "THROUGHPUT_UPGRADE": {"messages_per_second": HIGH_THROUGHPUT},
    "FLAGGED": {"quality": "RED"},
    "UNFLAGGED": {"quality": "GREEN"},
}
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
_DIGITS = re.compile(r"\D+")


def note(item: Item, outcome: Outcome) -> None:
    """An account, number or setting changed. The platform is asked at once what is true now."""
    event = item.event
    assert isinstance(event, payloads.AccountEvent)  # noqa: S101  the handler's own type
    for number in _numbers(item, event):
        _apply(number, item, event)
        work.mark(work.Kind.HOUSEKEEPING, key=f"number:{number.phone_number_id}")
        outcome.numbers.add(number.pk)
        data = {"field": event.field, "event": event.event or "", "phone_number_id": number.phone_number_id}
        outcome.facts.append(Fact("number.changed", number.pk, item.at, data=data))


def note_template(item: Item, outcome: Outcome) -> None:
    """A hint about a template: what it says is shown at once, and the account's list is read again."""
    event = item.event
    assert isinstance(event, payloads.TemplateEvent)  # noqa: S101  the handler's own type
    waba_id = item.call.waba_id
    outcome.accounts.add(waba_id)
    by_name = Q(name=event.name or "", language=event.language or "")
    chosen = Q(template_id=event.template_id) | by_name if event.template_id else by_name
    for template in MessageTemplate.objects.filter(chosen, waba_id=waba_id):
        if template.synced_at and template.synced_at > item.at:
            continue
        changes = template_news.from_webhook(template, event, at=item.at)
        if changes:
            MessageTemplate.objects.filter(pk=template.pk).update(**changes)
        account_news.template_changed(template, event)
        data = {"field": event.field, "event": event.event or "", "name": template.name, "language": template.language}
        outcome.facts.append(Fact("template.changed", template.pk, item.at, data=data))


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
    """A number that was asked about later than this happened knows better already."""
    number = PhoneNumber.objects.defer("token", "pin").select_for_update().get(pk=number.pk)
    account_news.note(number, item, event)
    if number.probed_at is None or number.probed_at <= item.at:
        facts = _facts(number, item, event)
        kinds = {number_facts.TRACKED[name] for name in facts.keys() & number_facts.TRACKED.keys()}
        if facts and not number.news.filter(kind__in=kinds, at__gt=item.at).exists():
            number_facts.keep(number, facts, at=item.at, source=account_news.SOURCE, told=account_news.facts_of(event))
    if event.field == "account_update" and (target := _target(number, item, event)):
        state, reason = target
        number_states.change(number, state, reason=reason, at=item.at, source=account_news.SOURCE)


def _facts(number: PhoneNumber, item: Item, event: payloads.AccountEvent) -> dict[str, Any]:
    """The fields of the number that the change speaks of."""
    facts: dict[str, Any] = {}
    if event.limit:
        facts["messaging_limit"] = number_rules.limit_name(event.limit)[:20]
    if event.field == "phone_number_quality_update":
        facts |= QUALITY_EVENTS.get(event.event or "", {})
    elif event.field == "phone_number_name_update":
        facts |= _name(number, event)
    elif event.field == "business_username_updates":
        status = (event.event or "").lower()
        gone = status == "deleted"
        facts["username"] = "" if gone else (text(event.data.get("username"), limit=40) or number.username)
        facts["username_status"] = "" if gone else status[:20]
    elif event.event == "ACCOUNT_RESTRICTION":
        facts["figures"] = {**number.figures, "restrictions": _restrictions(number, event)}
    elif event.event == "DISABLED_UPDATE" and _ban(event) == "REINSTATE":
        facts["figures"] = {**number.figures, "restrictions": []}
    return facts


def _name(number: PhoneNumber, event: payloads.AccountEvent) -> dict[str, Any]:
    asked = text(event.data.get("requested_verified_name"), limit=120) or number.requested_name
    match event.event:
        case "APPROVED":
            return {"verified_name": asked or number.verified_name, "name_status": "APPROVED", "requested_name": ""}
        case "REJECTED":
            return {"name_status": "DECLINED", "requested_name": asked}
        case "DEFERRED":
            return {"name_status": "PENDING_REVIEW", "requested_name": asked}
    return {}


def _restrictions(number: PhoneNumber, event: payloads.AccountEvent) -> list[dict[str, str]]:
    """What is forbidden and until when; the number is asked about when the first of them ends."""
    found = []
    for part in map(record, rows(event.data.get("restriction_info"))):
        one = {"kind": (text(part.get("restriction_type"), limit=80) or "").replace("RESTRICTION_", "RESTRICTED_")}
        if until := _moment(part.get("expiration")):
            one["until"] = until.astimezone(UTC).isoformat(timespec="seconds")
            work.mark(work.Kind.HOUSEKEEPING, key=f"number:{number.phone_number_id}", due_at=until)
        if advice := text(part.get("remediation"), limit=300):
            one["advice"] = advice
        found.append(one)
    return found


def _moment(told: Any) -> datetime | None:
    """Seconds since 1970, or a date as it is written."""
    if isinstance(told, str) and not told.isdecimal():
        try:
            read = datetime.fromisoformat(told.replace("Z", "+00:00"))
        except ValueError:
            return None
        return read if read.tzinfo else read.replace(tzinfo=UTC)
    return moment(told)


def _target(number: PhoneNumber, item: Item, event: payloads.AccountEvent) -> tuple[str, str] | None:
    """Bans, removals and their ends. A number in setup stays there: it may not work before its agreement anyway."""
    told = event.event or ""
    if number.state == State.SETUP or (number.state_since and item.at < number.state_since):
        return None
    if told in STOPS:
        return State.STOPPED, STOPS[told]
    if told == "DISABLED_UPDATE" and _ban(event) == "DISABLE":
        return State.STOPPED, "account_disabled"
    if told == "DISABLED_UPDATE" and _ban(event) == "REINSTATE":
        return (State.LIVE, "") if number_rules.REASONS.get(number.state_reason) == "banned" else None
    if told == "ACCOUNT_RESTRICTION" and number.state == State.LIVE and _no_replies(event):
        return State.PAUSED, "account_restricted"
    return (State.LIVE, "") if number.state_reason in STARTS_AGAIN.get(told, set()) else None


def _ban(event: payloads.AccountEvent) -> str:
    return str(record(event.data.get("ban_info")).get("waba_ban_state") or "")


def _no_replies(event: payloads.AccountEvent) -> bool:
    """Whether even answers are forbidden for a while; a ban on writing first leaves replies alone."""
    kinds = [record(part).get("restriction_type") for part in rows(event.data.get("restriction_info"))]
    return any(str(kind).replace("RESTRICTION_", "RESTRICTED_") == NO_REPLIES for kind in kinds)
