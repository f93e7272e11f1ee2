"""How agency staff enter a client's side without a second sign-in."""

from django.conf import settings
from django.db import models

from tenants.rows import CompanyRow


class HandOver(CompanyRow):
    """A token, usable once and within a minute, that carries a sign-in from the agency's host to the company's.

    Only its hash is kept.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="hand_overs")
    token_hash = models.CharField(max_length=64, unique=True)
    grant_id = models.UUIDField()
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="handover_created")]

    def __str__(self) -> str:
        return f"hand-over of {self.user_id}"
