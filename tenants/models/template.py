"""The DDL of an empty company, kept per release."""

from django.db import models


class SchemaTemplate(models.Model):
    """What a new company's schema is made of: the dump of a migrated template, under the state of the migrations."""

    fingerprint = models.CharField(primary_key=True, max_length=64)
    sql = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.fingerprint
