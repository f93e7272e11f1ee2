"""What integrators rely on: facts in order, and the same answer to the same request."""

from django.db import models

from tenants.rows import CompanyRow


class CurrentTransaction(models.Func):
    """The 64-bit id of the running transaction."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class Event(models.Model):
    """One fact for others, written in the transaction that made it true; read by cursor, pulled by billing.

    ``transaction_id`` is PostgreSQL's xid8 of the writer. A reader takes only rows older than every running
    transaction, so that a cursor never passes a row that commits late. ``data`` holds ids and states, no content.
    """

    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    conversation_id = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    transaction_id = models.BigIntegerField(editable=False, db_default=CurrentTransaction())

    class Meta:
        indexes = [models.Index(fields=["at"], name="event_at")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class IdempotencyRecord(CompanyRow):
    """The answer that was given to a write with this key, so that the same request gets the same answer."""

    api_key_id = models.UUIDField()
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body")
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["api_key_id", "key"], name="idempotencyrecord_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotencyrecord_created")]

    def __str__(self) -> str:
        return self.key
