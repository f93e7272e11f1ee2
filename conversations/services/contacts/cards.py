"""What agents keep on a contact's card: fields, given name, language. Identities are the platform's, never theirs."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations import contact_fields, hints
from conversations.contact_fields import ContactField, Kind
from conversations.integrations.services import events
from conversations.models import Contact, Conversation, InboxSettings, Label
from conversations.services import inbox_settings, summary
from conversations.services.handling import labels
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError

MAX_NAME_CHARS = 80
LANGUAGES = ("nl", "en", "de", "fr", "tr", "ar", "pl", "uk", "es", "it", "pt", "ro", "bg", "ru", "fa", "so", "ti", "zh")
ODD: dict[Kind, Promise] = {
    Kind.TEXT: _("This is too long: 300 characters at most."),
    Kind.NUMBER: _("This is no number. Write it like 12 or 12.50."),
    Kind.DATE: _("This is no date. Write it like 30-06-2026."),
    Kind.CHOICE: _("Choose one of the list."),
    Kind.LINK: _("This is no web address. Write it like https://example.com/123."),
}


class FieldUnknown(DomainError):
    code = "field_unknown"
    user_message = _("There is no such field any more. Reload the page.")


class FieldOdd(DomainError):
    code = "field_odd"
    http_status = 422
    user_message: str | Promise = _("This does not fit into the field.")

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        self.user_message = ODD[kind]


class BlockReasonMissing(DomainError):
    code = "reason_missing"
    http_status = 422
    user_message = _("Say why this person is blocked. The reason is kept.")


class FieldNameTaken(DomainError):
    code = "field_name_taken"
    user_message = _("Give each field a name of its own, of 1 to 40 characters.")


class TooManyFields(DomainError):
    code = "too_many_fields"
    user_message = _("A company has 30 fields at most.")


def fields(settings: InboxSettings | None = None) -> list[ContactField]:
    """The fields that the company keeps, in its order."""
    return contact_fields.fields_of((settings or InboxSettings.load()).contact_fields)


def values(contact: Contact, known: Sequence[ContactField]) -> list[tuple[ContactField, str]]:
    """Each field with what is known of this contact."""
    return [(one, str(contact.fields.get(one.key, ""))) for one in known]


@transaction.atomic
def write_field(contact: Contact, *, key: str, text: str, by: User, request: HttpRequest | None = None) -> str:
    """Write one field of a contact, or empty it; tells what is kept. Raises FieldUnknown, FieldOdd."""
    wanted = next((one for one in fields() if one.key == key), None)
    if wanted is None:
        raise FieldUnknown
    try:
        value = contact_fields.value_of(wanted, text)
    except contact_fields.OddValue as odd:
        raise FieldOdd(odd.kind) from odd
    row = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if row.fields.get(key, "") == value:
        return value
    kept = {name: known for name, known in row.fields.items() if name != key} | ({key: value} if value else {})
    Contact.objects.filter(pk=row.pk).update(fields=kept)
    _changed(row, by=by, request=request, fields=[wanted.key])
    return value


@transaction.atomic
def name(contact: Contact, *, given: str, by: User, request: HttpRequest | None = None) -> None:
    """What the company calls this person; empty: what WhatsApp says."""
    given = " ".join(given.replace("\x00", "").split())[:MAX_NAME_CHARS]
    if Contact.objects.filter(pk=contact.pk).exclude(given_name=given).update(given_name=given):
        _changed(contact, by=by, request=request, fields=["given_name"])


@transaction.atomic
def speak(contact: Contact, *, language: str, by: User, request: HttpRequest | None = None) -> None:
    """The language this person is written to in."""
    if language and language not in LANGUAGES:
        raise FieldOdd(Kind.CHOICE)
    if Contact.objects.filter(pk=contact.pk).exclude(language=language).update(language=language):
        _changed(contact, by=by, request=request, fields=["language"])


@transaction.atomic
def label(contact: Contact, label: Label, *, on: bool, by: User, request: HttpRequest | None = None) -> None:
    """Put a label on this person, or take it off. Raises TooManyLabels"""
    if on == (label.pk in contact.labels):
        return
    if on:
        labels.put_on_contact(contact, label)
    else:
        labels.take_off_contact(contact, label)
    _changed(contact, by=by, request=request, fields=["labels"])


@transaction.atomic
def add_field(*, name: str, kind: Kind, choices: Sequence[str], by: User, request: HttpRequest | None = None) -> None:
    """A new field, last. Raises FieldNameTaken, TooManyFields, FieldOdd."""
    known = _known()
    if len(known) >= contact_fields.MOST_FIELDS:
        raise TooManyFields
    name = _free(name, known)
    key = contact_fields.new_key(name, taken=[one.key for one in known])
    _write([*known, ContactField(key, name, kind, _choices(kind, choices))], by=by, request=request)


@transaction.atomic
def change_field(key: str, *, name: str, choices: Sequence[str], by: User, request: HttpRequest | None = None) -> None:
    """Another name or other choices; kind and key stay. Raises FieldUnknown, FieldNameTaken, FieldOdd."""
    known = _known()
    old = _one(known, key)
    new = ContactField(
        key, _free(name, [one for one in known if one is not old]), old.kind, _choices(old.kind, choices)
    )
    _write([new if one is old else one for one in known], by=by, request=request)


@transaction.atomic
def move_field(key: str, *, steps: int, by: User, request: HttpRequest | None = None) -> None:
    """Up (negative) or down in the order of the card. Raises FieldUnknown."""
    known = _known()
    one = _one(known, key)
    here = known.index(one)
    known.remove(one)
    known.insert(min(max(here + steps, 0), len(known)), one)
    _write(known, by=by, request=request)


@transaction.atomic
def drop_field(key: str, *, by: User, request: HttpRequest | None = None) -> int:
    """Remove a field and what is written in it everywhere; tells of how many contacts. Raises FieldUnknown."""
    known = _known()
    old = _one(known, key)
    _write([one for one in known if one is not old], by=by, request=request)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE conversations_contact SET fields = fields - %s WHERE fields ? %s", [key, key])
        count: int = cursor.rowcount
    audit.record("contact_field.dropped", actor=by, request=request, name=old.name, count=count)
    return count


def _known() -> list[ContactField]:
    """The fields while nobody else changes them."""
    InboxSettings.objects.select_for_update().filter(pk=1).first()
    return fields()


def _one(known: Sequence[ContactField], key: str) -> ContactField:
    found = next((one for one in known if one.key == key), None)
    if found is None:
        raise FieldUnknown
    return found


def _free(name: str, others: Sequence[ContactField]) -> str:
    name = " ".join(name.replace("\x00", "").split())
    taken = any(one.name.casefold() == name.casefold() for one in others)
    if taken or not 1 <= len(name) <= contact_fields.MAX_NAME_CHARS:
        raise FieldNameTaken
    return name


def _choices(kind: Kind, choices: Sequence[str]) -> tuple[str, ...]:
    if kind != Kind.CHOICE:
        return ()
    plain = [" ".join(choice.split())[: contact_fields.MAX_CHARS[Kind.CHOICE]] for choice in choices]
    kept = tuple(dict.fromkeys(choice for choice in plain if choice))
    if not 1 <= len(kept) <= contact_fields.MOST_CHOICES:
        raise FieldOdd(Kind.CHOICE)
    return kept


def _write(known: Sequence[ContactField], *, by: User, request: HttpRequest | None) -> None:
    inbox_settings.change(by=by, request=request, contact_fields=[one.as_json() for one in known])


def _changed(contact: Contact, *, by: User, request: HttpRequest | None, fields: list[str]) -> None:
    audit.record("contact.changed", actor=by, subject=contact, request=request, fields=fields)
    events.record([events.Fact("contact.changed", contact.pk, timezone.now(), data={"fields": fields})])
    open_ones = Conversation.objects.open().filter(contact=contact)
    open_ones.update(version=F("version") + 1)
    ids = list(open_ones.values_list("pk", flat=True))
    summary.refresh(ids)
    hints.conversations_changed(ids)
