"""Somebody who signs in: agency staff in the public schema, agents and admins in their company's."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.accounts.roles import Permission, Role, allows
from tenants.ids import uuid7


class Theme(models.TextChoices):
    """Light or dark, when a person does not follow the device."""

    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Presence(models.TextChoices):
    """Whether somebody takes conversations now, by her own choice; who is silent too long counts as away."""

    AVAILABLE = "available", _("Available")
    PAUSED = "paused", _("Paused")
    AWAY = "away", _("Away")


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, *, name: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person with an account on one side: the agency's or one company's.

    ``agency_id`` and ``staff_id`` are set when the person is agency staff who works here under a grant; such a user has
    no password and enters from the agency's host only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True, help_text="In lower case")
    name = models.CharField(max_length=80)
    alias = models.CharField(max_length=40, blank=True, help_text="What customers see, when they see a name")
    role = models.CharField(max_length=12, choices=Role, default=Role.AGENT)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=5, blank=True)
    theme = models.CharField(max_length=5, choices=Theme, blank=True, help_text="Empty: as the person's device")
    undo_seconds = models.PositiveSmallIntegerField(default=3, validators=[MaxValueValidator(10)])
    enter_sends = models.BooleanField(default=True, db_default=True, help_text="Enter sends; else Ctrl+Enter only")
    letter_keys = models.BooleanField(default=True, db_default=True, help_text="Single letters act, without Ctrl")
    open_next = models.BooleanField(default=False, db_default=False, help_text="After closing, open the next one")
    notify_desktop = models.BooleanField(default=False, db_default=False)
    notify_sound = models.BooleanField(default=False, db_default=False)
    presence = models.CharField(
        max_length=10,
        choices=Presence,
        default=Presence.AWAY,
        db_default=Presence.AWAY,
        help_text="Of the company's own people; of agency staff see desk.StaffPresence",
    )
    presence_since = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=60, blank=True, default="", db_default="")
    seen_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life of a page of hers")
    given_at = models.DateTimeField(null=True, blank=True, help_text="When a conversation was last given to her")
    capacity = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Most conversations at once; 0: as the company says"
    )
    languages = ArrayField(models.CharField(max_length=5), default=list, db_default=[], blank=True)
    skills = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    cleared_on = models.DateField(
        null=True, blank=True, help_text="A certificate of good conduct was shown on this day"
    )
    cleared_until = models.DateField(null=True, blank=True, help_text="To be shown again by then")
    cleared_by = models.CharField(max_length=120, blank=True, default="", db_default="", help_text="Who saw it")
    clearance_kind = models.CharField(max_length=60, blank=True, default="", db_default="", help_text="Its profile")
    nda_signed_on = models.DateField(null=True, blank=True)
    agency_id = models.UUIDField(null=True, blank=True)
    staff_id = models.UUIDField(null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_in_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name

    def may(self, permission: Permission) -> bool:
        """Whether the role in this company carries the permission."""
        return self.is_active and allows(Role(self.role), permission)

    @property
    def shown_to_customers(self) -> str:
        """What customers see when the company shows who answers: the alias, else the first name."""
        return self.alias or self.name.split(" ")[0]

    @property
    def cleared(self) -> bool:
        """Whether this person may see sensitive conversations (R-S13): shown a certificate, and not too long ago."""
        today = timezone.localdate()
        return self.cleared_on is not None and (self.cleared_until is None or self.cleared_until >= today)

    @property
    def is_staff_of_agency(self) -> bool:
        return self.staff_id is not None
