"""Stop notices: a company's own words that a number can no longer be used, shown to everybody on its contact page."""

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import InboxSettings, NumberNews, PhoneNumber
from conversations.services.numbers import number_news
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError

MAX_CHARS = 2_000
PUBLISHED, WITHDRAWN = "notice_published", "notice_withdrawn"
ACTIONS = {PUBLISHED: "number.notice_published", WITHDRAWN: "number.notice_withdrawn"}
SOURCE = "person"


class NoticeEmpty(DomainError):
    code = "notice_empty"
    http_status = 422
    user_message = _("Write the notice in at least one language.")


def is_published(number: PhoneNumber) -> bool:
    """Whether everybody sees a stop notice about this number now."""
    return bool(number.stop_notice.get("published_at"))


@transaction.atomic
def publish(
    number: PhoneNumber, *, texts: dict[str, str], on: date, by: User, request: HttpRequest | None = None
) -> PhoneNumber:
    """Show these words, by language, to everybody; switches the contact page on. Once more replaces them.

    on  from which day the number cannot be used, as the notice says it
    Raises  NoticeEmpty
    """
    kept = {language: text.strip()[:MAX_CHARS] for language, text in texts.items() if text.strip()}
    if not kept:
        raise NoticeEmpty
    now = timezone.now()
    notice = {"texts": kept, "on": on.isoformat(), "published_at": now.isoformat(timespec="seconds")}
    return _set(number, notice, word=PUBLISHED, by=by, request=request)


@transaction.atomic
def withdraw(number: PhoneNumber, *, by: User, request: HttpRequest | None = None) -> PhoneNumber:
    """Show the notice no longer; its words stay, for the next time. Twice is once."""
    if not is_published(number):
        return number
    return _set(number, {**number.stop_notice, "published_at": None}, word=WITHDRAWN, by=by, request=request)


def _set(
    number: PhoneNumber, notice: dict[str, Any], *, word: str, by: User, request: HttpRequest | None
) -> PhoneNumber:
    number = PhoneNumber.objects.select_for_update().get(pk=number.pk)
    number.stop_notice = notice
    number.save(update_fields=["stop_notice"])
    if word == PUBLISHED:
        InboxSettings.objects.update_or_create(pk=1, defaults={"public_page": True})
    number_news.note(number, NumberNews.Kind.PROFILE, after=word, at=timezone.now(), source=SOURCE)
    audit.record(ACTIONS[word], actor=by, subject=number, request=request)
    return number
