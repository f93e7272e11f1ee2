"""How old agreements and old proofs of deletion leave."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from privacy.models import DataProcessingAgreement, RetentionRun
from privacy.services import agreement_files
from tenants.expiry import Cleared, Keeper

Status = DataProcessingAgreement.Status


class Agreements(Keeper):
    """Agreements that ended long ago: the signed file first, then the record."""

    name = "agreements"

    def due(self, cut_off: datetime) -> QuerySet[DataProcessingAgreement]:
        over = DataProcessingAgreement.objects.filter(status__in=[Status.SUPERSEDED, Status.ENDED])
        return over.filter(ends_on__lt=timezone.localdate(cut_off))

    def clear_files(self, keys: Sequence[Any]) -> Cleared:
        cleared = Cleared()
        for agreement in DataProcessingAgreement.objects.filter(pk__in=keys):
            try:
                agreement_files.discard(agreement.file_key)
            except Exception as error:  # whatever a storage raises, the others go on
                cleared.stuck.add(agreement.pk)
                cleared.errors.append(type(error).__name__)
            else:
                cleared.bytes += agreement.file_size
        return cleared

    def let_go(self, keys: Sequence[Any], *, cut_off: datetime) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('balie.pruning', 'on', true)")
            gone = super().let_go(keys, cut_off=cut_off)
            cursor.execute("SELECT set_config('balie.pruning', 'off', true)")
        return gone


class Runs(Keeper):
    name = "runs"

    def due(self, cut_off: datetime) -> QuerySet[RetentionRun]:
        return RetentionRun.objects.filter(started_at__lt=cut_off).exclude(state=RetentionRun.State.RUNNING)
