"""How far the phone's hand-over of history and address book is. Who asked for it and why was written down before."""

from django.db.models import F, Q, Value
from django.db.models.functions import Greatest

from conversations.models import NumberSync, PhoneNumber

COMPLETE = 100
MAX_PHASE = 9


def has_basis(number: PhoneNumber, kind: NumberSync.Kind) -> bool:
    """Whether somebody recorded why this may be taken over."""
    return NumberSync.objects.filter(phone_number=number, kind=kind).exclude(legal_basis="").exists()


def went_on(
    number: PhoneNumber, kind: NumberSync.Kind, *, taken_in: int, phase: int | None = None, progress: int | None = None
) -> None:
    """Another part was taken in; parts come in any order, so the furthest one tells."""
    done = min(max(progress or 0, 0), COMPLETE)
    rows = NumberSync.objects.filter(phone_number=number, kind=kind)
    rows.update(
        taken_in=F("taken_in") + taken_in,
        phase=Greatest(F("phase"), Value(min(max(phase or 0, 0), MAX_PHASE))),
        progress=Greatest(F("progress"), Value(done)),
        error_code=None,
    )
    rows.filter(progress__gte=COMPLETE).update(state=NumberSync.State.DONE)
    rows.filter(~Q(state=NumberSync.State.DONE), progress__lt=COMPLETE).update(state=NumberSync.State.RUNNING)


def refused(number: PhoneNumber, kind: NumberSync.Kind, *, code: int | None) -> None:
    """The owner does not share it."""
    NumberSync.objects.filter(phone_number=number, kind=kind).update(state=NumberSync.State.REFUSED, error_code=code)
