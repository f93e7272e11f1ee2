"""Asks the platform to forget the phone number of somebody who was erased here, until it says that it has."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from conversations.models import Channel, Contact, PlatformErasure
from conversations.services.numbers.numbers import credentials_of
from conversations.whatsapp.credentials import BadCredentials
from conversations.whatsapp.management import GraphManagement, GraphRefused, GraphUnreachable, graph_for
from tenants import work
from tenants.accounts import audit

KEY = "forget"  # the housekeeping that asks
BATCH = 100
WAITS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))


def ask_for(contact_ids: Iterable[UUID]) -> int:
    """Note in this transaction that the platform has to forget these people, on every number they wrote to.

    Call it before their rows go. People whom the platform knows by phone number only are in no contact book.
    """
    now = timezone.now()
    pairs = Channel.objects.filter(contact__in=contact_ids, contact__kind=Contact.Kind.PERSON)
    known = pairs.exclude(contact__bsuid=None).values_list("phone_number_id", "contact__bsuid")
    rows = [
        PlatformErasure(
            phone_number_id=number,
            bsuid=bsuid,
            digest=hashlib.sha256(bsuid.encode()).hexdigest(),
            asked_at=now,
            due_at=now,
        )
        for number, bsuid in known
        if bsuid
    ]
    PlatformErasure.objects.bulk_create(rows)
    if rows:
        work.mark(work.Kind.HOUSEKEEPING, key=KEY)
    return len(rows)


def carry_out() -> bool:
    """Ask for everybody who is due; tells whether nothing is left. Outside a transaction: it speaks to the platform."""
    now = timezone.now()
    due = PlatformErasure.objects.filter(done_at=None, due_at__lte=now).select_related("phone_number")
    rows = list(due.order_by("phone_number_id", "due_at")[:BATCH])
    graphs: dict[UUID, GraphManagement] = {}
    try:
        for row in rows:
            if row.phone_number_id not in graphs:
                graphs[row.phone_number_id] = graph_for(credentials_of(row.phone_number))
            _carry_out_one(row, graphs[row.phone_number_id])
    finally:
        for graph in graphs.values():
            graph.__exit__(None, None, None)
    return not PlatformErasure.objects.filter(done_at=None).exists()


def _carry_out_one(row: PlatformErasure, graph: GraphManagement) -> None:
    try:
        parameters = {"messaging_product": "whatsapp", "bsuid": row.bsuid}
        answer = graph.ask("DELETE", row.phone_number.phone_number_id, "contact_book", params=parameters)
    except GraphUnreachable:
        _later(row, "unreachable")
    except BadCredentials:
        _later(row, "token_dead")
    except GraphRefused as refused:
        _later(row, f"refused_{refused.code}")
    else:
        row.done_at, row.bsuid, row.problem, row.known = timezone.now(), "", "", bool(answer.get("deleted"))
        row.save(update_fields=["done_at", "bsuid", "problem", "known"])
        audit.record("contact.erased_at_platform", subject=row.phone_number, known=row.known)


def _later(row: PlatformErasure, problem: str) -> None:
    wait = WAITS[min(row.attempts, len(WAITS) - 1)]
    PlatformErasure.objects.filter(pk=row.pk).update(
        attempts=F("attempts") + 1, problem=problem, due_at=timezone.now() + wait
    )
