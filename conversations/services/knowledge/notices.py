"""Dated notices to everybody who answers, and who has read them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models import Notice, NoticeRead
from tenants.accounts.models import User
from tenants.errors import DomainError

MAX_TITLE_CHARS, MAX_BODY_CHARS = 120, 4096


class NoticeEndsFirst(DomainError):
    code = "notice_ends_first"
    http_status = 422
    user_message = _("A notice ends after it begins.")


def listed() -> QuerySet[Notice]:
    """All notices, newest first, with how many have read each."""
    rows = Notice.objects.select_related("written_by").annotate(readers=Count("reads"))
    return rows.order_by("-starts_at", "-id")


@transaction.atomic
def write(
    notice: Notice | None,
    *,
    title: str,
    body: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    urgent: bool,
    by: User,
) -> Notice:
    """A new notice, or another wording of one: whoever read the old words reads the new ones again.

    Raises  NoticeEndsFirst
    """
    starts_at = starts_at or (notice.starts_at if notice else timezone.now())
    if ends_at is not None and ends_at <= starts_at:
        raise NoticeEndsFirst
    if notice is not None and (notice.title, notice.body) != (title, body):
        NoticeRead.objects.filter(notice=notice).delete()
    notice = notice or Notice(written_by=by)
    notice.title, notice.body, notice.urgent = title[:MAX_TITLE_CHARS], body[:MAX_BODY_CHARS], urgent
    notice.starts_at, notice.ends_at = starts_at, ends_at
    notice.save()
    return notice


def end(notice: Notice) -> None:
    """From now on it no longer holds; twice is once."""
    now = timezone.now()
    running = Notice.objects.filter(pk=notice.pk).exclude(ends_at__lte=now)
    running.filter(starts_at__lt=now).update(ends_at=now)
    running.filter(starts_at__gte=now).delete()


def mark_read(notice: Notice, *, by: User) -> None:
    """Somebody says that she has read it; twice is once."""
    NoticeRead.objects.get_or_create(notice=notice, user=by)


def readers(notice: Notice) -> QuerySet[NoticeRead]:
    return NoticeRead.objects.filter(notice=notice).select_related("user").order_by("at")[:500]
