"""Connecting a number, and what a number shared with the phone app hands over."""

from django.db import models

from conversations.models.channel import PhoneNumber
from tenants.rows import CompanyRow
from tenants.secrets import EncryptedTextField


class Connecting(CompanyRow):
    """One attempt to connect a number, step by step, so that it can be left and resumed.

    ``steps`` maps the name of a step to ``{"state": "done" or "failed", "at", "problem", "details"}``; what a step
    needs of an earlier one stands in ``data``. Token and PIN move to the number when it is connected.
    """

    class Method(models.TextChoices):
        SIGNUP = "signup"  # Embedded Signup
        BY_HAND = "by_hand"
        SANDBOX = "sandbox"
        COEXISTENCE = "coexistence"
        RECONNECT = "reconnect"

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        ABANDONED = "abandoned"

    method = models.CharField(max_length=12, choices=Method)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    number = models.ForeignKey(
        PhoneNumber, null=True, blank=True, on_delete=models.SET_NULL, related_name="connectings"
    )
    meta_app_id = models.UUIDField(null=True, blank=True, help_text="MetaApp.id, in the public schema")
    phone_number_id = models.CharField(max_length=40, blank=True)
    waba_id = models.CharField(max_length=40, blank=True)
    business_id = models.CharField(max_length=40, blank=True)
    token = EncryptedTextField(blank=True, default="")
    pin = EncryptedTextField(blank=True, default="")
    steps = models.JSONField(default=dict, blank=True)
    data = models.JSONField(default=dict, blank=True)
    started_by = models.UUIDField(null=True, blank=True, help_text="User.id, or the staff account's id")
    started_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["-started_at"], name="connecting_recent")]

    def __str__(self) -> str:
        return f"{self.method} {self.state}"


class NumberSync(CompanyRow):
    """What a number shared with the phone app hands over once: its address book or the history of its chats.

    ``legal_basis`` was recorded before it was asked for; ``progress`` runs from 0 to 100 over three phases of history.
    """

    class Kind(models.TextChoices):
        CONTACTS = "contacts"
        HISTORY = "history"

    class State(models.TextChoices):
        ASKED = "asked"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"

    phone_number = models.ForeignKey(PhoneNumber, on_delete=models.CASCADE, related_name="syncs")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    request_id = models.CharField(max_length=80, blank=True)
    legal_basis = models.CharField(max_length=200)
    asked_by = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField(auto_now=True)
    phase = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)
    taken_in = models.PositiveIntegerField(default=0, help_text="Messages or contacts so far")
    error_code = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phone_number", "kind"], name="numbersync_once_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
