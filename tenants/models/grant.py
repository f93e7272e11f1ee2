"""Who of the agency may work inside which client company."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from tenants.ids import uuid7
from tenants.models.agency import Agency
from tenants.models.company import ClientCompany


class StaffTeam(models.Model):
    """People of an agency who serve clients together; a client may grant access to all of them at once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="staffteam_once_per_agency")]

    def __str__(self) -> str:
        return self.name


class StaffTeamMember(models.Model):
    """Somebody in an agency's team. Joining and leaving act at once on every client the team serves."""

    team = models.ForeignKey(StaffTeam, on_delete=models.CASCADE, related_name="members")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="team_memberships")
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "staff"], name="staffteammember_once")]

    def __str__(self) -> str:
        return f"{self.staff_id} in {self.team_id}"


class GrantQuerySet(models.QuerySet["TeamGrant"]):
    def in_force(self) -> "GrantQuerySet":
        now = timezone.now()
        return self.filter(starts_at__lte=now).filter(models.Q(ends_at=None) | models.Q(ends_at__gt=now))


class TeamGrant(models.Model):
    """A client company lets a team of the agency work there. Each member who meets the conditions has a StaffGrant.

    ``conditions``: ``clearance`` (bool), ``house_rules`` (bool), ``countries`` (list of ISO codes); absent: none.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="team_grants")
    team = models.ForeignKey(StaffTeam, on_delete=models.CASCADE, related_name="grants")
    company = models.ForeignKey(ClientCompany, on_delete=models.CASCADE, related_name="team_grants")
    role = models.CharField(max_length=12)
    conditions = models.JSONField(default=dict, blank=True)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.CharField(max_length=200)
    given_at = models.DateTimeField(auto_now_add=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "company"], condition=models.Q(ends_at=None), name="teamgrant_one_open_per_company"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} in {self.company_id} as {self.role}"


class StaffGrantQuerySet(models.QuerySet["StaffGrant"]):
    def in_force(self) -> "StaffGrantQuerySet":
        now = timezone.now()
        return self.filter(starts_at__lte=now).filter(models.Q(ends_at=None) | models.Q(ends_at__gt=now))


class StaffGrant(models.Model):
    """A client company lets a person of the agency work as one of its own, in a role, for a time.

    ``via`` names the grant to a team that this one follows from; such a grant ends when the person leaves the team.
    One person may hold several at once, one of her own and one for each team: none takes another one away.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="grants")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    company = models.ForeignKey(ClientCompany, on_delete=models.CASCADE, related_name="grants")
    via = models.ForeignKey(TeamGrant, null=True, blank=True, on_delete=models.CASCADE, related_name="staff_grants")
    role = models.CharField(max_length=12)
    conditions = models.JSONField(default=dict, blank=True)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.CharField(max_length=200)
    given_at = models.DateTimeField(auto_now_add=True)

    objects = StaffGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "company", "via"],
                condition=models.Q(ends_at=None),
                nulls_distinct=False,
                name="staffgrant_one_open_per_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} in {self.company_id} as {self.role}"


class HouseRulesAcceptance(models.Model):
    """Somebody of an agency has read a client's house rules and keeps to them; void once the client changes them."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="house_rules")
    company = models.ForeignKey(ClientCompany, on_delete=models.CASCADE, related_name="house_rules_acceptances")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "company"], name="houserulesacceptance_once")]

    def __str__(self) -> str:
        return f"{self.staff_id} at {self.company_id}"
