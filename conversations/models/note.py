"""What we wrote to each other about a conversation, and whom it called."""

from django.conf import settings
from django.db import models

from conversations.models.contact import Channel
from conversations.models.conversation import Conversation
from tenants.rows import CompanyRow


class Note(CompanyRow):
    """What colleagues write to each other in a thread; the contact never sees it.

    ``signed`` is the name of somebody at the client who answered a question and has no account here.
    ``client_token`` is the page's own id of what was written: pressed twice it is one note.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="notes")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    signed = models.CharField(max_length=80, blank=True, default="", db_default="")
    body = models.TextField(max_length=4096)
    at = models.DateTimeField()
    client_token = models.CharField(max_length=120, null=True, blank=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["channel", "-at"], name="note_of_channel")]

    def __str__(self) -> str:
        return str(self.pk)


class Mention(CompanyRow):
    """A colleague named in a note; unseen until she opens the conversation."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="mentions")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="mention_once")]
        indexes = [models.Index(fields=["user", "-at"], name="mention_of_user")]

    def __str__(self) -> str:
        return str(self.note_id)
