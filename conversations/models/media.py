"""Files that came in or go out with messages."""

from django.db import models

from tenants.rows import CompanyRow


class MediaFile(CompanyRow):
    """One file. Its bytes stand in storage under ``<schema>/media/…``; nothing a stranger sent is ever executed.

    ``due_at`` is when its next try to be fetched may begin (inbound ids live seven days at the platform). ``link`` is
    the address that an integrator named; it is forgotten as soon as the file is here, since such addresses let in.
    """

    OF_A_TEMPLATE = "tpl"  # a direction of its own: the sample of a message template's heading

    class State(models.TextChoices):
        PENDING = "pending"  # inbound, to be fetched; outbound, to be uploaded
        STORED = "stored"
        REFUSED = "refused"  # lied about its type, too big, wrong hash: bytes not kept
        FAILED = "failed"  # could not be fetched in time
        REMOVED = "removed"  # taken away by a person or by retention

    platform_id = models.CharField(max_length=80, blank=True)
    platform_id_until = models.DateTimeField(null=True, blank=True)
    phone_number_id = models.UUIDField(help_text="PhoneNumber.id through which it came or goes")
    direction = models.CharField(max_length=3)
    kind = models.CharField(max_length=12)
    mime_type = models.CharField(max_length=120, blank=True)
    filename = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    platform_sha256 = models.CharField(max_length=88, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    voice = models.BooleanField(default=False)
    animated = models.BooleanField(default=False)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    waveform = models.JSONField(null=True, blank=True, help_text="Up to 64 numbers from 0 to 100")
    link = models.CharField(max_length=2000, blank=True, default="", db_default="")
    storage_key = models.CharField(max_length=200, blank=True)
    thumbnail_key = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    problem = models.CharField(max_length=40, blank=True, help_text="Stable code of what went wrong")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True, help_text="Somebody looked; until then it is blurred")
    reviewed_by = models.UUIDField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    card_of_id = models.UUIDField(null=True, blank=True, help_text="Message.id of which a card shows it")
    card = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["received_at"], condition=models.Q(direction="tpl"), name="mediafile_samples"),
            models.Index(fields=["card_of_id"], condition=~models.Q(card_of_id=None), name="mediafile_of_a_card"),
            models.Index(fields=["due_at"], condition=models.Q(state="pending"), name="mediafile_pending"),
            models.Index(fields=["received_at"], condition=~models.Q(state="removed"), name="mediafile_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
