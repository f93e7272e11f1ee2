"""The pane that says who writes."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from conversations.models import ConsentRecord, Contact, Conversation, Intent, Message, Note
from conversations.services import blocking, cards, intents, labels
from conversations.services.group_members import group_members
from conversations.views.opening import conversation_or_404, note_reading
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission

EARLIER = 10
NOTES = 10
CONSENTS = 10
IDENTITIES = 12
GROUPS = 10


@require_GET
@requires(Permission.CONTACT_VIEW)
def contact(request: CompanyRequest, conversation_id: UUID) -> HttpResponse:
    row = conversation_or_404(conversation_id, user=request.user)
    note_reading(row, user=request.user, request=request)
    context = contact_context(row, user=request.user) | card_context(request.user)
    return render(request, "conversations/_contact.html", context | {"conversation": row})


def card_context(user: User) -> dict[str, Any]:
    """What this person may do on the card."""
    return {"me": user, "may_send": user.may(Permission.MESSAGE_SEND)}


def contact_context(row: Conversation, *, user: User) -> dict[str, Any]:
    """Identity with its history, consents, conversations, notes, fields, labels, promise. All bounded.

    Conversations and notes are those that this person may see.
    """
    others = Conversation.objects.visible_to(user).filter(contact=row.contact_id).exclude(pk=row.pk)
    consents = list(ConsentRecord.objects.filter(contact=row.contact_id).order_by("-occurred_at")[:CONSENTS])
    notes = Note.objects.filter(conversation__in=Conversation.objects.visible_to(user).filter(contact=row.contact_id))
    return {
        "contact": row.contact,
        "members": group_members(row.contact) if row.contact.is_group else [],
        "groups": [] if row.contact.is_group else _groups_of(row.contact, user=user),
        "identities": row.contact.identities.order_by("-valid_from", "-id")[:IDENTITIES],
        "consents": list(zip(consents, _proofs(consents, user=user), strict=True)),
        "earlier": others.select_related("assignee", "phone_number").order_by("-opened_at")[:EARLIER],
        "notes": notes.select_related("author", "conversation__phone_number").order_by("-at")[:NOTES],
        "fields": [] if row.contact.is_group else cards.values(row.contact, cards.fields()),
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


def _proofs(consents: list[ConsentRecord], *, user: User) -> list[Message | None]:
    """The message that proves each consent, where there is one that this person may see."""
    wamids = [one.wamid for one in consents if one.wamid]
    if not wamids:
        return [None] * len(consents)
    rows = Message.objects.filter(wamid__in=wamids, conversation__in=Conversation.objects.visible_to(user))
    found = {message.wamid: message for message in rows}
    return [found.get(one.wamid) if one.wamid else None for one in consents]


def _groups_of(contact: Contact, *, user: User) -> list[Conversation]:
    """The groups in which this person wrote, each by its newest conversation."""
    channels = Message.objects.filter(participant=contact).order_by().values("channel").distinct()[:GROUPS]
    rows = Conversation.objects.visible_to(user).filter(channel__in=channels, contact__kind=Contact.Kind.GROUP)
    rows = rows.select_related("contact").order_by("channel", "-opened_at").distinct("channel")
    return list(rows[:GROUPS])
