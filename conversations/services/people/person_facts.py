"""What the company notes of somebody who answers: languages, skills, how much at once, and whether she is cleared.

Of a certificate only that it was seen is kept: when, by whom, its profile, until when. Never a copy or its number.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations import hints
from conversations.services.people import duty_marks, teams
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError


class ClearanceOdd(DomainError):
    code = "clearance_odd"
    http_status = 422
    user_message = _("A certificate is seen today or earlier, and is to be shown again later than that.")


class KeptByAgency(DomainError):
    code = "kept_by_agency"
    user_message = _("The agency notes the clearance of its own people.")


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody answers. ``capacity`` 0: as the company says."""

    languages: list[str]
    skills: list[str]
    capacity: int


@dataclass(frozen=True, slots=True)
class Clearance:
    """What was shown. No day: nothing, or it is withdrawn."""

    seen_on: date | None
    until: date | None
    kind: str
    nda_signed_on: date | None


@transaction.atomic
def change_answers(user: User, given: Answers, *, by: User, request: HttpRequest | None = None) -> None:
    """Write what somebody answers; agency staff's capacity is the agency's and stays."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    fields = ["languages", "skills"] + ([] if user.staff_id else ["capacity"])
    changed = [name for name in fields if getattr(user, name) != getattr(given, name)]
    if not changed:
        return
    for name in fields:
        setattr(user, name, getattr(given, name))
    user.save(update_fields=fields)
    audit.record("person.duty_changed", actor=by, subject=user, request=request, fields=changed)
    duty_marks.here(duty_marks.ASSIGN)
    hints.people_changed([user.pk])


@transaction.atomic
def change_clearance(user: User, given: Clearance, *, by: User, request: HttpRequest | None = None) -> None:
    """Note or withdraw a clearance; teams that were cleared as a whole with her are no longer, when it is withdrawn.

    Raises  ClearanceOdd, KeptByAgency
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _check(user, given)
    before = _told(user)
    seen_anew = given.seen_on is not None and (user.cleared_on, user.clearance_kind) != (given.seen_on, given.kind)
    user.cleared_on, user.cleared_until = given.seen_on, given.until if given.seen_on else None
    user.clearance_kind, user.nda_signed_on = given.kind if given.seen_on else "", given.nda_signed_on
    user.cleared_by = (by.name if seen_anew else user.cleared_by) if given.seen_on else ""
    after = _told(user)
    if before == after:
        return
    user.save(update_fields=["cleared_on", "cleared_until", "clearance_kind", "cleared_by", "nda_signed_on"])
    audit.record("person.clearance_changed", actor=by, subject=user, request=request, before=before, after=after)
    teams.drop_lapsed()
    duty_marks.here(duty_marks.ASSIGN, duty_marks.DUTY)
    hints.people_changed([user.pk])


def _check(user: User, given: Clearance) -> None:
    if user.is_staff_of_agency:
        raise KeptByAgency
    today = timezone.localdate()
    if given.seen_on and (given.seen_on > today or (given.until and given.until <= given.seen_on)):
        raise ClearanceOdd
    if given.nda_signed_on and given.nda_signed_on > today:
        raise ClearanceOdd


def _told(user: User) -> str:
    """The facts of a clearance as the trail keeps them."""
    parts = [
        f"{name} {value}"
        for name, value in (
            ("seen", user.cleared_on),
            ("until", user.cleared_until),
            ("kind", user.clearance_kind),
            ("nda", user.nda_signed_on),
        )
        if value
    ]
    return ", ".join(parts) or "none"
