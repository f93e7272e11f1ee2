"""What changed about a template: told by a webhook or by the account's list, kept as its history."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from conversations.models import MessageTemplate, TemplateNews
from conversations.whatsapp.payloads import TemplateEvent
from conversations.whatsapp.payloads.clean import record, text
from conversations.whatsapp.template_rules.editing import PAUSES

Kind = TemplateNews.Kind
BACK = {"REINSTATED": "APPROVED", "UNARCHIVED": "APPROVED", "UNPAUSED": "APPROVED"}
MAX_WORD_CHARS = 40
NOT_RATED = ("", "UNKNOWN")
FIELDS = {Kind.STATUS: "status", Kind.QUALITY: "quality", Kind.CATEGORY: "category"}


def from_webhook(template: MessageTemplate, event: TemplateEvent, *, at: datetime) -> dict[str, Any]:
    """Write the history of what a webhook says, and give the columns that change by it.

    Nothing is written twice: a webhook that comes again finds the template as it left it.
    """
    changes = _changes(template, event, at=at)
    reason = changes.get("reason_details") or changes.get("rejected_reason") or ""
    if _older_than_what_we_know(template, changes, at=at):
        return {}
    news = list(_news(template, changes, at=at, reason=reason, source="webhook"))
    if event.field == "message_template_components_update":
        news.append(TemplateNews(template=template, kind=Kind.COMPONENTS, at=at))
    TemplateNews.objects.bulk_create(news)
    return changes


def from_list(
    template: MessageTemplate, *, before: MessageTemplate | None, at: datetime
) -> tuple[dict[str, Any], list[TemplateNews]]:
    """What the account's list changes beside its own fields, and the history of that; nothing is written yet."""
    if before is None:
        return {"status_at": at}, []
    changes = {name: getattr(template, name) for name in ("status", "quality", "category", "components")}
    news = list(_news(before, changes, at=at, reason=template.rejected_reason, source="list"))
    if before.components and before.components != template.components:
        news.append(TemplateNews(template=before, kind=Kind.COMPONENTS, at=at, source="list"))
    same = before.status == template.status
    beside = {
        "status_at": before.status_at if same else at,
        "paused_until": before.paused_until if same else None,
        "reason_details": before.reason_details if same else "",
        "correct_category": "" if before.correct_category == template.category else before.correct_category,
    }
    return beside, news


def noted(template: MessageTemplate, *, status: str, at: datetime, reason: str = "", source: str = "here") -> None:
    """A status that we set ourselves, with its line in the history."""
    changes = {"status": status, "status_at": at, "paused_until": None}
    TemplateNews.objects.bulk_create(_news(template, changes, at=at, reason=reason, source=source))
    MessageTemplate.objects.filter(pk=template.pk).update(**changes)


def _older_than_what_we_know(template: MessageTemplate, changes: dict[str, Any], *, at: datetime) -> bool:
    """Webhooks come in any order: an older status does not undo a newer one."""
    return "status" in changes and template.status_at is not None and at < template.status_at


def _changes(template: MessageTemplate, event: TemplateEvent, *, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if event.field == "message_template_status_update" and event.event:
        changes |= _status(event, at=at)
    if event.quality:
        changes["quality"] = event.quality[:10]
    if event.field == "template_category_update" and event.category:
        changes |= {"category": event.category.upper()[:20], "correct_category": ""}
    correct = (event.correct_category or "").upper()[:20]
    if correct and correct != changes.get("category", template.category):
        changes["correct_category"] = correct
    return changes


def _status(event: TemplateEvent, *, at: datetime) -> dict[str, Any]:
    told = (event.event or "").upper()
    status = BACK.get(told, told)[:20]
    other, rejection = record(event.data.get("other_info")), record(event.data.get("rejection_info"))
    pause = PAUSES.get(text(other.get("title")) or "") if status == "PAUSED" else None
    advice = text(rejection.get("recommendation")) or text(rejection.get("reason")) or text(other.get("description"))
    return {
        "status": status,
        "status_at": at,
        "paused_until": at + pause if pause else None,
        "rejected_reason": (event.reason or "")[:40] if status == "REJECTED" else "",
        "reason_details": advice or "",
    }


def _news(
    template: MessageTemplate, changes: dict[str, Any], *, at: datetime, reason: str, source: str
) -> Iterator[TemplateNews]:
    for kind, name in FIELDS.items():
        before, after = str(getattr(template, name)), str(changes.get(name, getattr(template, name)))
        if before != after and not (kind == Kind.QUALITY and after in NOT_RATED):
            told = reason if kind == Kind.STATUS else ""
            yield _one(template, kind, before, after, at=at, reason=told, source=source)
    correct = changes.get("correct_category")
    if correct and correct != template.correct_category:
        told = "will_become"
        yield _one(template, Kind.CATEGORY, template.category, correct, at=at, reason=told, source=source)


def _one(
    template: MessageTemplate, kind: Kind, before: str, after: str, *, at: datetime, reason: str, source: str
) -> TemplateNews:
    return TemplateNews(
        template=template,
        kind=kind,
        at=at,
        before=before[:MAX_WORD_CHARS],
        after=after[:MAX_WORD_CHARS],
        reason=reason,
        source=source,
    )
