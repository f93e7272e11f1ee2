"""How conversations that are set apart leave: sooner than others, since special data is in them (R-S13, R-S15).

Explicit consent of the person that is in force lets them stay as long as other conversations.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from conversations.models import (
    ConsentRecord,
    ConversationEvent,
    Draft,
    MediaFile,
    Message,
    Note,
    PromiseRecord,
    SensitiveFinding,
)
from conversations.services import personal_data
from conversations.services.contacts import special_consent
from conversations.services.contacts.consent import Event

IN_FORCE = (Event.GIVEN, Event.CONFIRMED)


class SpecialFiles(personal_data.Files):
    """Files that came in or went out there, from when they did, whether it is closed or not."""

    def due(self, cut_off: datetime) -> QuerySet[MediaFile]:
        there = Message.objects.filter(_set_apart(), media=OuterRef("pk"))
        on_cards = Message.objects.filter(_set_apart(), pk=OuterRef("card_of_id"))
        return super().due(cut_off).filter(Exists(there) | Exists(on_cards))


class SpecialMessages(personal_data.Messages):
    def due(self, cut_off: datetime) -> QuerySet[Message]:
        return super().due(cut_off).filter(_set_apart())


class SpecialDrafts(personal_data.Drafts):
    def due(self, cut_off: datetime) -> QuerySet[Draft]:
        return super().due(cut_off).filter(_set_apart())


class SpecialFindings(personal_data.Findings):
    def due(self, cut_off: datetime) -> QuerySet[SensitiveFinding]:
        return super().due(cut_off).filter(_set_apart())


class SpecialNotes(personal_data.Notes):
    def due(self, cut_off: datetime) -> QuerySet[Note]:
        return super().due(cut_off).filter(_set_apart())


class SpecialPromises(personal_data.Promises):
    def due(self, cut_off: datetime) -> QuerySet[PromiseRecord]:
        return super().due(cut_off).filter(_set_apart())


class SpecialEvents(personal_data.Events):
    def due(self, cut_off: datetime) -> QuerySet[ConversationEvent]:
        return super().due(cut_off).filter(_set_apart())


KEEPERS = (
    SpecialFiles(),
    SpecialMessages(),
    SpecialDrafts(),
    SpecialFindings(),
    SpecialNotes(),
    SpecialPromises(),
    SpecialEvents(),
)


def _set_apart() -> Q:
    """Rows of sensitive conversations whose person gave no explicit consent that holds now; the last word counts."""
    said = ConsentRecord.objects.filter(purpose=special_consent.PURPOSE).exclude(event=Event.REQUESTED)
    last = said.order_by("contact", "-occurred_at", "-id").distinct("contact").values("pk")
    agreed = ConsentRecord.objects.filter(pk__in=last, event__in=IN_FORCE)
    return Q(conversation__sensitive=True) & ~Q(conversation__contact__in=agreed.values("contact"))
