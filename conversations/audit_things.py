"""What entries of the audit trail are about, by name and with the way there, for those who may see it.

Each finder is one query for all ids of a page. What is set apart for cleared people has no name and no way for others.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model
from django.urls import reverse

from conversations import audit_fields, contact_fields
from conversations.models import (
    Alarm,
    Channel,
    ClientQuestion,
    Connecting,
    Contact,
    Conversation,
    InboxSettings,
    MediaFile,
    Message,
    PhoneNumber,
    Team,
)  # fmt: skip
from tenants.accounts.audit_things import Thing, register
from tenants.accounts.models import ApiKey, User
from tenants.accounts.roles import Permission

Ids = Collection[str]
Things = Mapping[str, Thing]


def register_all() -> None:
    """Once, when the app is loaded."""
    for kind, find in ((Contact, contacts), (Conversation, conversations), (Message, messages), (Channel, channels)):
        register(_kind(kind), find, of_contacts=True)
    register(_kind(ClientQuestion), questions, of_contacts=True)
    register(_kind(MediaFile), files, of_contacts=True)
    register(_kind(PhoneNumber), numbers)
    register(_kind(Alarm), alarms)
    register(_kind(Connecting), connectings)
    register(_kind(Team), teams)
    register(_kind(User), people)
    register(_kind(ApiKey), keys)
    register("contactfield", fields)


def _kind(model: type[Model]) -> str:
    return model.__name__.lower()


def contacts(ids: Ids, reader: User) -> Things:
    if not reader.may(Permission.CONTACT_VIEW):
        return {}
    return {str(one.pk): Thing(one.shown_name, _contact(one.pk)) for one in Contact.objects.filter(pk__in=ids)}


def channels(ids: Ids, reader: User) -> Things:
    """What a message was written to before there was a conversation: the contact."""
    if not reader.may(Permission.CONTACT_VIEW):
        return {}
    rows = Channel.objects.filter(pk__in=ids).select_related("contact")
    return {str(one.pk): Thing(one.contact.shown_name, _contact(one.contact_id)) for one in rows}


def conversations(ids: Ids, reader: User) -> Things:
    if not reader.may(Permission.INBOX_VIEW):
        return {}
    rows = Conversation.objects.visible_to(reader).filter(pk__in=ids).select_related("contact")
    return {str(one.pk): Thing(one.contact.shown_name, _thread(one.pk)) for one in rows}


def messages(ids: Ids, reader: User) -> Things:
    return {str(one.pk): _at_message(one) for one in _messages(reader).filter(pk__in=ids)}


def files(ids: Ids, reader: User) -> Things:
    return {str(one.media_id): _at_message(one) for one in _messages(reader).filter(media__in=ids)}


def questions(ids: Ids, reader: User) -> Things:
    if not reader.may(Permission.INBOX_VIEW):
        return {}
    seen = Conversation.objects.visible_to(reader)
    rows = ClientQuestion.objects.filter(pk__in=ids, conversation__in=seen)
    return {str(one.pk): Thing(one.to_name, _thread(one.conversation_id)) for one in rows}


def numbers(ids: Ids, reader: User) -> Things:
    rows = PhoneNumber.objects.filter(pk__in=ids)
    return {str(one.pk): _number(one, reader=reader) for one in rows}


def alarms(ids: Ids, reader: User) -> Things:
    rows = Alarm.objects.filter(pk__in=ids).exclude(phone_number=None).select_related("phone_number")
    return {str(one.pk): _number(one.phone_number, reader=reader) for one in rows}


def connectings(ids: Ids, reader: User) -> Things:
    rows = Connecting.objects.filter(pk__in=ids).exclude(number=None).select_related("number")
    return {str(one.pk): _number(one.number, reader=reader) for one in rows}


def teams(ids: Ids, reader: User) -> Things:
    way = reader.may(Permission.PEOPLE_MANAGE)
    rows = Team.objects.filter(pk__in=ids)
    return {str(one.pk): Thing(one.name, reverse("admin:team", args=[one.pk]) if way else "") for one in rows}


def people(ids: Ids, reader: User) -> Things:
    way = reader.may(Permission.PEOPLE_MANAGE)
    rows = User.objects.filter(pk__in=ids)
    return {str(one.pk): Thing(one.name, reverse("admin:person", args=[one.pk]) if way else "") for one in rows}


def keys(ids: Ids, reader: User) -> Things:
    way = reverse("admin:keys") if reader.may(Permission.API_KEYS_MANAGE) else ""
    return {str(one.pk): Thing(one.name, way) for one in ApiKey.objects.filter(pk__in=ids)}


def fields(ids: Ids, _reader: User) -> Things:
    """Fields of a contact's card: the product's own, and those that the company made, as it calls them now."""
    own = {one.key: one.name for one in contact_fields.fields_of(InboxSettings.load().contact_fields)}
    names = own | {name: str(label) for name, label in audit_fields.OF_CONTACTS.items()}
    return {key: Thing(names.get(key, key.replace("-", " "))) for key in ids}


def _messages(reader: User) -> Any:
    rows = Message.objects.select_related("conversation__contact")
    if not reader.may(Permission.INBOX_VIEW):
        return rows.none()
    return rows.filter(conversation__in=Conversation.objects.visible_to(reader))


def _at_message(row: Message) -> Thing:
    return Thing(row.conversation.contact.shown_name, f"{_thread(row.conversation_id)}?at={row.pk}")


def _number(row: PhoneNumber | None, *, reader: User) -> Thing:
    if row is None:
        return Thing("")
    way = reverse("numbers:overview", args=[row.pk]) if reader.may(Permission.NUMBERS_VIEW) else ""
    return Thing(row.display_number, way)


def _contact(pk: object) -> str:
    return reverse("conversations:contact_page", args=[pk])


def _thread(pk: object) -> str:
    return reverse("conversations:conversation", args=[pk])
