"""Verified changes for numbers nobody has yet."""

from django.db import models

from tenants.models.meta_app import MetaApp
from tenants.secrets import EncryptedTextField


class QuarantinedCall(models.Model):
    """A change that verified but belongs to no known number: encrypted, shown to nobody, kept 14 days.

    It is driven again when the number becomes known.
    """

    app = models.ForeignKey(MetaApp, on_delete=models.CASCADE, related_name="quarantined")
    phone_number_id = models.CharField(max_length=40, blank=True, db_index=True)
    waba_id = models.CharField(max_length=40, blank=True, db_index=True)
    field = models.CharField(max_length=60)
    entry_id = models.CharField(max_length=40, blank=True)
    entry_time = models.BigIntegerField(null=True, blank=True)
    body = EncryptedTextField()
    received_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.field} at {self.received_at}"
