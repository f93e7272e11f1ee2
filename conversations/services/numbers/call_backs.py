"""Everyone who waits at a number that cannot answer, with any other address they gave: a list to call them back."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import phonenumbers
from django.db import connection, transaction
from django.utils import timezone

from conversations.models import CallBack, Contact, Conversation, PhoneNumber
from tenants.accounts.models import User

MOST = 2_000
MESSAGES_READ = 60  # newest ones of each person that are searched for addresses
MOST_ADDRESSES = 6
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+){1,4}")
NUMBERS = re.compile(r"\+[\d][\d ()./-]{6,18}\d")
# Who waits: nobody answered yet, or the answer could not leave.
WAITING = """
SELECT c.id, coalesce(c.waiting_since, queued.since) FROM conversations_conversation AS c
LEFT JOIN LATERAL (
    SELECT min(m.at) AS since FROM conversations_message AS m
    WHERE m.channel_id = c.channel_id AND m.status IN (10, 20, 30, 40) AND m.direction = 'out'
) AS queued ON true
WHERE c.phone_number_id = %s AND (%s OR NOT c.sensitive)
  AND c.status <> 'closed' AND (c.waiting_since IS NOT NULL OR queued.since IS NOT NULL)
ORDER BY 2, c.id LIMIT %s
"""
GIVEN = """
SELECT c.id, given.type, given.body, given.content
FROM conversations_conversation AS c
CROSS JOIN LATERAL (
    SELECT m.id, m.type, m.body, m.content FROM conversations_message AS m
    WHERE m.channel_id = c.channel_id AND m.direction = 'in' AND m.removed_at IS NULL AND m.revoked_at IS NULL
      AND (%s OR NOT EXISTS (
          SELECT FROM conversations_conversation AS spell WHERE spell.id = m.conversation_id AND spell.sensitive))
    ORDER BY m.at DESC, m.sequence DESC LIMIT %s
) AS given
WHERE c.id = ANY(%s) AND (given.type = 'contacts' OR given.body ~ '@|\\+')
"""


@dataclass(slots=True)
class Waiting:
    """One person who waits, since when, and how else they can be reached."""

    conversation: Conversation
    contact: Contact
    since: datetime
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    done_at: datetime | None = None
    done_by: str = ""


def waiting_at(number: PhoneNumber, *, user: User, limit: int = MOST) -> list[Waiting]:
    """Everyone who waits and whom this person may see, oldest first.

    Addresses come from the number itself, the contact's data, cards and texts.
    """
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [number.pk, user.cleared, limit])
        since = dict(cursor.fetchall())
    rows = Conversation.objects.select_related("contact", "call_back").in_bulk(list(since))
    given = _given(list(since), user=user)
    people = {back.done_by for row in rows.values() if (back := _back(row))}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    return [_one(rows[pk], at, given.get(pk, []), names) for pk, at in since.items() if pk in rows]


@transaction.atomic
def mark(conversation: Conversation, *, done: bool, by: User) -> None:
    """Note that somebody reached this person by another way, or take that back."""
    if done:
        values = {"done_at": timezone.now(), "done_by": by.pk}
        CallBack.objects.update_or_create(conversation=conversation, defaults=values)
    else:
        CallBack.objects.filter(conversation=conversation).delete()


def _back(conversation: Conversation) -> CallBack | None:
    return getattr(conversation, "call_back", None)


def _one(conversation: Conversation, since: datetime, given: list[tuple[str, Any]], names: dict[Any, str]) -> Waiting:
    contact = conversation.contact
    waiting = Waiting(conversation, contact, since)
    own = [f"+{contact.wa_id}"] if contact.wa_id else []
    texts = list(_texts(contact.metadata))
    cards = [card for kind, card in given if kind == "card"]
    texts += [text for kind, text in given if kind == "text"]
    waiting.phones = _unique([*own, *_phones(cards, "phones", "phone"), *_numbers_in(texts, contact.market)])
    waiting.emails = _unique([*_phones(cards, "emails", "email"), *_emails_in(texts)])
    back = _back(conversation)
    if back is not None and back.done_at >= since:
        waiting.done_at, waiting.done_by = back.done_at, names.get(back.done_by, "")
    return waiting


def _given(ids: list[Any], *, user: User) -> dict[Any, list[tuple[str, Any]]]:
    """What people wrote that may hold an address: cards they sent, and texts with an @ or a +."""
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, [user.cleared, MESSAGES_READ, ids])
        rows = cursor.fetchall()
    found: dict[Any, list[tuple[str, Any]]] = {}
    for conversation_id, kind, body, raw in rows:
        value = json.loads(raw) if isinstance(raw, str) else raw
        cards = value.get("contacts") if kind == "contacts" and isinstance(value, dict) else None
        listed = found.setdefault(conversation_id, [])
        listed += [("card", card) for card in (cards if isinstance(cards, list) else []) if isinstance(card, dict)]
        listed.append(("text", body))
    return found


def _texts(value: Any, *, depth: int = 0) -> Iterator[str]:
    """Every text in the data that an integrator keeps with a contact."""
    if isinstance(value, str):
        yield value[:500]
    elif isinstance(value, dict | list) and depth < 4:
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part, depth=depth + 1)


def _phones(cards: list[dict[str, Any]], listed: str, name: str) -> Iterator[str]:
    for card in cards:
        parts = card.get(listed)
        for part in parts if isinstance(parts, list) else []:
            if isinstance(part, dict) and isinstance(part.get(name), str):
                yield part[name][:80].strip()


def _numbers_in(texts: Iterable[str], market: str) -> Iterator[str]:
    for text in texts:
        for match in phonenumbers.PhoneNumberMatcher(text, market or None):
            yield phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        for found in NUMBERS.findall(text):
            yield "+" + re.sub(r"\D", "", found)


def _emails_in(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from EMAIL.findall(text)


def _unique(found: Iterable[str]) -> list[str]:
    return list({re.sub(r"[ ()./-]", "", one) if one.startswith("+") else one: None for one in found})[:MOST_ADDRESSES]
