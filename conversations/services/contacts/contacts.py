"""The people who write to the company, as lists and pages show them. Reads, and revealing what is masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from conversations.address_times import moment_of
from conversations.models import Contact
from conversations.services.guard import guard_writing
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.accounts.roles import Permission
from tenants.errors import DomainError

PAGE = 50
MAX_QUERY_CHARS = 80
MAX_WORDS = 8
MIN_DIGITS = 4
WHOLE_DIGITS = 8  # whoever types so many of a number knows it
MAX_REASON_CHARS = 200
MAX_SUGGESTIONS = 5


class Filter(StrEnum):
    ALL = ""
    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"
    NO_NUMBER = "no_number"
    GROUPS = "groups"


class ReasonMissing(DomainError):
    code = "reason_missing"
    http_status = 422
    user_message = _("Say why you need the number. The reason is kept.")


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page of the list ended: newest message first, then those who never wrote."""

    at: datetime | None
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat() if self.at else ''}_{self.id}"

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """The key a page handed out; None for anything else."""
        try:
            at, pk = text.split("_")
            moment = moment_of(at)
            return cls(moment, UUID(pk)) if moment or not at else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Contact]
    next: Key | None


def page(
    *,
    user: User | None = None,
    query: str = "",
    chosen: Filter = Filter.ALL,
    after: Key | None = None,
    limit: int = PAGE,
) -> Page:
    """One page of contacts, those who wrote last first. Two queries, however many there are.

    user  who looks, see ``search``
    """
    rows = _chosen(search(query, user=user), chosen).order_by(F("last_message_at").desc(nulls_last=True), "-id")
    if after is not None:
        rows = rows.filter(_behind(after))
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return Page(shown, Key(shown[-1].last_message_at, shown[-1].pk) if len(found) > limit else None)


def search(query: str, *, user: User | None = None) -> QuerySet[Contact]:
    """Contacts by words of their names, by username, or by at least four digits that their number ends with.

    user  who looks. To somebody who may not see whole numbers five digits say no more than four, or she would find
          out a number one digit after the other; None: somebody who may
    """
    reveals = user is None or user.may(Permission.CONTACT_REVEAL)
    rows = Contact.objects.filter(merged_into=None)
    for word in query.replace("\x00", "")[:MAX_QUERY_CHARS].split()[:MAX_WORDS]:
        by_number = _by_number("".join(sign for sign in word if sign.isdecimal()), reveals=reveals)
        username = Q(username__istartswith=word.removeprefix("@"))
        rows = rows.filter(Q(name__icontains=word) | Q(given_name__icontains=word) | username | by_number)
    return rows


def _by_number(digits: str, *, reveals: bool) -> Q:
    """Numbers that end so; zeros in front (0612…, 0031…) stand for a country that is kept in figures."""
    if len(digits) < MIN_DIGITS:
        return Q(pk=None)
    if len(digits) >= WHOLE_DIGITS:
        return Q(wa_id__endswith=digits.lstrip("0") or digits)
    return Q(wa_id__endswith=digits if reveals else digits[-MIN_DIGITS:])


def suggestions(contact: Contact) -> list[Contact]:
    """Others who may be the same person: of the same name, and known by what this one lacks."""
    names = [name for name in (contact.name, contact.given_name) if name]
    if not names or contact.kind != Contact.Kind.PERSON:
        return []
    rows = Contact.objects.filter(merged_into=None, kind=Contact.Kind.PERSON).exclude(pk=contact.pk)
    rows = rows.filter(Q(name__in=names) | Q(given_name__in=names))
    lacks = Q(wa_id=None) if contact.wa_id else Q(bsuid=None)
    return list(rows.filter(lacks).order_by(F("last_message_at").desc(nulls_last=True))[:MAX_SUGGESTIONS])


@transaction.atomic
def reveal(contact: Contact, *, by: User, reason: str, request: HttpRequest) -> str:
    """The whole number of a contact, for a reason that is recorded.

    Raises  ReasonMissing
    """
    reason = reason.replace("\x00", "").strip()[:MAX_REASON_CHARS]
    if not reason:
        raise ReasonMissing
    audit.record("contact.revealed", actor=by, subject=contact, reason=guard_writing.reason(reason), request=request)
    return f"+{contact.wa_id}" if contact.wa_id else ""


def _chosen(rows: QuerySet[Contact], chosen: Filter) -> QuerySet[Contact]:
    match chosen:
        case Filter.OPTED_OUT:
            return rows.exclude(opted_out_at=None)
        case Filter.BLOCKED:
            return rows.exclude(blocked_at=None)
        case Filter.NO_NUMBER:
            return rows.filter(wa_id=None, kind=Contact.Kind.PERSON)
        case Filter.GROUPS:
            return rows.filter(kind=Contact.Kind.GROUP)
    return rows


def _behind(key: Key) -> Q:
    if key.at is None:
        return Q(last_message_at=None, id__lt=key.id)
    same = Q(last_message_at=key.at, id__lt=key.id)
    return Q(last_message_at__lt=key.at) | same | Q(last_message_at=None)
