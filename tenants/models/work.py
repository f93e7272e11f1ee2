"""The work index: what has to be done for which company, and when."""

from django.db import models


class WorkMark(models.Model):
    """One mark: this company has work of this kind. Append-only; a drain deletes the marks it saw when it began.

    Marks are written in the transaction that creates the work, so neither a crash nor a lost broker loses them. ``key``
    narrows the work to one thing (a phone number's id for ``outbound``), empty when it is the company's as a whole.
    """

    schema_name = models.CharField(max_length=63)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64, blank=True, default="")
    due_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="workmark_due"),
            models.Index(fields=["schema_name", "kind", "key", "due_at"], name="workmark_of_one"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.schema_name}"
