"""Who of the agency may work inside which client company."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from tenants.ids import uuid7
from tenants.models.agency import Agency
from tenants.models.company import ClientCompany


class StaffGrantQuerySet(models.QuerySet["StaffGrant"]):
    def in_force(self) -> "StaffGrantQuerySet":
        now = timezone.now()
        return self.filter(starts_at__lte=now).filter(models.Q(ends_at=None) | models.Q(ends_at__gt=now))


class StaffGrant(models.Model):
    """A client company lets a person of the agency work as one of its own, in a role, for a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="grants")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    company = models.ForeignKey(ClientCompany, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=12)
    conditions = models.JSONField(default=dict, blank=True)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.CharField(max_length=200)
    given_at = models.DateTimeField(auto_now_add=True)

    objects = StaffGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "company"], condition=models.Q(ends_at=None), name="staffgrant_one_open_per_company"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} in {self.company_id} as {self.role}"
