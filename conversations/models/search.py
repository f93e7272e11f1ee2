"""The search index of a company: apart from messages, whose rows change with every status."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from conversations.models.contact import Channel
from tenants.rows import CompanyRow


class SearchEntry(CompanyRow):
    """The words of one message or note. ``id`` is that row's own id; a removed message's entry goes with it."""

    class Kind(models.TextChoices):
        MESSAGE = "message"
        NOTE = "note"

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.MESSAGE)
    at = models.DateTimeField()
    words = SearchVectorField()

    def __str__(self) -> str:
        return str(self.pk)
