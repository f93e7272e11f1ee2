"""How facts and kept answers leave when their time is up."""

from datetime import datetime

from django.db.models import QuerySet

from conversations.integrations.models import Event, IdempotencyRecord
from tenants.expiry import Keeper


class Facts(Keeper):
    name = "facts"

    def due(self, cut_off: datetime) -> QuerySet[Event]:
        return Event.objects.filter(at__lt=cut_off)


class Answers(Keeper):
    name = "answers"

    def due(self, cut_off: datetime) -> QuerySet[IdempotencyRecord]:
        return IdempotencyRecord.objects.filter(created_at__lt=cut_off)
