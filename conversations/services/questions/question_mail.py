"""Mails the questions to people at the client. Each leaves once: it is noted as gone before it goes.

A crash between the two costs the mail and never sends two; the thread shows that it left, and anybody can remind. A
mail server that is away is tried again for a day.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from conversations.models import ClientQuestion
from conversations.services.questions import questions
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
    given_up = Q(asked_at__lt=now - GIVE_UP) & (Q(reminded_at=None) | Q(reminded_at__lt=now - GIVE_UP))
    rows = list(waiting.exclude(given_up).order_by("asked_at")[:BATCH])
    if not rows:
        return True
    company, address = _company()
    sent = [_mail(row, company, address=address) for row in rows]
    return all(sent)


def _mail(question: ClientQuestion, company: ClientCompany, *, address: str) -> bool:
    """One mail; tells whether it left, or need not be tried again."""
    now = timezone.now()
    token = questions.token_of(question)
    still = ClientQuestion.objects.filter(pk=question.pk, mailed_at=None, answered_at=None, withdrawn_at=None)
    if not still.update(mailed_at=now, token_hash=questions.hash_of(token)):
        return True
    with (
        translation.override(questions.language_of(question) or company.language),
        timezone.override(company.time_zone),
    ):
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
