"""The search index of a company: apart from messages, whose rows change with every status."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from conversations.models.contact import Channel
from tenants.rows import CompanyRow


class SearchEntry(CompanyRow):
    """The words of one message or note. ``id`` is that row's own id, and the entry leaves with the row.

    ``words`` holds stems of Dutch, German and English and the plain words, without accents and without what is masked;
    runs of digits as one; and one word for the week (``w2026-47``), so that a search can go back week by week.
    """

    class Kind(models.TextChoices):
        MESSAGE = "message"
        NOTE = "note"

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.MESSAGE)
    at = models.DateTimeField()
    words = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="searchentry_words"),
            models.Index(fields=["channel", "-at"], name="searchentry_of_channel"),
            models.Index(fields=["at"], name="searchentry_at"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SearchTodo(models.Model):
    """A message or note whose words are not in the index yet; written by triggers, so no way in can forget it."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=7, choices=SearchEntry.Kind)

    def __str__(self) -> str:
        return str(self.pk)
