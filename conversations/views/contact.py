"""The pane that says who writes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from conversations.models import ConsentRecord, Contact, Conversation, InboxSettings, Intent, Message, Note
from conversations.services import inbox_settings
from conversations.services.contacts import blocking, cards
from conversations.services.contacts.group_members import group_members
from conversations.services.handling import intents, labels
from conversations.views.opening import conversation_or_404, note_reading
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission

EARLIER = 10
NOTES = 10
CONSENTS = 10
IDENTITIES = 12
GROUPS = 10


@dataclass(frozen=True, slots=True)
class Consent:
    """One record, the message that proves it where there is one to be seen, and who noted it."""

    record: ConsentRecord
    proof: Message | None
    who: str


@require_GET
@requires(Permission.CONTACT_VIEW)
def contact(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    row = conversation_or_404(conversation_id, user=request.user)
    note_reading(row, user=request.user, request=request)
    settings = inbox_settings.of_request(request)
    context = contact_context(row, user=request.user, settings=settings) | card_context(request.user)
    return render(request, "conversations/_contact.html", context | {"conversation": row})


def card_context(user: User) -> dict[str, Any]:
    """What this person may do on the card."""
    return {"me": user, "may_send": user.may(Permission.MESSAGE_SEND)}


def contact_context(row: Conversation, *, user: User, settings: InboxSettings) -> dict[str, Any]:
    """Identity with its history, consents, conversations, notes, fields, labels, promise. All bounded.

    Conversations and notes are those that this person may see.
    """
    others = Conversation.objects.visible_to(user).filter(contact=row.contact_id).exclude(pk=row.pk)
    notes = Note.objects.filter(conversation__in=Conversation.objects.visible_to(user).filter(contact=row.contact_id))
    return {
        "contact": row.contact,
        "members": group_members(row.contact) if row.contact.is_group else [],
        "groups": [] if row.contact.is_group else _groups_of(row.contact, user=user),
        "identities": row.contact.identities.order_by("-valid_from", "-id")[:IDENTITIES],
        "consents": consents_of(row.contact, user=user, limit=CONSENTS),
        "earlier": others.select_related("assignee", "phone_number", "intent").order_by("-opened_at")[:EARLIER],
        "notes": notes.select_related("author", "conversation__phone_number").order_by("-at")[:NOTES],
        "fields": [] if row.contact.is_group else cards.values(row.contact, cards.fields(settings)),
        "languages": cards.LANGUAGES,
        "may_reveal": user.may(Permission.CONTACT_REVEAL),
        "blocked_here": blocking.is_blocked_in(row.contact, channel=row.channel),
        "may_block": user.may(Permission.CONTACT_BLOCK) and not row.contact.is_group,
        **label_context(row.contact),
        **promise_context(row),
    }


def label_context(contact: Contact) -> dict[str, Any]:
    """The labels of a person and what else may be put on."""
    offered = labels.offered()
    known = {one.pk: one for one in offered}
    missing = [pk for pk in contact.labels if pk not in known]
    known |= labels.by_id(missing)
    return {
        "contact_labels": [known[pk] for pk in contact.labels if pk in known],
        "more_labels": [one for one in offered if one.pk not in contact.labels],
    }


def promise_context(row: Conversation) -> dict[str, Any]:
    """What the conversation is about, and what else it may be about."""
    offered = intents.offered()
    chosen = next((one for one in offered if one.pk == row.intent_id), None)
    if chosen is None and row.intent_id is not None:
        chosen = Intent.objects.filter(pk=row.intent_id).first()
    return {"intents": offered, "intent": chosen}


def consents_of(contact: Contact, *, user: User, limit: int) -> list[Consent]:
    """The latest consents and withdrawals, each with its proof as far as this person may see it. Three queries."""
    records = list(ConsentRecord.objects.filter(contact=contact).order_by("-occurred_at", "-id")[:limit])
    wamids = [one.wamid for one in records if one.wamid]
    seen = Message.objects.filter(wamid__in=wamids, conversation__in=Conversation.objects.visible_to(user))
    proofs = {message.wamid: message for message in seen} if wamids else {}
    actors = [one.actor_id for one in records if one.actor_id]
    names = dict(User.objects.filter(pk__in=actors).values_list("pk", "name")) if actors else {}
    return [Consent(one, proofs.get(one.wamid), names.get(one.actor_id, "") if one.actor_id else "") for one in records]


def _groups_of(contact: Contact, *, user: User) -> list[Conversation]:
    """The groups in which this person wrote, each by its newest conversation."""
    channels = Message.objects.filter(participant=contact).order_by().values("channel").distinct()[:GROUPS]
    rows = Conversation.objects.visible_to(user).filter(channel__in=channels, contact__kind=Contact.Kind.GROUP)
    rows = rows.select_related("contact").order_by("channel", "-opened_at").distinct("channel")
    return list(rows[:GROUPS])
