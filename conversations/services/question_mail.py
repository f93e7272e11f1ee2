"""Mails the questions to people at the client. Each leaves once: it is noted as gone before it goes.

A crash between the two costs the mail and never sends two; the thread shows that it left, and anybody can remind. A
mail server that is away is tried again for a day.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from conversations.models import ClientQuestion, InboxSettings
from conversations.services import questions
from tenants.addresses import address_of
from tenants.context import company_id_of, current_schema, in_public
from tenants.models import ClientCompany

logger = logging.getLogger(__name__)
BATCH = 500
GIVE_UP = timedelta(days=1)


def send_due(_about: str = "") -> bool:
    """Mail every open question that has not left; tells whether all did. In the entered company, no transaction."""
    now = timezone.now()
    waiting = ClientQuestion.objects.filter(mailed_at=None, answered_at=None, withdrawn_at=None, expires_at__gt=now)
    rows = list(waiting.order_by("asked_at")[:BATCH])
    if not rows:
        return True
    company, address = _company()
    languages = _languages()
    sent = [_mail(row, company, address=address, language=languages.get(row.to_email, "")) for row in rows]
    return all(sent)


def _mail(question: ClientQuestion, company: ClientCompany, *, address: str, language: str) -> bool:
    """One mail; tells whether it left, or need not be tried again."""
    now = timezone.now()
    if max(question.asked_at, question.reminded_at or question.asked_at) < now - GIVE_UP:
        return True
    token = questions.token_of(question)
    still = ClientQuestion.objects.filter(pk=question.pk, mailed_at=None, answered_at=None, withdrawn_at=None)
    if not still.update(mailed_at=now, token_hash=questions.hash_of(token)):
        return True
    with translation.override(language or company.language), timezone.override(company.time_zone):
        context = {"question": question, "company": company, "link": f"{address}/answer/{token}/"}
        subject = " ".join(render_to_string("conversations/mail/question_subject.txt", context).split())
        body = render_to_string("conversations/mail/question.txt", context)
    sender = company.agency.mail_sender or None
    try:
        EmailMessage(subject, body, sender, [question.to_email]).send()
    except (SMTPException, OSError) as error:
        logger.warning("a question could not be mailed: %s", type(error).__name__)
        ClientQuestion.objects.filter(pk=question.pk, mailed_at=now).update(mailed_at=None)
        return False
    return True


def _company() -> tuple[ClientCompany, str]:
    company_id = company_id_of(current_schema())
    with in_public():
        company = ClientCompany.objects.select_related("agency").get(pk=company_id)
        return company, address_of(company)


def _languages() -> dict[str, str]:
    """The language of those people at the client of whom the company said one."""
    people = InboxSettings.load().client_people
    return {str(one.get("email", "")).lower(): str(one.get("language", "")) for one in people if isinstance(one, dict)}
