"""The history of what the platform announced about an account or number, and the alarms for what happened once."""

from datetime import timedelta
from typing import Any

from conversations.models import Alarm, MessageTemplate, NumberNews, PhoneNumber
from conversations.services.alarms import alarms
from conversations.services.inbound.items import Item
from conversations.services.numbers import number_news
from conversations.whatsapp import payloads
from conversations.whatsapp.payloads.clean import record, text

Kind = NumberNews.Kind
SOURCE = "webhook"
OWN_DOING = timedelta(minutes=10)  # a PIN that somebody changed here comes back as news
FIELDS = {
    "account_update": Kind.ACCOUNT,
    "account_alerts": Kind.ACCOUNT,
    "account_review_update": Kind.ACCOUNT,
    "account_settings_update": Kind.ACCOUNT,
    "business_status_update": Kind.ACCOUNT,
    "security": Kind.SECURITY,
}
OVER = ("RESOLVED", "NONE", "INACTIVE", "CLEARED")
HELD_BACK, FREE = ("PAUSED", "DISABLED"), ("APPROVED", "REINSTATED", "UNPAUSED")
SEVERITY = {"CRITICAL": Alarm.Severity.CRITICAL, "WARNING": Alarm.Severity.WARNING}


def note(number: PhoneNumber, item: Item, event: payloads.AccountEvent) -> None:
    """Keep the announcement once, however often it is delivered, and raise what a person has to know.

    What changes a field of the number is kept with that change instead.
    """
    kind = FIELDS.get(event.field)
    if kind is None:
        return
    after = (event.event or event.limit or event.field)[:120]
    data = {"of": event.field} | facts_of(event)
    if number.news.filter(kind=kind, at=item.at, after=after, source=SOURCE, data=data).exists():
        return
    number_news.note(number, kind, after=after, at=item.at, source=SOURCE, data=data)
    RAISES.get(event.field, _nothing)(number, item, event)


def template_changed(template: MessageTemplate, event: payloads.TemplateEvent) -> None:
    """A template that WhatsApp pauses or disables is trouble of its account until it may be sent again."""
    number = PhoneNumber.objects.defer("token", "pin").filter(waba_id=template.waba_id).order_by("pk").first()
    if number is None or event.field != "message_template_status_update":
        return
    named = {"name": template.name, "language": template.language}
    if event.event in HELD_BACK:
        alarms.raise_alarm("template_paused", number=number, severity=Alarm.Severity.WARNING, data=named)
    elif event.event in FREE and number.alarms.filter(kind="template_paused", closed_at=None, data=named).exists():
        alarms.end_alarm("template_paused", number=number)


def facts_of(event: payloads.AccountEvent) -> dict[str, Any]:
    """The small facts that explain the announcement."""
    parts = {
        "reason": event.reason,
        "violation": record(event.data.get("violation_info")).get("violation_type"),
        "ban": record(event.data.get("ban_info")).get("waba_ban_state"),
        "ban_date": record(event.data.get("ban_info")).get("waba_ban_date"),
        "asked_for": event.data.get("requested_verified_name"),
        "severity": event.data.get("alert_severity"),
        "status": event.data.get("alert_status"),
        "left_because": record(event.data.get("disconnection_info")).get("reason"),
        "limit": event.limit,
        "old_limit": event.data.get("old_limit"),
    }
    return {name: str(value)[:300] for name, value in parts.items() if value not in (None, "")}


def _nothing(number: PhoneNumber, item: Item, event: payloads.AccountEvent) -> None:
    """Told in the history only."""


def _security(number: PhoneNumber, item: Item, event: payloads.AccountEvent) -> None:
    if event.event == "PIN_CHANGED":
        since = item.at - OWN_DOING
        if not number.news.filter(kind=Kind.SECURITY, source="person", at__gte=since).exists():
            alarms.raise_alarm("pin_changed", number=number, severity=Alarm.Severity.WARNING)
    elif event.event == "PIN_RESET_REQUEST":
        alarms.raise_alarm("pin_reset", number=number, severity=Alarm.Severity.CRITICAL)


def _alert(number: PhoneNumber, item: Item, event: payloads.AccountEvent) -> None:
    severity = SEVERITY.get(str(event.data.get("alert_severity")).upper())
    about = {"type": text(event.data.get("alert_type"), limit=80) or "", "details": event.reason or ""}
    if str(event.data.get("alert_status")).upper() in OVER:
        alarms.end_alarm("account_warning", number=number)
    elif severity:
        alarms.raise_alarm("account_warning", number=number, severity=severity, data=about)


def _review(number: PhoneNumber, item: Item, event: payloads.AccountEvent) -> None:
    if event.event == "REJECTED":
        data = {"type": "ACCOUNT_REVIEW_REJECTED", "details": event.reason or ""}
        alarms.raise_alarm("account_warning", number=number, severity=Alarm.Severity.CRITICAL, data=data)
    elif event.event == "APPROVED":
        alarms.end_alarm("account_warning", number=number)


def _update(number: PhoneNumber, item: Item, event: payloads.AccountEvent) -> None:
    ban = record(event.data.get("ban_info"))
    if event.event == "ACCOUNT_VIOLATION":
        violation = text(record(event.data.get("violation_info")).get("violation_type"), limit=80) or ""
        data = {"type": violation, "details": ""}
        alarms.raise_alarm("account_warning", number=number, severity=Alarm.Severity.WARNING, data=data)
    elif event.event == "DISABLED_UPDATE" and ban.get("waba_ban_state") == "SCHEDULE_FOR_DISABLE":
        data = {"type": "SCHEDULE_FOR_DISABLE", "details": str(ban.get("waba_ban_date") or "")[:60]}
        alarms.raise_alarm("account_warning", number=number, severity=Alarm.Severity.CRITICAL, data=data)
    elif event.event == "DISABLED_UPDATE" and ban.get("waba_ban_state") == "REINSTATE":
        alarms.end_alarm("account_warning", number=number)


RAISES = {
    "security": _security,
    "account_alerts": _alert,
    "account_review_update": _review,
    "account_update": _update,
}
