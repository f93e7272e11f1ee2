"""One click from the agency's host into a client's inbox, under a grant."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.accounts.models import HandOver, User
from tenants.accounts.services import conditions, entrances
from tenants.context import in_public, inside, schema_of
from tenants.errors import DomainError
from tenants.models import ClientCompany, StaffGrant

LIFETIME = timedelta(minutes=1)
KEEP = timedelta(days=1)


class NoGrant(DomainError):
    code = "no_grant"
    http_status = 404
    user_message = _("You have no access to this client.")


class TokenSpent(DomainError):
    code = "token_spent"
    http_status = 403
    user_message = _("This link was used or is older than a minute. Go back to your clients and open the client again.")


def mint(staff: User, *, company: ClientCompany, session_key: str) -> str:
    """A token with which this person enters the company's side.

    session_key  the agency's session she comes from: what is opened with the token ends with it
    Raises  NoGrant without a grant in force, ConditionsUnmet when the client asks for more
    """
    grant = conditions.check_entry(staff.pk, company_id=company.pk)
    if grant is None or not staff.is_active:
        raise NoGrant
    token = secrets.token_urlsafe(32)
    with inside(schema_of(company.pk)), transaction.atomic():
        user = User.objects.filter(staff_id=staff.pk, is_active=True).first()
        if user is None:
            raise NoGrant
        now = timezone.now()
        HandOver.objects.filter(created_at__lt=now - KEEP).delete()
        made = HandOver.objects.create(user=user, token_hash=_hash(token), grant_id=grant.pk, created_at=now)
        entrances.record(made.pk, staff=staff, company_id=company.pk, session_key=session_key)
    return token


def redeem(token: str) -> HandOver:
    """Whom of the entered company the token lets in (``user``); it works once. Raises TokenSpent."""
    now = timezone.now()
    fresh = HandOver.objects.filter(token_hash=_hash(token), used_at=None, created_at__gt=now - LIFETIME)
    if not fresh.update(used_at=now):
        raise TokenSpent
    hand_over = HandOver.objects.select_related("user").get(token_hash=_hash(token))
    with in_public():
        still = StaffGrant.objects.in_force().filter(pk=hand_over.grant_id).exists()
    if not still or not hand_over.user.is_active:
        raise TokenSpent
    return hand_over


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
