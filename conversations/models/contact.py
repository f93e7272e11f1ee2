"""People who write to the company, what they are known by, and the pair each makes with a number."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _

from conversations.models.channel import PhoneNumber
from tenants.rows import CompanyRow


class Contact(CompanyRow):
    """A person who writes to the company, perhaps without a phone number: the data subject. Or a group of them.

    ``bsuid``, ``wa_id`` and ``username`` are the current identities, kept here for matching; what they were before
    stands in ContactIdentity. A stored phone is never overwritten with nothing. A group has a thread of its own, apart
    from those of its members; each of its messages names the member who wrote it (``Message.participant``).
    """

    class Kind(models.TextChoices):
        PERSON = "person"
        GROUP = "group"

    kind = models.CharField(max_length=6, choices=Kind, default=Kind.PERSON, db_default=Kind.PERSON)
    group_id = models.CharField(max_length=160, null=True, blank=True, unique=True)
    name = models.CharField(max_length=200, blank=True, help_text="The profile name WhatsApp shows")
    given_name = models.CharField(max_length=200, blank=True, help_text="What the company calls this person")
    bsuid = models.CharField(max_length=160, null=True, blank=True, unique=True)
    parent_bsuid = models.CharField(max_length=160, blank=True)
    wa_id = models.CharField(max_length=32, null=True, blank=True, unique=True)
    username = models.CharField(max_length=64, blank=True)
    external_id = models.CharField(max_length=120, null=True, blank=True, unique=True)
    metadata = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=5, blank=True)
    market = models.CharField(max_length=2, blank=True, help_text="ISO country of the number or BSUID")
    opted_out_at = models.DateTimeField(null=True, blank=True, help_text="STOP: no marketing from then on")
    blocked_at = models.DateTimeField(null=True, blank=True)
    restricted_at = models.DateTimeField(null=True, blank=True, help_text="Asked not to be stored or profiled")
    labels = ArrayField(models.UUIDField(), default=list, db_default=[], blank=True, help_text="Ids of Label")
    fields = models.JSONField(
        default=dict,
        db_default=models.Value({}, output_field=models.JSONField()),
        blank=True,
        help_text="Key: value, as InboxSettings.contact_fields names them",
    )
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged")
    created_at = models.DateTimeField(auto_now_add=True)
    last_message_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-last_message_at", "-id"], name="contact_recent")]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The best name there is; a person without any is shown by username or a short id, never by number."""
        short = f"#{str(self.pk)[-6:]}"
        if self.is_group:
            return self.given_name or self.name or _("Group %(id)s") % {"id": short}
        return self.given_name or self.name or (f"@{self.username}" if self.username else short)

    @property
    def is_group(self) -> bool:
        return self.kind == self.Kind.GROUP

    @property
    def reachable(self) -> bool:
        """Whether there is an address to write to: of a person, or of a group that still exists."""
        if self.is_group:
            return bool(self.group_id) and "_ended" not in self.metadata
        return bool(self.wa_id or self.bsuid)


class ContactIdentity(CompanyRow):
    """What a contact was known by, and from when to when."""

    class Kind(models.TextChoices):
        BSUID = "bsuid"
        PARENT_BSUID = "parent_bsuid"
        WA_ID = "wa_id"
        USERNAME = "username"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=12, choices=Kind)
    value = models.CharField(max_length=160)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "value"], name="contactidentity_value")]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "kind", "value"],
                condition=models.Q(valid_to=None),
                name="contactidentity_current_once",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class ContactMerge(CompanyRow):
    """Two contacts turned out to be one: who became part of whom, why, and what was moved, so that it can be undone.

    ``moved`` holds the ids of what belonged to ``other`` and the values that ``kept`` had before.
    """

    kept = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="merges")
    other = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=40, help_text="Stable code: same_id, number_moved, by_hand …")
    actor_id = models.UUIDField(null=True, blank=True, help_text="User.id; nobody when the platform told it")
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kept", "-at"], name="contactmerge_of_kept")]

    def __str__(self) -> str:
        return f"{self.other_id} into {self.kept_id}"


class PlatformErasure(CompanyRow):
    """Somebody was erased here, so the platform is asked to forget them too; the proof that it was.

    ``bsuid`` is needed for the asking and emptied when it was done; ``digest`` (SHA-256 of it) is what proof remains.
    """

    phone_number = models.ForeignKey(PhoneNumber, on_delete=models.CASCADE, related_name="erasures")
    bsuid = models.CharField(max_length=160, blank=True)
    digest = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    known = models.BooleanField(null=True, blank=True, help_text="Whether the platform knew this person")
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="platformerasure_due")]

    def __str__(self) -> str:
        return self.digest[:12]


class Channel(CompanyRow):
    """The pair of one contact and one number: whose window it is, and whose whole thread."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="channels")
    phone_number = models.ForeignKey(PhoneNumber, on_delete=models.PROTECT, related_name="channels")
    last_inbound_at = models.DateTimeField(null=True, blank=True, help_text="Platform time; opens the window")
    refused_inbound_at = models.DateTimeField(
        null=True, blank=True, help_text="WhatsApp said that messages up to this time open no window"
    )
    referred_at = models.DateTimeField(null=True, blank=True, help_text="Last message that came from an advertisement")
    free_entry_until = models.DateTimeField(null=True, blank=True)
    read_up_to = models.DateTimeField(null=True, blank=True, help_text="Read receipts were asked for up to here")
    receipt_wamid = models.CharField(max_length=160, blank=True, help_text="Read receipt that still has to leave")
    typing_at = models.DateTimeField(null=True, blank=True, help_text="When the person was last shown that we type")
    not_before = models.DateTimeField(null=True, blank=True, help_text="Pair limit: nothing leaves before")

    opens_terms = False  # not a column: whether who looks may read what explicit consent opens
    shows_all = True  # not a column: whether who looks at this thread may see its conversations that are set apart

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "phone_number"], name="channel_one_per_pair")]
        indexes = [models.Index(fields=["id"], condition=~models.Q(receipt_wamid=""), name="channel_receipt_due")]

    def __str__(self) -> str:
        return f"{self.contact_id} on {self.phone_number_id}"

    @property
    def window_opened_at(self) -> datetime | None:
        """The message or call that opened the customer service window, unless WhatsApp said that it opens none."""
        opened, refused = self.last_inbound_at, self.refused_inbound_at
        return None if opened and refused and opened <= refused else opened
