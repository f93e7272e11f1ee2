"""Teams of a company: who answers what."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tenants.rows import CompanyRow


class Team(CompanyRow):
    """People who answer the same kind of conversations. ``skills`` and ``languages`` say which are given to it."""

    name = models.CharField(max_length=80, unique=True)
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    auto_assign = models.BooleanField(default=False, help_text="Conversations are given out by themselves")
    cleared_as_a_whole = models.BooleanField(
        default=False, help_text="All of its people are cleared: terms only warn, identifiers still mask and stop"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class TeamMember(CompanyRow):
    """Somebody in a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="teams")
    leads = models.BooleanField(default=False, help_text="Hears of danger, of promises about to break, of no cover")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="teammember_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"
