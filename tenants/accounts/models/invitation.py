"""Invitations: how an account begins."""

from django.conf import settings
from django.db import models

from tenants.rows import CompanyRow


class Invitation(CompanyRow):
    """A link, valid for a time and once, with which a person sets a password and begins. Only its hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    sent_by_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invitation of {self.user_id}"
