"""What the agency sees of all its clients at once: counts and times, never content."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Coalesce

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
    numbers = ArrayField(
        models.CharField(max_length=40), default=list, db_default=[], blank=True, help_text="Where it can be called"
    )
    sites = ArrayField(
        models.CharField(max_length=260), default=list, db_default=[], blank=True, help_text="Its pages and its mail"
    )
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


AS_MICROSECONDS = "(EXTRACT(EPOCH FROM %(expressions)s - TIMESTAMPTZ '1970-01-01 00:00:00+00') * 1000000)::bigint"


def _microseconds(moment: F | Coalesce) -> Func:
    """A moment as a whole number that sorts alike; from a difference, because only that is the same in every zone."""
    return Func(moment, template=AS_MICROSECONDS, output_field=models.BigIntegerField())


DANGER, WOKEN, WAITING, RESTING = -1, 0, 1, 2
PLACE = ["company", "rank", "stamp", "since", "conversation_id"]
IN_DANGER, CAME_BACK = Q(danger_at__isnull=False), Q(woke_at__isnull=False)
WAITS = Q(waiting_since__isnull=False, hold="")


class DeskEntry(models.Model):
    """One open conversation of one client as the agency's desk sorts it: times and needs, never content or names.

    ``rank``, ``stamp`` and ``since`` are its place: danger first, then what came back from a rest, then what breaks
    first (who waits longer, when together), then the rest, newest first.
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
    woke_at = models.DateTimeField(
        null=True, blank=True, help_text="Came back from a rest, and was not looked at since"
    )
    sensitive = models.BooleanField(default=False)
    language = models.CharField(max_length=5, blank=True, default="")
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    unread = models.BooleanField(default=False)
    last_message_at = models.DateTimeField()
    rank = models.GeneratedField(
        expression=Case(
            When(IN_DANGER, then=Value(DANGER)),
            When(CAME_BACK, then=Value(WOKEN)),
            When(WAITS, then=Value(WAITING)),
            default=Value(RESTING),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    stamp = models.GeneratedField(
        expression=Case(
            When(IN_DANGER, then=_microseconds(F("danger_at"))),
            When(CAME_BACK, then=_microseconds(F("woke_at"))),
            When(WAITS, then=_microseconds(Coalesce("due_at", "waiting_since"))),
            default=_microseconds(F("last_message_at")) * -1,
        ),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    since = models.GeneratedField(
        expression=Case(
            When(IN_DANGER | CAME_BACK, then=Value(0)),
            When(WAITS, then=_microseconds(F("waiting_since"))),
            default=Value(0),
            output_field=models.BigIntegerField(),
        ),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(fields=PLACE, name="deskentry_in_order"),
            models.Index(fields=PLACE, condition=~Q(hold=""), name="deskentry_on_hold"),
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
