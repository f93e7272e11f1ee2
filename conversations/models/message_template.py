"""Texts the platform approved, and those that may become such."""

from django.db import models
from django.db.models import Value

from conversations.models.media import MediaFile
from tenants.rows import CompanyRow


class MessageTemplate(CompanyRow):
    """One message template in one language, as the platform last described it. Only APPROVED ones send.

    ``status`` is the platform's own word, or DRAFT for one that was never submitted. ``edits`` are the times at which
    an approved one was edited, since the platform allows one a day and ten in thirty days. ``draft`` is what somebody
    writes and has not submitted yet, as the form shows it (``whatsapp.template_rules.Sketch``); what can be sent stays
    in ``components`` meanwhile. ``asked`` is what the worker is to do at the platform and has not done yet.
    """

    DRAFT = "DRAFT"

    class Ask(models.TextChoices):
        SUBMIT = "submit"
        EDIT = "edit"
        DELETE = "delete"
        DELETE_ALL = "delete_all"
        UNPAUSE = "unpause"
        ARCHIVE = "archive"
        UNARCHIVE = "unarchive"

    waba_id = models.CharField(max_length=40)
    template_id = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=10)
    category = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    status_at = models.DateTimeField(null=True, blank=True)
    components = models.JSONField(default=list)
    parameter_format = models.CharField(max_length=12, default="POSITIONAL")
    quality = models.CharField(max_length=10, blank=True)
    rejected_reason = models.CharField(max_length=40, blank=True)
    reason_details = models.TextField(blank=True, default="", db_default="", help_text="What the platform advises")
    correct_category = models.CharField(
        max_length=20, blank=True, default="", db_default="", help_text="It will become this one"
    )
    paused_until = models.DateTimeField(null=True, blank=True)
    ttl_seconds = models.PositiveIntegerField(null=True, blank=True)
    header_file = models.ForeignKey(MediaFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    edits = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True)
    refusal = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        blank=True,
        help_text="Why the platform did not take the last submission",
    )
    draft = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        blank=True,
        help_text="What is being written, as typed",
    )
    asked = models.CharField(max_length=12, choices=Ask, blank=True, default="", db_default="")
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by_id = models.UUIDField(null=True, blank=True, help_text="User.id")
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To the hour")
    author_id = models.UUIDField(null=True, blank=True, help_text="User.id of who wrote it here")
    submitted_at = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["waba_id", "name", "language"], name="messagetemplate_once_per_language"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class TemplateNews(CompanyRow):
    """One thing that changed about a template, as a webhook or the list told: status, quality, category, components."""

    class Kind(models.TextChoices):
        STATUS = "status"
        QUALITY = "quality"
        CATEGORY = "category"
        COMPONENTS = "components"

    template = models.ForeignKey(MessageTemplate, on_delete=models.CASCADE, related_name="news")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True, default="")
    source = models.CharField(max_length=12, default="webhook")

    class Meta:
        indexes = [models.Index(fields=["template", "-at", "-id"], name="templatenews_of_template")]

    def __str__(self) -> str:
        return self.kind
