"""Agencies, the hosts they are reached at, and their staff."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.ids import uuid7


class Agency(models.Model):  # type: ignore[django-manager-missing]  # through companies, whose base is untyped
    """Our customer, who answers for others: the processor in privacy law. Agencies never learn of one another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=40, unique=True)
    language = models.CharField(max_length=5, default="nl")
    country = models.CharField(max_length=2, default="NL")
    time_zone = models.CharField(max_length=60, default="Europe/Amsterdam")
    mail_sender = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class AgencyHost(models.Model):
    """A host name that shows one agency's pages, without port."""

    host = models.CharField(max_length=253, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="hosts")

    def __str__(self) -> str:
        return self.host


class StaffMembership(models.Model):
    """A person of the public schema who works for an agency."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        STAFF = "staff", _("Staff")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membership")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.STAFF)
    works_from = models.CharField(
        max_length=2, blank=True, default="", db_default="", help_text="Country; empty: as the agency"
    )
    joined_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.user_id} at {self.agency_id}"
