"""The base of every row that stands in a company's schema."""

from django.db import models

from tenants.ids import uuid7


class CompanyRow(models.Model):
    """A row with a time-ordered id that is unique across all schemas."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True
