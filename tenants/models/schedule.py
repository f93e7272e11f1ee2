"""What the scheduler did last, so that a new one neither repeats nor skips it."""

from django.db import models


class ScheduledRun(models.Model):
    """When an entry of the scheduler's plan that belongs to a time of day was last sent."""

    name = models.CharField(primary_key=True, max_length=100)
    last_run_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
