"""What the agency sees of all its clients at once: counts and times, never content."""

from django.db import models

from tenants.models import ClientCompany


class CompanySummary(models.Model):
    """One row per company, kept by the company's own services in the transaction that changes what it counts."""

    company = models.OneToOneField(ClientCompany, primary_key=True, on_delete=models.CASCADE, related_name="summary")
    unanswered = models.PositiveIntegerField(default=0)
    oldest_waiting_at = models.DateTimeField(null=True, blank=True)
    open_conversations = models.PositiveIntegerField(default=0)
    number_state = models.CharField(max_length=10, blank=True)
    number_reason = models.CharField(max_length=40, blank=True)
    number_quality = models.CharField(max_length=10, blank=True)
    display_number = models.CharField(max_length=32, blank=True)
    alarms = models.PositiveIntegerField(default=0, db_default=0, help_text="Open ones")
    worst_alarm = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="Kind of the one to see first"
    )
    last_inbound_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.company_id)


class PortfolioHour(models.Model):
    """How many people a company wrote to first with the numbers of one portfolio, by the hour of the last time.

    The platform's limit belongs to the portfolio, which several companies may share: each writes its own rows, and the
    sum over a day is what the limit is compared with. Counts only; nobody can be told from them.
    """

    business_id = models.CharField(max_length=40, help_text="The portfolio at the platform")
    company = models.ForeignKey(ClientCompany, on_delete=models.CASCADE, related_name="portfolio_hours")
    hour = models.DateTimeField()
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business_id", "hour", "company"], name="portfoliohour_once_a_company"),
        ]

    def __str__(self) -> str:
        return f"{self.business_id} {self.hour:%Y-%m-%d %H}"
