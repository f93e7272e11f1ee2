"""Mails the questions to people at the client. Each leaves once: it is noted as gone before it goes.

A crash between the two costs the mail and never sends two; the thread shows that it left, and anybody can remind. A
mail server that is away is tried again for a day.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from conversations.models import ClientQuestion
from conversations.services.questions import questions
from tenants.addresses import address_of
from tenants.context import in_public
from tenants.models import ClientCompany
from tenants.services import companies, mails

MAIL = "conversations/mail/question"
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
    company = companies.entered()
    with in_public():
        address = address_of(company)
    sent = [_mail(row, company, address=address) for row in rows]
    return all(sent)


def _mail(question: ClientQuestion, company: ClientCompany, *, address: str) -> bool:
    """One mail; tells whether it left, or need not be tried again."""
    now = timezone.now()
    token = questions.token_of(question)
    still = ClientQuestion.objects.filter(pk=question.pk, mailed_at=None, answered_at=None, withdrawn_at=None)
    if not still.update(mailed_at=now, token_hash=questions.hash_of(token)):
        return True
    context = {"question": question, "link": f"{address}/answer/{token}/"}
    language = questions.language_of(question) or company.language
    sent = mails.send(MAIL, context, to=question.to_email, language=language, company=company)
    if not sent:
        ClientQuestion.objects.filter(pk=question.pk, mailed_at=now).update(mailed_at=None)
    return sent
