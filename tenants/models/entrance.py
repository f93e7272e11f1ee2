"""What somebody of an agency has opened at a client from one browser's sign-in."""

from django.conf import settings
from django.db import models

from tenants.ids import uuid7
from tenants.models.company import ClientCompany


class StaffEntrance(models.Model):
    """One click from an agency's host into a client's inbox; the sign-in there counts as long as the one it came from.

    ``session_key`` names the agency's session, ``proof`` what her password was like. The client's session holds the id.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="entrances")
    company = models.ForeignKey(ClientCompany, on_delete=models.CASCADE, related_name="entrances")
    session_key = models.CharField(max_length=40)
    proof = models.CharField(max_length=128)
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["opened_at"], name="staffentrance_opened")]

    def __str__(self) -> str:
        return f"{self.staff_id} at {self.company_id}"
