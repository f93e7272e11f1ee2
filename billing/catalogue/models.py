"""What the agency sells and what Meta charges: dated rows, never constants."""

from django.db import models

from tenants.ids import uuid7
from tenants.models import Agency


class Plan(models.Model):
    """Something an agency sells to its clients; its prices stand in versions."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="plans")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="plan_name_once_per_agency")]

    def __str__(self) -> str:
        return self.name


class PlanVersion(models.Model):
    """The prices of a plan from a day on; immutable. Amounts are in ``currency``, excluding VAT."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, default="EUR")
    setup_fee = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    per_number = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    per_seat = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    per_conversation = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    included_conversations = models.PositiveIntegerField(default=0)
    meta_markup_percent = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    effective_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "version"], name="planversion_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.version}"


class RateCard(models.Model):
    """What Meta charges per delivered message in a market and category from a day on, as the operator entered it."""

    currency = models.CharField(max_length=3)
    market = models.CharField(max_length=40)
    category = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=12, decimal_places=6)
    tier_from = models.PositiveIntegerField(default=0)
    effective_from = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "market", "category", "tier_from", "effective_from"], name="ratecard_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market} {self.category} {self.currency}"


class Market(models.Model):
    """Which market of the rate cards a country (ISO code) belongs to, from a day on."""

    country = models.CharField(max_length=2)
    market = models.CharField(max_length=40)
    effective_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "effective_from"], name="market_once")]

    def __str__(self) -> str:
        return f"{self.country} in {self.market}"
