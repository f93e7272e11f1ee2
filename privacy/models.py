"""A company's agreements, how long it keeps what, and proof of what left."""

from django.db import models

from tenants.rows import CompanyRow


class DataProcessingAgreement(CompanyRow):
    """One version of the Art. 28 contract between the company (controller) and the agency (processor).

    A signed version is immutable (a trigger refuses changes of its terms); a new one supersedes it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        SIGNED = "signed"
        SUPERSEDED = "superseded"
        ENDED = "ended"

    version = models.PositiveIntegerField(unique=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    controller_name = models.CharField(max_length=200)
    controller_signatory = models.CharField(max_length=200, blank=True)
    processor_name = models.CharField(max_length=200)
    processor_signatory = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    file_key = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)
    recorded_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(status="signed"), name="agreement_one_in_force"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="signed") | models.Q(file_sha256__regex="^[0-9a-f]{64}$"),
                name="agreement_signed_has_file",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class RetentionPolicy(CompanyRow):
    """How long one class of data is kept; without a row the product's default of the registry counts."""

    data_class = models.CharField(max_length=40, unique=True)
    days = models.PositiveIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    changed_by = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.data_class}: {self.days} days"


class RetentionRun(CompanyRow):
    """Proof of one run over one class of data: what the rule was, what it found, what left."""

    class State(models.TextChoices):
        RUNNING = "running"
        FINISHED = "finished"
        FAILED = "failed"

    data_class = models.CharField(max_length=40)
    policy_days = models.PositiveIntegerField()
    cut_off = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    candidates = models.PositiveIntegerField(default=0)
    deleted = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    bytes_freed = models.PositiveBigIntegerField(default=0)
    errors = models.JSONField(default=list)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-started_at"], name="retentionrun_recent")]

    def __str__(self) -> str:
        return f"{self.data_class} {self.state}"
