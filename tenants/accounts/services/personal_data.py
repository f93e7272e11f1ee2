"""How sessions, links to sign in and the audit trail leave when their time is up, on either side."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from allauth.account.models import EmailConfirmation
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from tenants.accounts import audit_chain
from tenants.accounts.models import AuditEntry, HandOver, Invitation
from tenants.expiry import Keeper


class Sessions(Keeper):
    name = "sessions"

    def due(self, cut_off: datetime) -> QuerySet[Session]:
        return Session.objects.filter(expire_date__lt=cut_off)


class Invitations(Keeper):
    name = "invitations"

    def due(self, cut_off: datetime) -> QuerySet[Invitation]:
        return Invitation.objects.filter(Q(accepted_at__lt=cut_off) | Q(accepted_at=None, expires_at__lt=cut_off))


class HandOvers(Keeper):
    name = "hand_overs"

    def due(self, cut_off: datetime) -> QuerySet[HandOver]:
        return HandOver.objects.filter(created_at__lt=cut_off)


class Confirmations(Keeper):
    name = "confirmations"

    def due(self, cut_off: datetime) -> QuerySet[Any]:
        found: QuerySet[Any] = EmailConfirmation.objects.filter(created__lt=cut_off)
        return found


class AuditTrail(Keeper):
    """The oldest entries, without a gap; the chain goes on from an entry that says where it was cut."""

    name = "audit"

    def due(self, cut_off: datetime) -> QuerySet[AuditEntry]:
        stays = AuditEntry.objects.filter(at__gte=cut_off).order_by("sequence").values_list("sequence", flat=True)
        first = stays.first()
        old = AuditEntry.objects.filter(at__lt=cut_off).order_by("sequence")
        return old if first is None else old.filter(sequence__lt=first)

    def find(self, cut_off: datetime, *, limit: int, without: Collection[Any] = ()) -> list[Any]:
        return list(self.due(cut_off).values_list("sequence", flat=True)[:limit])

    def let_go(self, keys: Sequence[Any], *, cut_off: datetime) -> int:
        return audit_chain.prune(up_to=max(keys)) if keys else 0


SIGN_IN: tuple[Keeper, ...] = (Sessions(), Invitations(), HandOvers(), Confirmations())
