"""Does at the platform what somebody asked for, and writes down what came of it.

In the worker, outside any transaction: it speaks to the platform. Doing it twice is safe: what was done already is
found there.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conversations.models import MediaFile, MessageTemplate, PhoneNumber
from conversations.services.message_templates import drafts, template_news
from conversations.services.message_templates.syncing import GONE, number_of
from conversations.services.numbers import account_calls, numbers
from conversations.whatsapp.credentials import BadCredentials
from conversations.whatsapp.error_catalogue import TOKEN_DEAD
from conversations.whatsapp.error_rules import Retry
from conversations.whatsapp.management import GraphRefused, GraphUnreachable
from conversations.whatsapp.management_templates import Submitted, TemplateManagement, templates_for
from conversations.whatsapp.payloads.clean import identifier, record, rows, text
from conversations.whatsapp.template_rules import Sketch, field_of, parameter_format, to_submit
from tenants import work
from tenants.context import in_public
from tenants.models import MetaApp

Ask = MessageTemplate.Ask
AGAIN = timedelta(minutes=1)
GIVE_UP = timedelta(hours=12)
NAME_TAKEN = 2388024


def carry_out(template_id: str) -> bool:
    """Do what was asked of one template. True unless it has to be tried again later."""
    template = MessageTemplate.objects.filter(pk=UUID(template_id)).first()
    if template is None or not template.asked:
        return True
    number = number_of(template.waba_id)
    if number is None:
        _refuse(template, code=None, details="", field="")
        return True
    if account_calls.wait(template.waba_id):
        return _later(template)
    try:
        with templates_for(numbers.credentials_of(number)) as graph:
            DOING[Ask(template.asked)](graph, template, number)
    except GraphUnreachable:
        return _later(template)
    except BadCredentials:
        _refuse(template, code=TOKEN_DEAD.code, details="", field="")
    except GraphRefused as refused:
        if refused.rule.retry is Retry.ACCOUNT_SLOW:
            account_calls.rest(template.waba_id, seconds=refused.wait)
        if refused.rule.waits:
            return _later(template)
        _refuse(template, code=refused.code, details=refused.details, field=field_of(refused.code, refused.details))
    return True


def _later(template: MessageTemplate) -> bool:
    """Try again in a minute; after half a day it is given back to whoever asked."""
    now = timezone.now()
    if template.asked_at is not None and template.asked_at < now - GIVE_UP:
        _refuse(template, code=2, details="", field="")
        return True
    with transaction.atomic():
        work.mark(work.Kind.HOUSEKEEPING, key=f"template:{template.pk}", due_at=now + AGAIN)
    return True


def _refuse(template: MessageTemplate, *, code: int | None, details: str, field: str) -> None:
    """What was written stays; the refusal stands at its field until it is handed in again."""
    refusal = {
        "asked": template.asked,
        "code": code,
        "details": details,
        "field": field,
        "at": timezone.now().isoformat(),
    }
    MessageTemplate.objects.filter(pk=template.pk).update(asked="", asked_at=None, refusal=refusal)


def _submit(graph: TemplateManagement, template: MessageTemplate, number: PhoneNumber) -> None:
    sketch = drafts.sketch_of(template)
    components = to_submit(sketch, handles=_handles(graph, sketch, number))
    document: dict[str, Any] = {
        "name": template.name,
        "language": template.language,
        "category": sketch.category,
        "parameter_format": parameter_format(sketch),
        "components": components,
        **_ttl(sketch),
    }
    try:
        made = graph.create(template.waba_id, document)
    except GraphRefused as refused:
        found = _found_ours(graph, template, components) if refused.code == NAME_TAKEN else None
        if found is None:
            raise
        made = found
    _taken_in(template, sketch, components, made)


def _found_ours(
    graph: TemplateManagement, template: MessageTemplate, components: list[dict[str, Any]]
) -> Submitted | None:
    """Whether the name is taken by this very template: an answer that was lost on the way."""
    told = graph.find(template.waba_id, name=template.name, language=template.language)
    if told is None or _words(rows(told.get("components"))) != _words(components):
        return None
    template_id = identifier(told.get("id"), limit=40) or ""
    return Submitted(template_id, text(told.get("status")) or "PENDING", text(told.get("category")) or "")


def _words(components: list[Any]) -> list[tuple[Any, Any]]:
    return [(record(one).get("type"), record(one).get("text")) for one in components]


def _edit(graph: TemplateManagement, template: MessageTemplate, number: PhoneNumber) -> None:
    sketch = drafts.sketch_of(template)
    components = to_submit(sketch, handles=_handles(graph, sketch, number))
    changes: dict[str, Any] = {"components": components, **_ttl(sketch)}
    if sketch.category != template.category:
        changes["category"] = sketch.category
    graph.edit(template.template_id, changes)
    made = Submitted(template.template_id, "PENDING", changes.get("category", template.category))
    _taken_in(template, sketch, components, made)


@transaction.atomic
def _taken_in(template: MessageTemplate, sketch: Sketch, components: list[dict[str, Any]], made: Submitted) -> None:
    now = timezone.now()
    edits = template.edits
    if template.status == "APPROVED":
        edits = [*edits[-30:], now.isoformat()]
    template_news.noted(template, status=made.status[:20], at=now, reason="submitted")
    MessageTemplate.objects.filter(pk=template.pk).update(
        asked="",
        asked_at=None,
        refusal={},
        template_id=made.template_id,
        category=made.category[:20] or sketch.category,
        components=components,
        parameter_format=parameter_format(sketch),
        ttl_seconds=int(sketch.ttl) if sketch.ttl.strip().isdecimal() else None,
        header_file_id=sketch.files.get("header"),
        draft={"files": sketch.files} if sketch.files else {},
        rejected_reason="",
        reason_details="",
        edits=edits,
        submitted_at=now,
    )
    work.mark(work.Kind.HOUSEKEEPING, key=f"templates:{template.waba_id}", due_at=now + AGAIN)


def _handles(graph: TemplateManagement, sketch: Sketch, number: PhoneNumber) -> dict[str, str]:
    """Upload the samples of the headings; their handles by place."""
    with in_public():
        app_id = MetaApp.objects.values_list("app_id", flat=True).get(pk=number.meta_app_id)
    return {place: _upload(graph, app_id, file_id) for place, file_id in sketch.files.items()}


def _upload(graph: TemplateManagement, app_id: str, file_id: str) -> str:
    media = MediaFile.objects.get(pk=file_id)
    if media.state == MediaFile.State.PENDING:
        raise GraphUnreachable("The file is still being made to fit.")
    with default_storage.open(media.storage_key, "rb") as stored:
        return graph.upload(app_id, stored, size=media.size, mime_type=media.mime_type, filename=media.filename)


def _ttl(sketch: Sketch) -> dict[str, int]:
    seconds = sketch.ttl.strip()
    return {"message_send_ttl_seconds": int(seconds)} if seconds.isdecimal() else {}


def _delete(graph: TemplateManagement, template: MessageTemplate, number: PhoneNumber) -> None:
    one = template.asked == Ask.DELETE
    graph.delete(template.waba_id, name=template.name, template_id=template.template_id if one else "")
    chosen = Q(pk=template.pk) if one else Q(waba_id=template.waba_id, name=template.name)
    with transaction.atomic():
        for row in MessageTemplate.objects.filter(chosen).exclude(status__in=[GONE, MessageTemplate.DRAFT]):
            template_news.noted(row, status=GONE, at=timezone.now())
        MessageTemplate.objects.filter(pk=template.pk).update(asked="", asked_at=None, synced_at=timezone.now())


def _unpause(graph: TemplateManagement, template: MessageTemplate, number: PhoneNumber) -> None:
    graph.unpause(template.template_id)
    _settle(template, "APPROVED")


def _archive(graph: TemplateManagement, template: MessageTemplate, number: PhoneNumber) -> None:
    graph.archive(template.waba_id, [template.template_id])
    _settle(template, "ARCHIVED")


def _unarchive(graph: TemplateManagement, template: MessageTemplate, number: PhoneNumber) -> None:
    graph.archive(template.waba_id, [template.template_id], back=True)
    _settle(template, "APPROVED")


@transaction.atomic
def _settle(template: MessageTemplate, status: str) -> None:
    """What the platform did is shown at once; its list, read soon, has the last word."""
    now = timezone.now()
    template_news.noted(template, status=status, at=now)
    MessageTemplate.objects.filter(pk=template.pk).update(asked="", asked_at=None)
    work.mark(work.Kind.HOUSEKEEPING, key=f"templates:{template.waba_id}", due_at=now + AGAIN)


DOING: dict[MessageTemplate.Ask, Callable[[TemplateManagement, MessageTemplate, PhoneNumber], None]] = {
    Ask.SUBMIT: _submit,
    Ask.EDIT: _edit,
    Ask.DELETE: _delete,
    Ask.DELETE_ALL: _delete,
    Ask.UNPAUSE: _unpause,
    Ask.ARCHIVE: _archive,
    Ask.UNARCHIVE: _unarchive,
}
