"""Explicit consent to special categories of personal data (R-S13): proved by a message, shown to cleared people only.

While it is in force, cleared people read in the thread the words about health and the like that are hidden otherwise;
so do they in conversations of a team that is cleared as a whole, where words only warn.
Numbers and passwords stay hidden, and so does everything for whoever else reads: lists, mails, exports, integrators.
Nothing of it is stored in the messages, so that it ends the moment the consent does.
"""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from conversations import hints
from conversations.errors import ProofMissing
from conversations.models import ConsentRecord, Contact, Conversation, Direction, Message
from conversations.services.contacts import consent
from conversations.services.guard.guard_reviewing import check_may
from conversations.shown import OPENED, detectors_of, shown_body
from tenants.accounts import audit
from tenants.accounts.models import User

PURPOSE = "special_data"
SOURCE = "agent"
MOST_PROOFS = 8


def in_force(contact: Contact) -> ConsentRecord | None:
    """The person's explicit consent that holds now."""
    return consent.active_for(contact, purpose=PURPOSE)


def proofs(conversation: Conversation) -> Sequence[Message]:
    """The person's latest texts in this conversation that may say so: those since a withdrawal; the newest first."""
    if conversation.contact.is_group:
        return []
    came = conversation.messages.filter(direction=Direction.INBOUND, removed_at=None, revoked_at=None)
    came = came.exclude(wamid="").exclude(wamid=None).exclude(body="").exclude(type="reaction")
    ended = ConsentRecord.objects.filter(contact=conversation.contact, purpose=PURPOSE, event="withdrawn")
    if last := ended.order_by("-occurred_at").first():
        came = came.filter(at__gt=last.occurred_at)
    return list(came.order_by("-at", "-sequence")[:MOST_PROOFS])


@transaction.atomic
def record(
    conversation: Conversation, *, message_id: str, by: User, request: HttpRequest | None = None
) -> ConsentRecord:
    """Keep that the person agreed with this message of hers. Twice is once.

    Raises  OverrideNotAllowed, ProofMissing
    """
    check_may(by)
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=conversation.contact_id)
    if known := in_force(contact):
        return known
    proof = next((one for one in proofs(conversation) if str(one.pk) == message_id), None)
    if proof is None:
        raise ProofMissing
    given = consent.give(
        contact,
        purpose=PURPOSE,
        source=SOURCE,
        wamid=proof.wamid or "",
        text=shown_body(proof),
        number=conversation.phone_number,
        actor=by,
        at=proof.at,
    )
    audit.record("consent.recorded", actor=by, subject=proof, request=request, purpose=PURPOSE)
    _changed(contact)
    return given


@transaction.atomic
def withdraw(contact: Contact, *, by: User, request: HttpRequest | None = None) -> None:
    """The person took it back, or it was recorded by mistake: what it opened is hidden at once. Twice is once.

    Raises  OverrideNotAllowed
    """
    check_may(by)
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if in_force(contact) is None:
        return
    consent.withdraw(contact, purpose=PURPOSE, source=SOURCE, actor=by)
    audit.record("consent.withdrawn", actor=by, subject=contact, request=request, purpose=PURPOSE)
    _changed(contact)


def open_terms(contact: Contact, messages: Iterable[Message]) -> None:
    """Mark those of the messages whose hidden words a cleared reader may read now: by the person's consent, or because
    a team that is cleared as a whole has the conversation. Two queries, where there are any.
    """
    hiding = [one for one in messages if one.masks and not OPENED.isdisjoint(detectors_of(one.masks))]
    if not hiding:
        return
    consented = in_force(contact) is not None
    spells = Conversation.objects.filter(pk__in={one.conversation_id for one in hiding}, team__cleared_as_a_whole=True)
    cleared = set() if consented else set(spells.values_list("pk", flat=True))
    for message in hiding:
        message.terms_open = consented or message.conversation_id in cleared


def _changed(contact: Contact) -> None:
    spells = list(Conversation.objects.filter(contact=contact).values_list("pk", flat=True))
    Conversation.objects.filter(pk__in=spells).update(version=F("version") + 1)
    hints.conversations_changed(spells)
