"""Tells people at once that a danger word was written: on their pages, and once by mail, without any content.

Whoever leads hears of it, and the client's admins and the agency's people as of other alarms. Who was told stands in
the event itself, so that a mail server that fails half-way is tried again without anybody being told twice.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from conversations import hints
from conversations.models import Conversation, ConversationEvent
from conversations.services.alarms import alarm_telling
from conversations.services.alarms.alarm_telling import Reader
from conversations.services.promise import promise_watch
from tenants import work
from tenants.accounts.models import User
from tenants.addresses import address_of
from tenants.context import company_id_of, current_schema, in_public
from tenants.models import ClientCompany

logger = logging.getLogger(__name__)
KEY = "danger"
AGAIN = timedelta(minutes=1)
GIVE_UP = timedelta(hours=6)
BEGIN = """
UPDATE conversations_conversationevent
SET data = jsonb_set(data, '{told}', coalesce(data -> 'told', '[]'::jsonb) || to_jsonb(%(who)s::text))
WHERE id = %(event)s AND NOT coalesce(data -> 'told', '[]'::jsonb) ? %(who)s RETURNING id
"""
TAKE_BACK = """
UPDATE conversations_conversationevent SET data = jsonb_set(data, '{told}', (data -> 'told') - %(who)s)
WHERE id = %(event)s
"""


def tell(conversation_id: str) -> bool:
    """Tell of one conversation's danger; comes back within a minute when a mail could not leave."""
    row = Conversation.objects.filter(pk=UUID(conversation_id)).select_related("contact").first()
    event = ConversationEvent.objects.filter(conversation=row, kind="danger_seen").order_by("-at", "-id").first()
    if row is None or event is None or row.danger_at is None:
        return True
    people = promise_watch.hear_of([row], somebody=True)
    with transaction.atomic():
        for person, ids in people.items():
            hints.tell("danger", [person], ids)
    readers = _readers(people)
    left = [_mail(reader, event) for reader in readers]
    if not all(left) and timezone.now() - row.danger_at < GIVE_UP:
        work.mark(work.Kind.HOUSEKEEPING, key=f"{KEY}:{row.pk}", due_at=timezone.now() + AGAIN)
    return True


def _company() -> ClientCompany:
    company_id = company_id_of(current_schema())
    with in_public():
        return ClientCompany.objects.select_related("agency").get(pk=company_id)


def _readers(people: dict[UUID, list[UUID]]) -> list[Reader]:
    """The leads among the company's own people, then whoever hears of its alarms; each address once."""
    company = _company()
    with in_public():
        page = f"{address_of(company)}/inbox/"
    found: dict[str, Reader] = {}
    for user in User.objects.filter(pk__in=people, is_active=True, staff_id=None).order_by("id"):
        language = user.language or company.language
        found[user.email] = Reader(str(user.pk), user.name, user.email, language, page, of_agency=False)
    for reader in alarm_telling.readers_of(company):
        found.setdefault(reader.email, reader)
    return list(found.values())[: alarm_telling.MOST_PEOPLE]


def _mail(reader: Reader, event: ConversationEvent) -> bool:
    """One mail to one person who was not told yet; tells whether it left, or had to."""
    if not _run(BEGIN, reader, event):
        return True
    company = _company()
    with in_public():
        page = f"{address_of(company)}/inbox/{event.conversation_id}/"
    with translation.override(reader.language or settings.LANGUAGE_CODE), timezone.override(company.time_zone):
        context = {"reader": reader, "company": company, "at": event.at, "page": page}
        subject = " ".join(render_to_string("conversations/mail/danger_subject.txt", context).split())
        body = render_to_string("conversations/mail/danger.txt", context)
    sender = company.agency.mail_sender or settings.DEFAULT_FROM_EMAIL
    try:
        EmailMessage(subject, body, sender, [reader.email]).send()
    except (SMTPException, OSError) as error:
        logger.warning("a mail about a danger could not be sent: %s", type(error).__name__)
        _run(TAKE_BACK, reader, event)
        return False
    return True


def _run(statement: str, reader: Reader, event: ConversationEvent) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"who": reader.key, "event": event.pk})
        return [row[0] for row in cursor.fetchall()] if cursor.description else []
