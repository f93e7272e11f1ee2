"""Invitations: how an account begins. A link goes to the person's address; with it they set a password, once."""

import hashlib
import logging
import secrets
from datetime import timedelta
from smtplib import SMTPException

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tenants.accounts import audit
from tenants.accounts.errors import EmailOdd, InvitationGone, PasswordWeak
from tenants.accounts.models import Invitation, User
from tenants.addresses import address_of
from tenants.models import Agency, ClientCompany

logger = logging.getLogger(__name__)

LIFETIME = timedelta(days=7)
PATH = "/accounts/invitation/{token}/"


def checked_email(email: str) -> str:
    """The address in lower case; raises EmailOdd."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise EmailOdd from error
    return email


@transaction.atomic
def invite(user: User, *, side: Agency | ClientCompany, sent_by_name: str = "") -> str:
    """Send the person a link to begin with; earlier links of theirs end. Returns the link, which is not stored.

    side  whose pages the link leads to; call it in the schema of that side
    """
    now = timezone.now()
    Invitation.objects.filter(user=user, accepted_at=None, expires_at__gt=now).update(expires_at=now)
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(user=user, token_hash=_hash(token), sent_by_name=sent_by_name, expires_at=now + LIFETIME)
    audit.record("person.invited", subject=user)
    link = address_of(side) + PATH.format(token=token)
    mail = _mail(user, side=side, link=link, sent_by_name=sent_by_name)
    transaction.on_commit(lambda: _send(mail))
    return link


def is_waiting(user: User) -> bool:
    """Whether the person has a link that still works."""
    return Invitation.objects.filter(user=user, accepted_at=None, expires_at__gt=timezone.now()).exists()


def find(token: str) -> Invitation | None:
    """The invitation that this link is, if it still works in the schema we are in."""
    waiting = Invitation.objects.select_related("user").filter(accepted_at=None, expires_at__gt=timezone.now())
    return waiting.filter(token_hash=_hash(token), user__is_active=True).first()


@transaction.atomic
def accept(token: str, *, password: str, name: str = "") -> User:
    """Set the password, note the address as the person's own, and end the link.

    Raises  InvitationGone, PasswordWeak
    """
    invitation = find(token)
    if invitation is None:
        raise InvitationGone
    user = invitation.user
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordWeak(error.messages) from error
    used = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=timezone.now())
    if not used:  # the same link in another tab
        raise InvitationGone
    user.set_password(password)
    user.name = name.strip() or user.name
    user.save(update_fields=["password", "name"])
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    audit.record("invitation.accepted", actor=user, subject=user)
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mail(user: User, *, side: Agency | ClientCompany, link: str, sent_by_name: str) -> EmailMessage:
    agency = side if isinstance(side, Agency) else side.agency
    context = {"user": user, "side": side, "link": link, "sent_by_name": sent_by_name, "days": LIFETIME.days}
    with translation.override(user.language or side.language):
        subject = render_to_string("accounts/mail/invitation_subject.txt", context).strip()
        body = render_to_string("accounts/mail/invitation.txt", context)
    return EmailMessage(subject, body, agency.mail_sender or settings.DEFAULT_FROM_EMAIL, [user.email])


def _send(mail: EmailMessage) -> None:
    """A mail server that is away costs the mail, not the account: the link can be sent again."""
    try:
        mail.send()
    except (OSError, SMTPException) as error:
        logger.error("an invitation could not be mailed: %s", type(error).__name__)
