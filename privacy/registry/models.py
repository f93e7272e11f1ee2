"""Privacy facts of the agency's side that outlive any one company."""

from django.db import models

from tenants.ids import uuid7
from tenants.models import Agency


class SubProcessor(models.Model):
    """Somebody who processes personal data for the agency: hosting, mail, Meta."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="sub_processors")
    name = models.CharField(max_length=120)
    address = models.TextField(blank=True)
    contact = models.CharField(max_length=200, blank=True)
    service = models.CharField(max_length=200)
    countries = models.CharField(max_length=200)
    transfer_tool = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
