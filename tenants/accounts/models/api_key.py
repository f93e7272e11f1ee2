"""Keys with which integrators call a company's API."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tenants.rows import CompanyRow


class ApiKey(CompanyRow):
    """A scoped key of one company. Only a hash of the secret is kept; the prefix lets a person recognise it."""

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
