"""The words a company sorts and answers with: labels, intents, quick replies, saved views of the queue."""

from urllib.parse import parse_qsl

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from tenants.rows import CompanyRow


class Label(CompanyRow):
    """A word on conversations and contacts. ``hue`` is one of the 24 prepared colours."""

    name = models.CharField(max_length=40, unique=True)
    hue = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(24)])
    retired_at = models.DateTimeField(null=True, blank=True, help_text="Still shown where it stands, not offered")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Intent(CompanyRow):
    """What somebody wants: decides the response promise, and who should answer."""

    name = models.CharField(max_length=60, unique=True)
    response_minutes = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="Business minutes; null: as the company"
    )
    skill = models.CharField(max_length=40, blank=True, help_text="What its answerer must know")
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class QuickReply(CompanyRow):
    """A text by a word after a slash. ``owner`` null: shared by the company; else one's own.

    ``texts`` holds one text per language. Placeholders stand in double braces: ``{{contact.name}}``,
    ``{{agent.name}}``, ``{{company.name}}``, ``{{field.order}}``.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="quick_replies"
    )
    shortcut = models.CharField(max_length=30)
    title = models.CharField(max_length=80)
    texts = models.JSONField(default=dict)
    used = models.PositiveIntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "shortcut"], name="quickreply_once_per_owner", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.shortcut


class SavedView(CompanyRow):
    """Filters and a sort of the queue under a name. ``owner`` null: for everybody in the company."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, help_text="The address's query, as the queue reads it")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="savedview_once_per_owner", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return self.name

    def as_query(self) -> dict[str, str]:
        """The parts of its address."""
        return dict(parse_qsl(self.query))


class Notice(CompanyRow):
    """Something everybody who answers must know for a while: dated, with a mark of who read it."""

    title = models.CharField(max_length=120)
    body = models.TextField(max_length=4096)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    urgent = models.BooleanField(default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["-starts_at"], name="notice_recent")]

    def __str__(self) -> str:
        return self.title


class NoticeRead(CompanyRow):
    """Who read a notice, and when."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "user"], name="noticeread_once")]

    def __str__(self) -> str:
        return str(self.notice_id)


class Article(CompanyRow):
    """A piece of what the company knows, found while answering and put into the composer."""

    title = models.CharField(max_length=160)
    body = models.TextField(max_length=20_000)
    language = models.CharField(max_length=5, blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    url = models.URLField(blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title
