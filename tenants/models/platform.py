"""What the platform changes from time to time: dated rows that the operator keeps, never constants."""

from django.db import models


class FreeEntryLength(models.Model):
    """For how long everything to a person who came from an advertisement is free, from a day (UTC) on."""

    effective_from = models.DateField(unique=True)
    hours = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(hours__gte=1), name="freeentrylength_some_hours")]

    def __str__(self) -> str:
        return f"{self.hours} h from {self.effective_from}"
