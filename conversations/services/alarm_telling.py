"""Tells people about new alarms: one mail with all that is new, to the company's admins."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from conversations.models import Alarm
from tenants.accounts.models import User
from tenants.accounts.roles import Role

logger = logging.getLogger(__name__)
BATCH = 50


def tell() -> bool:
    """Mail what nobody was told of yet; tells whether all of it left. In the entered company, outside a transaction.

    Noted as told before the mails leave: a second mail about the same trouble is worse than a page that says it.
    """
    alarms = list(Alarm.objects.filter(told_at=None, closed_at=None).select_related("phone_number")[:BATCH])
    if not alarms:
        return True
    Alarm.objects.filter(pk__in=[alarm.pk for alarm in alarms]).update(told_at=timezone.now())
    for admin in User.objects.filter(role=Role.ADMIN, is_active=True):
        with translation.override(admin.language or settings.LANGUAGE_CODE):
            subject = render_to_string("conversations/mail/alarms_subject.txt", {"alarms": alarms}).strip()
            body = render_to_string("conversations/mail/alarms.txt", {"alarms": alarms, "person": admin})
        try:
            EmailMessage(subject, body, to=[admin.email]).send()
        except (SMTPException, OSError) as error:
            logger.warning("a mail about an alarm could not be sent: %s", type(error).__name__)
    return True
