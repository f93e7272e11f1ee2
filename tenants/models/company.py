"""Client companies, each with a schema of its own, and the hosts that lead to them."""

from typing import ClassVar

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from tenants.ids import uuid7
from tenants.models.agency import Agency

HUES = 24


class ClientCompany(TenantMixin):  # type: ignore[misc]
    """The agency's customer: one schema, the controller in privacy law."""

    auto_create_schema = False
    auto_drop_schema = False

    class Status(models.TextChoices):
        SETUP = "setup"
        LIVE = "live"
        SUSPENDED = "suspended"
        LEAVING = "leaving"

    class RiskClass(models.TextChoices):
        NORMAL = "normal"
        HIGH = "high"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="companies")
    name = models.CharField(max_length=120)
    subdomain = models.SlugField(max_length=40, unique=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.SETUP)
    language = models.CharField(max_length=5, default="nl")
    country = models.CharField(max_length=2, default="NL")
    time_zone = models.CharField(max_length=60, default="Europe/Amsterdam")
    sector = models.CharField(max_length=40, blank=True)
    risk_class = models.CharField(max_length=10, choices=RiskClass, default=RiskClass.NORMAL)
    require_two_factor = models.BooleanField(default=True, help_text="Admins sign in with a second factor")
    hue = models.PositiveSmallIntegerField(default=1, help_text="One of 24 prepared colours, 1 to 24")
    house_rules_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when its house rules say what they say"
    )
    schema_fingerprint = models.CharField(max_length=64, blank=True, help_text="State of the schema's migrations")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["ClientCompany"]] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(require_two_factor=True) | ~models.Q(risk_class="high"),
                name="clientcompany_high_risk_requires_two_factor",
            ),
            models.CheckConstraint(condition=models.Q(hue__range=(1, HUES)), name="clientcompany_hue_is_prepared"),
        ]

    def __str__(self) -> str:
        return self.name


class Domain(DomainMixin):  # type: ignore[misc]
    """A host name that shows one company's pages, without port."""
