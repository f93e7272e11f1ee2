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
    hours = models.JSONField(
        default=dict,
        db_default=models.Value({}, output_field=models.JSONField()),
        help_text='{"mon": [["09:00", "17:30"]], …} in the company\'s zone; empty: always',
    )
    special_days = models.JSONField(
        default=list,
        db_default=models.Value([], output_field=models.JSONField()),
        help_text='[{"date": "2026-12-24", "hours": [["09:00", "13:00"]], "note": ""}]',
    )
    closed_on_holidays = models.BooleanField(default=True, db_default=True)
    holiday_region = models.CharField(max_length=6, blank=True, default="", db_default="", help_text="e.g. BY")
    warn_percent = models.PositiveSmallIntegerField(
        default=75, db_default=75, validators=[MinValueValidator(10), MaxValueValidator(99)]
    )
    auto_assign = models.BooleanField(default=False, db_default=False)
    capacity = models.PositiveSmallIntegerField(default=8, db_default=8, help_text="Conversations at once per person")
    silent_minutes = models.PositiveSmallIntegerField(
        default=15, db_default=15, help_text="Waiting ones of somebody silent so long go back; 0: never"
    )
    close_reasons = models.JSONField(
        default=list,
        db_default=models.Value([], output_field=models.JSONField()),
        help_text="Words offered when closing; empty: the product's own",
    )
    close_needs_intent = models.BooleanField(default=False, db_default=False)
    contact_fields = models.JSONField(
        default=list,
        db_default=models.Value([], output_field=models.JSONField()),
        help_text='[{"key": "order", "name": "Order number", "kind": "text"}]',
    )
    client_people = models.JSONField(
        default=list,
        db_default=models.Value([], output_field=models.JSONField()),
        help_text='People at the company without a seat: [{"name": "", "email": "", "about": ""}]',
    )
    signature = models.CharField(max_length=8, default="none", db_default="none", help_text="none, alias, text")
    signature_text = models.CharField(max_length=120, blank=True, default="", db_default="")
    tone = models.TextField(max_length=4000, blank=True, default="", db_default="", help_text="How the company speaks")
    form_of_address = models.CharField(
        max_length=8, blank=True, default="", db_default="", help_text="formal (u, Sie), informal (je, du) or not said"
    )
    links = models.JSONField(
        default=list,
        db_default=models.Value([], output_field=models.JSONField()),
        help_text='[{"name": "", "url": ""}]',
    )
    house_rules = models.TextField(
        max_length=20_000, blank=True, default="", db_default="", help_text="What everybody who answers keeps to"
    )
    other_form_url = models.URLField(blank=True, default="", db_default="", help_text="The company's secure form")
    other_phone = models.CharField(max_length=40, blank=True, default="", db_default="")
    other_mail = models.EmailField(blank=True, default="", db_default="")
    public_page = models.BooleanField(default=False, db_default=False, help_text="Everybody may see the contact page")
    public_text = models.JSONField(
        default=dict,
        db_default=models.Value({}, output_field=models.JSONField()),
        blank=True,
        help_text='Words of the contact page about other ways to reach the company: {"nl": "…"}',
    )
    term_lists = models.BooleanField(
        default=True, db_default=True, help_text="Terms are looked for; identifiers always"
    )
    blur_media = models.CharField(
        max_length=6, default="class", db_default="class", help_text="class: as the risk class says; always; never"
    )
    own_accounts = models.JSONField(
        default=list,
        db_default=models.Value([], output_field=models.JSONField()),
        blank=True,
        help_text="The company's own account numbers (IBAN): never hidden, never stopped",
    )
    danger_words = models.JSONField(
        default=dict,
        db_default=models.Value({}, output_field=models.JSONField()),
        help_text='{"nl": ["…"], "*": ["…"]}',
    )
    danger_protocol = models.TextField(max_length=4000, blank=True, default="", db_default="")
    emergency_number = models.CharField(max_length=40, blank=True, default="", db_default="")
    duty_number = models.CharField(max_length=40, blank=True, default="", db_default="")
    greeting = models.JSONField(
        default=dict, db_default=models.Value({}, output_field=models.JSONField()), help_text='{"nl": "…"}; empty: none'
    )
    away = models.JSONField(
        default=dict, db_default=models.Value({}, output_field=models.JSONField()), help_text='{"nl": "…"}; empty: none'
    )
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
