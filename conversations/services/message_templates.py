"""Keeps the company's message templates as the platform lists them. Webhooks about them are hints only."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from conversations.models import MessageTemplate, PhoneNumber
from conversations.services import account_calls, numbers
from conversations.whatsapp.credentials import BadCredentials
from conversations.whatsapp.error_rules import Retry
from conversations.whatsapp.management import GraphRefused, GraphUnreachable, graph_for
from conversations.whatsapp.payloads.clean import clean, identifier, record, rows, text

KEPT = [
    "template_id",
    "category",
    "status",
    "components",
    "parameter_format",
    "quality",
    "rejected_reason",
    "synced_at",
]
GONE = "DELETED"


class TemplatesUnavailable(Exception):
    """The platform did not give the list now; asking later is safe."""


def sync(waba_id: str) -> int:
    """Read the account's templates and store them; tells how many there are.

    In the entered company, outside any transaction: it speaks to the platform.
    Raises  TemplatesUnavailable
    """
    number = PhoneNumber.objects.filter(waba_id=waba_id).exclude(token="").order_by("connected_at").first()
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


@transaction.atomic
def _store(waba_id: str, told: list[dict[str, Any]]) -> int:
    now = timezone.now()
    listed = {
        (template.name, template.language): template
        for item in told
        if (template := _template(waba_id, item)) is not None
    }
    for template in listed.values():
        template.synced_at = now
    MessageTemplate.objects.bulk_create(
        listed.values(),
        update_conflicts=True,
        unique_fields=["waba_id", "name", "language"],
        update_fields=KEPT,
    )
    unlisted = MessageTemplate.objects.filter(waba_id=waba_id).exclude(synced_at=now)
    unlisted.exclude(status=GONE).update(status=GONE, synced_at=now)
    return len(listed)


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
        rejected_reason=(text(item.get("rejected_reason")) or "")[:40],
    )
