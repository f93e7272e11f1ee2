"""What a company decides about its inbox: one row, typed columns, the product's defaults on the fields."""

from dataclasses import dataclass

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


@dataclass(frozen=True, slots=True)
class KnownForm:
    """A form of the platform that agents may send. ``screen`` empty: the form's own server leads."""

    id: str
    name: str
    screen: str


class InboxSettings(models.Model):
    """The company's one row of inbox settings; ``load()`` gives it, with the defaults when it was never saved."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    idle_close_days = models.PositiveSmallIntegerField(
        default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    reopen_hours = models.PositiveSmallIntegerField(default=24, validators=[MaxValueValidator(720)])
    unknown_settles_minutes = models.PositiveSmallIntegerField(default=10)
    privacy_url = models.URLField(blank=True)
    response_minutes = models.PositiveIntegerField(default=60)
    forms = models.TextField(
        blank=True, default="", db_default="", help_text="WhatsApp forms: id, name and first screen, one form a line"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="inboxsettings_one_row")]

    def __str__(self) -> str:
        return "inbox settings"

    @property
    def known_forms(self) -> list[KnownForm]:
        """The forms that agents may send: ``id | name | first screen`` on each line, the screen only where needed."""
        lines = [[part.strip() for part in line.split("|")] for line in self.forms.splitlines()]
        return [KnownForm(one[0], one[1] or one[0], one[2]) for line in lines if (one := [*line, "", ""])[0]]

    @classmethod
    def load(cls) -> "InboxSettings":
        return cls.objects.filter(pk=1).first() or cls()
