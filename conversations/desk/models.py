"""What the agency sees of all its clients at once: counts and times, never content."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tenants.accounts.models import Presence
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


class DeskEntry(models.Model):
    """One open conversation of one client as the agency's desk sorts it: times and needs, never content or names.

    Written by ``conversations.services.summary`` in the transaction that changes the conversation; gone when it closes.
    """

    conversation_id = models.UUIDField(primary_key=True)
    company = models.ForeignKey(ClientCompany, on_delete=models.CASCADE, related_name="desk_entries", db_index=False)
    staff_id = models.UUIDField(null=True, blank=True, help_text="The agency's person who holds it")
    taken = models.BooleanField(default=False, help_text="Somebody holds it, of the agency or of the client")
    team_id = models.UUIDField(null=True, blank=True, help_text="The client's team it was given to")
    waiting_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When the response promise breaks")
    danger_at = models.DateTimeField(null=True, blank=True)
    hold = models.CharField(max_length=8, blank=True, default="")
    hold_until = models.DateTimeField(null=True, blank=True)
    sensitive = models.BooleanField(default=False)
    language = models.CharField(max_length=5, blank=True, default="")
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    unread = models.BooleanField(default=False)
    last_message_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["company", "due_at"], name="deskentry_of_company"),
            models.Index(fields=["staff_id"], condition=~models.Q(staff_id=None), name="deskentry_of_staff"),
        ]

    def __str__(self) -> str:
        return str(self.conversation_id)


class StaffPresence(models.Model):
    """Whether an agency's person takes conversations now, and how many at once over all her clients."""

    staff = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="desk_presence"
    )
    presence = models.CharField(max_length=10, choices=Presence, default=Presence.AWAY)
    since = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=60, blank=True, default="")
    seen_at = models.DateTimeField(null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(default=0, help_text="Most conversations at once; 0: no limit")
    languages = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.presence}"
