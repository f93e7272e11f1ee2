"""Tells people at once that a danger word was written: on their pages, and once by mail, without any content.

Whoever leads hears of it, and the client's admins and the agency's people as of other alarms. Who was told stands in
the event itself, so that a mail server that fails half-way is tried again without anybody being told twice.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from conversations import hints
from conversations.models import Conversation, ConversationEvent
from conversations.services.alarms import alarm_telling
from conversations.services.alarms.alarm_telling import Reader
from conversations.services.promise import promise_watch
from tenants import work
from tenants.accounts.models import User
from tenants.addresses import address_of
from tenants.context import in_public
from tenants.models import ClientCompany
from tenants.services import companies, mails

MAIL = "conversations/mail/danger"
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
    company = companies.entered()
    left = [_mail(reader, event, company=company) for reader in _readers(people, company)]
    if not all(left) and timezone.now() - row.danger_at < GIVE_UP:
        work.mark(work.Kind.HOUSEKEEPING, key=f"{KEY}:{row.pk}", due_at=timezone.now() + AGAIN)
    return True


def _readers(people: dict[UUID, list[UUID]], company: ClientCompany) -> list[Reader]:
    """The leads among the company's own people, then whoever hears of its alarms; each address once."""
    with in_public():
        page = f"{address_of(company)}/inbox/"
    found: dict[str, Reader] = {}
    for user in User.objects.filter(pk__in=people, is_active=True, staff_id=None).order_by("id"):
        language = user.language or company.language
        found[user.email] = Reader(str(user.pk), user.name, user.email, language, page, of_agency=False)
    for reader in alarm_telling.readers_of(company):
        found.setdefault(reader.email, reader)
    return list(found.values())[: alarm_telling.MOST_PEOPLE]


def _mail(reader: Reader, event: ConversationEvent, *, company: ClientCompany) -> bool:
    """One mail to one person who was not told yet; tells whether it left, or had to."""
    if not _run(BEGIN, reader, event):
        return True
    with in_public():
        page = f"{address_of(company)}/inbox/{event.conversation_id}/"
    context = {"reader": reader, "at": event.at, "page": page}
    language = reader.language or settings.LANGUAGE_CODE
    sent = mails.send(MAIL, context, to=reader.email, language=language, company=company)
    if not sent:
        _run(TAKE_BACK, reader, event)
    return sent


def _run(statement: str, reader: Reader, event: ConversationEvent) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"who": reader.key, "event": event.pk})
        return [row[0] for row in cursor.fetchall()] if cursor.description else []
