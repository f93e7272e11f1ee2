"""Mails to people: in their language and in the time of the company they are about, from the agency's address."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tenants.models import ClientCompany

logger = logging.getLogger(__name__)


def send(template: str, context: dict[str, Any], *, to: str, language: str, company: ClientCompany) -> bool:
    """Send one mail now; tells whether the mail server took it.

    template  without its ending: ``app/mail/name`` has its text in ``name.txt`` and its subject in ``name_subject.txt``
    company   with its agency; stands in the context by that name
    """
    context = {"company": company} | context
    with translation.override(language), timezone.override(company.time_zone):
        subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
        body = render_to_string(f"{template}.txt", context)
    sender = company.agency.mail_sender or settings.DEFAULT_FROM_EMAIL
    try:
        EmailMessage(subject, body, sender, [to]).send()
    except (SMTPException, OSError) as error:
        logger.warning("%s could not be mailed: %s", template, type(error).__name__)
        return False
    return True
