"""Prepared answers behind a word: shared by the company or one's own, filled in for the person they go to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from conversations import placeholders
from conversations.models import Conversation, QuickReply
from conversations.services.contacts import languages
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError
from tenants.models import ClientCompany

OFFERED = 30
MAX_OWN, MAX_SHARED = 200, 1000
PREVIEW_CHARS = 140
KNOWN_BLANKS = ("contact.name", "contact.first_name", "agent.name", "company.name")


class ShortcutTaken(DomainError):
    code = "shortcut_taken"
    http_status = 422
    user_message = _("There is a quick reply with this word already.")


class TooManyReplies(DomainError):
    code = "too_many_replies"
    http_status = 422
    user_message = _("That is the most quick replies there can be. Remove some that nobody uses.")


@dataclass(frozen=True, slots=True)
class Offered:
    """A quick reply as the composer offers it, in the best language it has."""

    reply: QuickReply
    language: str
    text: str

    @property
    def preview(self) -> str:
        return " ".join(self.text.split())[:PREVIEW_CHARS]


def offered(conversation: Conversation, *, user: User, company: ClientCompany, search: str = "") -> list[Offered]:
    """What fits the letters typed so far: one's own before the shared ones, the most used first."""
    order = languages.order_for(conversation.contact, company_language=company.language)
    rows = _of(user).order_by(F("owner").asc(nulls_last=True), "-used", "shortcut")
    search = search.replace("\x00", "").strip()[:40]
    if search:
        rows = rows.filter(Q(shortcut__icontains=search) | Q(title__icontains=search))
    found = [Offered(row, *best_text(row.texts, order=order)) for row in rows[:OFFERED]]
    return sorted(found, key=lambda one: not one.reply.shortcut.startswith(search.lower())) if search else found


def best_text(texts: Mapping[str, str], *, order: Sequence[str]) -> tuple[str, str]:
    """Language and text: of the first language there is a text in, else whatever there is."""
    for language in [*order, *sorted(texts)]:
        if texts.get(language):
            return language, texts[language]
    return "", ""


@transaction.atomic
def use(pk: UUID, *, conversation: Conversation, user: User, company: ClientCompany) -> str | None:
    """The text, filled in, blanks that nobody knows marked; None when there is no such reply for this person."""
    row = _of(user).filter(pk=pk).first()
    if row is None:
        return None
    order = languages.order_for(conversation.contact, company_language=company.language)
    text = best_text(row.texts, order=order)[1]
    QuickReply.objects.filter(pk=row.pk).update(used=F("used") + 1)
    return placeholders.fill(text, values_of(conversation, user=user, company=company))


def values_of(conversation: Conversation, *, user: User, company: ClientCompany) -> dict[str, str]:
    """What the blanks stand for in this conversation. The name that customers see of us is the alias."""
    contact = conversation.contact
    name = contact.given_name or contact.name
    values = {
        "contact.name": name,
        "contact.first_name": name.split(" ")[0] if name else "",
        "agent.name": user.shown_to_customers,
        "company.name": company.name,
    }
    return values | {f"field.{key}".lower(): str(value) for key, value in contact.fields.items()}


@transaction.atomic
def save(
    reply: QuickReply | None, *, owner: User | None, shortcut: str, title: str, texts: Mapping[str, str], by: User
) -> QuickReply:
    """Make or change one. ``owner`` None: shared by the company.

    Raises  ShortcutTaken, TooManyReplies
    """
    if reply is None and QuickReply.objects.filter(owner=owner).count() >= (MAX_OWN if owner else MAX_SHARED):
        raise TooManyReplies
    fresh, reply = reply is None, reply or QuickReply(owner=owner)
    reply.shortcut, reply.title, reply.texts = shortcut.lower(), title, dict(texts)
    try:
        with transaction.atomic():
            reply.save()
    except IntegrityError as double:
        raise ShortcutTaken from double
    action = "quick_reply.made" if fresh else "quick_reply.changed"
    audit.record(action, actor=by, subject=reply, shortcut=reply.shortcut, shared=owner is None)
    return reply


@transaction.atomic
def remove(reply: QuickReply, *, by: User) -> None:
    """Take it away; what was written with it stays."""
    audit.record("quick_reply.removed", actor=by, subject=reply, shortcut=reply.shortcut, shared=reply.owner_id is None)
    reply.delete()


def _of(user: User) -> QuerySet[QuickReply]:
    return QuickReply.objects.filter(Q(owner=None) | Q(owner=user))
