"""Lets the company's real numbers work while an agreement is in force, and only then; sandbox numbers always do."""

from django.db import transaction
from django.utils import timezone

from conversations import hints
from conversations.models import PhoneNumber
from conversations.services import summary
from conversations.services.numbers import numbers
from tenants.accounts import audit

State = PhoneNumber.State
NO_AGREEMENT = "no_agreement"


@transaction.atomic
def follow(*, agreed: bool) -> list[PhoneNumber]:
    """Bring every real number in line with whether processing is agreed; gives those that changed.

    Without an agreement a number goes back to setup: what comes in stays in the journal, nothing leaves; one that was
    just connected stays there and says why. Numbers that the platform stopped stay stopped.
    """
    if not agreed:
        new = PhoneNumber.objects.filter(sandbox=False, state=State.SETUP, state_reason="")
        if new.update(state_reason=NO_AGREEMENT):
            summary.refresh()
    waits = [State.SETUP] if agreed else [State.LIVE, State.PAUSED]
    real = PhoneNumber.objects.select_for_update().filter(sandbox=False, state__in=waits)
    rows = list(real.exclude(state=State.SETUP, state_reason=numbers.CONNECTING).order_by("id"))
    for number in rows:
        if agreed:
            _open(number)
        else:
            _close(number)
    if rows:
        summary.refresh()
    return rows


def _open(number: PhoneNumber) -> None:
    numbers.go_live(number)
    audit.record("number.opened", subject=number)


def _close(number: PhoneNumber) -> None:
    number.state, number.state_reason, number.state_since = State.SETUP, NO_AGREEMENT, timezone.now()
    number.save(update_fields=["state", "state_reason", "state_since"])
    audit.record("number.closed", subject=number, ground=NO_AGREEMENT)
    hints.number_changed(number.pk)
