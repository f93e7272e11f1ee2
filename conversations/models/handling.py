"""What people do with a conversation beside answering: follow it, begin an answer, ask the client, keep a promise."""

from django.conf import settings
from django.db import models

from conversations.models.conversation import Conversation
from conversations.models.note import Note
from conversations.models.words import Intent
from tenants.rows import CompanyRow


class ConversationFollower(CompanyRow):
    """Somebody who wants to know what happens in a conversation that others answer."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="followers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followed")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "user"], name="conversationfollower_once")]
        indexes = [models.Index(fields=["user"], name="conversationfollower_of_user")]

    def __str__(self) -> str:
        return str(self.conversation_id)


class Draft(CompanyRow):
    """What somebody has written in a conversation and not sent: kept on the server, one per person and mode."""

    class Mode(models.TextChoices):
        REPLY = "reply"
        NOTE = "note"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    mode = models.CharField(max_length=5, choices=Mode, default=Mode.REPLY)
    body = models.TextField(max_length=8192)
    quoting = models.UUIDField(null=True, blank=True, help_text="Message.id it answers")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "user", "mode"], name="draft_once")]
        indexes = [models.Index(fields=["user"], name="draft_of_user")]

    def __str__(self) -> str:
        return str(self.conversation_id)


class ClientQuestion(CompanyRow):
    """A question to somebody at the client without a seat: asked by mail, answered by a link, returned as a note.

    Only a hash of the link's token is kept.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="questions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    to_name = models.CharField(max_length=80)
    to_email = models.EmailField()
    body = models.TextField(max_length=4096)
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    answer = models.ForeignKey(Note, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["conversation", "-asked_at"], name="clientquestion_of_thread")]

    def __str__(self) -> str:
        return str(self.pk)


class PromiseRecord(CompanyRow):
    """What became of one response promise: who waited from when, until when an answer was promised, when it came."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="promises")
    waiting_since = models.DateTimeField()
    due_at = models.DateTimeField()
    intent = models.ForeignKey(Intent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    warned_at = models.DateTimeField(null=True, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "waiting_since"], name="promiserecord_once_per_wait")
        ]
        indexes = [models.Index(fields=["-due_at"], name="promiserecord_due")]

    def __str__(self) -> str:
        return str(self.conversation_id)
