"""Proof of consent and of its withdrawal."""

from django.db import models

from conversations.models.contact import Contact
from tenants.rows import CompanyRow


class ConsentRecord(CompanyRow):
    """One dated, sourced fact about consent; appended, never edited (a trigger refuses changes)."""

    class Event(models.TextChoices):
        REQUESTED = "requested"
        GIVEN = "given"
        CONFIRMED = "confirmed"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=30, default="marketing")
    event = models.CharField(max_length=10, choices=Event)
    channel = models.CharField(max_length=20, default="whatsapp")
    source = models.CharField(max_length=40)
    phone_number_id = models.CharField(max_length=40, blank=True)
    wamid = models.CharField(max_length=160, blank=True, help_text="The message that proves it")
    text = models.TextField(blank=True, help_text="Exactly what was shown or said")
    legal_basis = models.CharField(max_length=20, default="consent")
    actor_id = models.UUIDField(null=True, blank=True)
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["contact", "purpose", "-occurred_at"], name="consent_of_contact")]

    def __str__(self) -> str:
        return f"{self.event} {self.purpose}"
