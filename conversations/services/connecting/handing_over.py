"""What a number shared with the phone app hands over: decided by a person, with the legal ground, before it asks."""

from collections.abc import Iterable

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import Connecting, NumberSync
from conversations.services.connecting import checks_going, path, running
from conversations.services.connecting.starting import NotOpen
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError

MAX_NOTE_CHARS = 150


class Ground(models.TextChoices):
    """Art. 6(1) GDPR."""

    CONTRACT = "contract", _("Contract: the people are customers, and what they agreed is carried out (Art. 6(1)(b))")
    INTEREST = "legitimate_interest", _("Legitimate interest, weighed against theirs (Art. 6(1)(f))")
    CONSENT = "consent", _("Consent of the people concerned (Art. 6(1)(a))")
    DUTY = "legal_obligation", _("Legal obligation of the business (Art. 6(1)(c))")


class GroundMissing(DomainError):
    code = "ground_missing"
    http_status = 422
    user_message = _("Choose the legal ground first: it is recorded before anything is asked for.")


class TooLate(DomainError):
    code = "handover_late"
    user_message = _("More than 24 hours have passed: WhatsApp hands nothing over any more.")


class Decided(DomainError):
    code = "handover_decided"
    user_message = _("This was decided already, and can be asked for once only.")


@transaction.atomic
def decide(connecting: Connecting, *, kinds: Iterable[str], ground: str, note: str, by: User | None) -> None:
    """Record what is taken over and why; a worker asks the phone for it then. No kinds: nothing is taken over.

    note    in one sentence what the ground rests on
    Raises  GroundMissing, TooLate, Decided, NotOpen
    """
    row = Connecting.objects.select_for_update(of=("self",)).get(pk=connecting.pk)
    if row.number_id is None or not path.stays_on_phone(row):
        raise NotOpen
    wanted = [kind for kind in NumberSync.Kind.values if kind in set(kinds)]
    if row.data.get("handover") or NumberSync.objects.filter(phone_number=row.number_id).exists():
        raise Decided
    if wanted and (ground not in Ground.values or not note.strip()):
        raise GroundMissing
    if wanted and checks_going.is_late(row):
        raise TooLate
    for kind in wanted:
        NumberSync.objects.create(
            phone_number_id=row.number_id,
            kind=kind,
            legal_basis=f"{ground}: {note.strip()}"[:200],
            asked_by=by.pk if by else None,
            asked_at=timezone.now(),
        )
    row.data = {**row.data, "handover": "asked" if wanted else "none", "again": ["handover"]}
    row.save(update_fields=["data", "changed_at"])
    audit.record("number.handover_decided", actor=by, subject=row.number, ground=ground if wanted else "", kinds=wanted)
    running.ask_for(row)
