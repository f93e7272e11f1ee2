"""What a person asks of the platform about a template: checked here, carried out by a worker."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import MessageTemplate, PhoneNumber
from conversations.services.guard import guarding
from conversations.services.message_templates import drafts, template_guard
from conversations.services.message_templates.refusals import (
    NoAccount,
    TemplateBusy,
    TemplateExists,
    TemplateIncomplete,
    TemplateNameBlocked,
    TemplateUnchangeable,
)
from conversations.services.message_templates.syncing import number_of
from conversations.whatsapp.template_rules import Problem, problems_of
from conversations.whatsapp.template_rules.editing import may_delete
from tenants import work
from tenants.accounts import audit
from tenants.accounts.models import User

Ask = MessageTemplate.Ask
DRAFT = MessageTemplate.DRAFT
ACTIONS = {
    Ask.SUBMIT: "template.submitted",
    Ask.EDIT: "template.edited",
    Ask.DELETE: "template.deleted",
    Ask.DELETE_ALL: "template.deleted",
    Ask.UNPAUSE: "template.unpaused",
    Ask.ARCHIVE: "template.archived",
    Ask.UNARCHIVE: "template.unarchived",
}
PUTS_AWAY = ("APPROVED", "REJECTED", "PAUSED", "FLAGGED")


def submit(template: MessageTemplate, *, by: User) -> MessageTemplate:
    """Hand in what is written: a new template, or a changed one.

    Raises  TemplateIncomplete, TemplateUnchangeable, TemplateBusy, NoAccount
    """
    sketch = drafts.sketch_of(template)
    problems = [*problems_of(sketch), *template_guard.problems_of(sketch, own=guarding.own)]
    if template.status == DRAFT:
        taken = drafts.problem_of_name(template, sketch)
        if isinstance(taken, TemplateExists | TemplateNameBlocked):
            problems.insert(0, Problem("name", taken.user_message))
    if problems:
        raise TemplateIncomplete(problems)
    drafts.check_editable(template)
    return ask(template, Ask.SUBMIT if template.status == DRAFT else Ask.EDIT, by=by)


def delete(template: MessageTemplate, *, by: User, all_languages: bool = False) -> MessageTemplate | None:
    """Delete one language, or all of the name. A draft is gone at once.

    Raises  TemplateUnchangeable, TemplateBusy, NoAccount
    """
    if template.status == DRAFT and not all_languages:
        drafts.discard(template, by=by)
        return None
    rows = MessageTemplate.objects.filter(waba_id=template.waba_id, name=template.name)
    if (all_languages and rows.filter(status="DISABLED").exists()) or not may_delete(template.status):
        raise TemplateUnchangeable(_("WhatsApp switched this template off for good; such a one cannot be deleted."))
    return ask(template, Ask.DELETE_ALL if all_languages else Ask.DELETE, by=by)


def unpause(template: MessageTemplate, *, by: User) -> MessageTemplate:
    """End a pause. Raises  TemplateUnchangeable, TemplateBusy, NoAccount"""
    if template.status != "PAUSED":
        raise TemplateUnchangeable(_("This template is not paused."))
    return ask(template, Ask.UNPAUSE, by=by)


def archive(template: MessageTemplate, *, by: User) -> MessageTemplate:
    """Put a template away. Raises  TemplateUnchangeable, TemplateBusy, NoAccount"""
    if template.status not in PUTS_AWAY:
        raise TemplateUnchangeable(_("A template in this state cannot be archived."))
    return ask(template, Ask.ARCHIVE, by=by)


def unarchive(template: MessageTemplate, *, by: User) -> MessageTemplate:
    """Take a template out of the archive. Raises  TemplateUnchangeable, TemplateBusy, NoAccount"""
    if template.status != "ARCHIVED":
        raise TemplateUnchangeable(_("This template is not archived."))
    return ask(template, Ask.UNARCHIVE, by=by)


@transaction.atomic
def ask(template: MessageTemplate, what: MessageTemplate.Ask, *, by: User) -> MessageTemplate:
    """Note what the worker is to do, and by whom it was asked.

    Raises  TemplateBusy, NoAccount
    """
    template = MessageTemplate.objects.select_for_update().get(pk=template.pk)
    if template.asked:
        raise TemplateBusy
    if number_of(template.waba_id) is None:
        raise NoAccount
    template.asked, template.asked_at, template.asked_by_id = what, timezone.now(), by.pk
    template.refusal = {}
    template.save(update_fields=["asked", "asked_at", "asked_by_id", "refusal"])
    audit.record(
        ACTIONS[what],
        actor=by,
        subject=template,
        template=template.name,
        language=template.language,
        all_languages=True if what == Ask.DELETE_ALL else None,
    )
    work.mark(work.Kind.HOUSEKEEPING, key=f"template:{template.pk}")
    return template


@transaction.atomic
def read_again(*, by: User) -> int:
    """Have the lists of all accounts read now; tells how many there are."""
    accounts = known_accounts()
    for waba_id in accounts:
        work.mark(work.Kind.HOUSEKEEPING, key=f"templates:{waba_id}")
    audit.record("templates.read_again", actor=by)
    return len(accounts)


def known_accounts() -> list[str]:
    """The accounts that a connected number speaks for, the oldest first."""
    numbers = PhoneNumber.objects.exclude(token="").order_by("connected_at").values_list("waba_id", flat=True)
    return list(dict.fromkeys(numbers))
