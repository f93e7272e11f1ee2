"""Keeps the company's message templates as the platform lists them. Webhooks about them are hints only."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from conversations.integrations.services import events
from conversations.integrations.services.events import Fact
from conversations.models import MessageTemplate, PhoneNumber, TemplateNews
from conversations.services.message_templates import template_news
from conversations.services.numbers import account_calls, numbers
from conversations.whatsapp.credentials import BadCredentials
from conversations.whatsapp.error_rules import Retry
from conversations.whatsapp.management import GraphRefused, GraphUnreachable, graph_for
from conversations.whatsapp.payloads.clean import clean, identifier, record, rows, text, whole

KEPT = [
    "template_id",
    "category",
    "status",
    "status_at",
    "paused_until",
    "components",
    "parameter_format",
    "quality",
    "rejected_reason",
    "reason_details",
    "correct_category",
    "ttl_seconds",
    "synced_at",
]
GONE = "DELETED"
JUST_SUBMITTED = timedelta(minutes=5)  # the list may have been read before the platform had it


class TemplatesUnavailable(Exception):
    """The platform did not give the list now; asking later is safe."""


def sync(waba_id: str) -> int:
    """Read the account's templates and store them; tells how many there are.

    In the entered company, outside any transaction: it speaks to the platform.
    Raises  TemplatesUnavailable
    """
    number = number_of(waba_id)
    if number is None:
        return 0
    if account_calls.wait(waba_id):
        raise TemplatesUnavailable
    try:
        with graph_for(numbers.credentials_of(number)) as graph:
            told = graph.templates(waba_id)
    except GraphRefused as refused:
        if refused.rule.retry is Retry.ACCOUNT_SLOW:
            account_calls.rest(waba_id, seconds=refused.wait)
        raise TemplatesUnavailable from refused
    except (GraphUnreachable, BadCredentials) as error:
        raise TemplatesUnavailable from error
    return _store(waba_id, told)


def number_of(waba_id: str) -> PhoneNumber | None:
    """The number whose token speaks for the account."""
    return PhoneNumber.objects.filter(waba_id=waba_id).exclude(token="").order_by("connected_at").first()


@transaction.atomic
def _store(waba_id: str, told: list[dict[str, Any]]) -> int:
    now = timezone.now()
    listed = {
        (template.name, template.language): template
        for item in told
        if (template := _template(waba_id, item)) is not None
    }
    ours = MessageTemplate.objects.filter(waba_id=waba_id).select_for_update()
    known = {(template.name, template.language): template for template in ours}
    news: list[TemplateNews] = []
    for key, template in listed.items():
        beside, changed = template_news.from_list(template, before=known.get(key), at=now)
        template.synced_at = now
        for name, value in beside.items():
            setattr(template, name, value)
        news += changed
    MessageTemplate.objects.bulk_create(
        listed.values(),
        update_conflicts=True,
        unique_fields=["waba_id", "name", "language"],
        update_fields=KEPT,
    )
    news += _mark_gone([template for key, template in known.items() if key not in listed], at=now)
    TemplateNews.objects.bulk_create(news)
    _tell({one.template for one in news}, at=now)
    return len(listed)


def _mark_gone(unlisted: list[MessageTemplate], *, at: datetime) -> list[TemplateNews]:
    """What the platform no longer lists is marked, not deleted: sent messages name it. Drafts were never there."""
    fresh = at - JUST_SUBMITTED
    gone = [
        template
        for template in unlisted
        if template.status not in (GONE, MessageTemplate.DRAFT)
        and not (template.submitted_at and template.submitted_at > fresh)
    ]
    MessageTemplate.objects.filter(pk__in=[template.pk for template in gone]).update(
        status=GONE, status_at=at, synced_at=at
    )
    return [
        TemplateNews(template=one, kind=TemplateNews.Kind.STATUS, at=at, before=one.status, after=GONE, source="list")
        for one in gone
    ]


def _tell(changed: set[MessageTemplate], *, at: datetime) -> None:
    events.record(
        Fact("template.changed", one.pk, at, data={"field": "list", "name": one.name, "language": one.language})
        for one in changed
    )


def _template(waba_id: str, item: dict[str, Any]) -> MessageTemplate | None:
    name, language = identifier(item.get("name"), limit=512), identifier(item.get("language"), limit=10)
    if name is None or language is None:
        return None
    return MessageTemplate(
        waba_id=waba_id,
        template_id=identifier(item.get("id"), limit=40) or "",
        name=name,
        language=language.replace("-", "_"),
        category=(text(item.get("category")) or "")[:20],
        status=(text(item.get("status")) or "")[:20],
        components=clean(rows(item.get("components"))),
        parameter_format=(text(item.get("parameter_format")) or "POSITIONAL")[:12],
        quality=(text(record(item.get("quality_score")).get("score")) or "")[:10],
        rejected_reason=_reason(item),
        ttl_seconds=_ttl(item),
    )


def _reason(item: dict[str, Any]) -> str:
    reason = (text(item.get("rejected_reason")) or "")[:40]
    return "" if reason == "NONE" else reason


def _ttl(item: dict[str, Any]) -> int | None:
    seconds = whole(item.get("message_send_ttl_seconds"))
    return seconds if seconds is not None and 0 < seconds < 2**31 else None
