"""The registry of personal data: which classes there are, how long each is kept from when, and on what ground.

Which field of which model belongs to which class stands in ``privacy.data_fields``, one table a side. Together they are
what previews, the register, exports, erasures and the nightly run are made from, so that none can forget a table.

Retention takes things away in this order: the file in storage, its thumbnail, what was derived for searching, the row,
what caches hold. So a run that is killed half way never leaves a file that no row knows of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.data_fields import agency, company, conversations, sign_in
from privacy.data_fields.kinds import DataKind
from privacy.retention import Period, days, months

HEALTH_AUDIT = months(60)  # NEN 7513: the log of access to health data is kept for at least five years


class Order(StrEnum):
    """In which order things leave."""

    MEDIA_OBJECT = "media object"
    THUMBNAIL = "thumbnail"
    DERIVED = "search and derived data"
    ROW = "row"
    CACHE = "cache"


@dataclass(frozen=True, slots=True)
class DataClass:
    """One class of data.

    kept      the product's default; None: no clock of its own, as ``clock`` says
    shortest, longest   what a company may choose between; None: not for it to choose
    exported  handed to a person who asks for access
    erased    deleted when a person's request for erasure is granted
    """

    kind: DataKind
    name: Promise
    clock: Promise
    ground: Promise
    kept: Period | None = None
    shortest: Period | None = None
    longest: Period | None = None
    exported: bool = False
    erased: bool = False

    @property
    def may_be_changed(self) -> bool:
        return self.shortest is not None and self.longest is not None


_SERVICE = _("Answering people on behalf of the company (GDPR Art. 6(1)(b) or (f), Art. 28)")
_ACCOUNTABILITY = _("Being able to show who did what (GDPR Art. 5(2) and 32)")
_CONTRACT = _("Carrying out the contract between company and agency (GDPR Art. 6(1)(b))")

_ALL = (
    DataClass(
        DataKind.MESSAGE_TEXT,
        name=_("Message text, notes and events"),
        clock=_("after the conversation was closed"),
        ground=_SERVICE,
        kept=months(12),
        shortest=months(1),
        longest=months(84),
        exported=True,
        erased=True,
    ),
    DataClass(
        DataKind.SPECIAL,
        name=_("Conversations that are set apart, with special data"),
        clock=_("after the conversation was closed; with explicit consent as long as other conversations"),
        ground=_("Explicit consent, or not keeping longer than needed (GDPR Art. 9(2)(a) and 5(1)(e))"),
        kept=days(30),
        shortest=days(1),
        longest=months(84),
        exported=True,
        erased=True,
    ),
    DataClass(
        DataKind.MEDIA,
        name=_("Pictures, voice notes and other files"),
        clock=_("after they were received"),
        ground=_SERVICE,
        kept=days(90),
        shortest=days(1),
        longest=months(84),
        exported=True,
        erased=True,
    ),
    DataClass(
        DataKind.JOURNAL,
        name=_("What WhatsApp delivered, word for word"),
        clock=_("after it was received"),
        ground=_("Being able to repair what could not be applied (GDPR Art. 6(1)(f))"),
        kept=days(14),
        shortest=days(1),
        longest=days(30),
        erased=True,
    ),
    DataClass(
        DataKind.CONTACT_PROFILE,
        name=_("Names and profiles of contacts"),
        clock=_("after the contact's last message"),
        ground=_SERVICE,
        kept=months(12),
        shortest=months(1),
        longest=months(84),
        exported=True,
        erased=True,
    ),
    DataClass(
        DataKind.IDENTITY,
        name=_("Numbers and other identities of contacts"),
        clock=_("together with the profile; while a consent has to be proved or an opt-out kept, as long as that"),
        ground=_SERVICE,
        exported=True,
        erased=True,
    ),
    DataClass(
        DataKind.CONSENT_PROOF,
        name=_("Proof of consent and of its withdrawal"),
        clock=_("after withdrawal or last use, whichever is later"),
        ground=_("Proving consent (GDPR Art. 7(1); limitation of claims, Art. 17(3)(e))"),
        kept=months(60),
        exported=True,
    ),
    DataClass(
        DataKind.SUPPRESSION,
        name=_("Who must not be written to"),
        clock=_("while the company is a client"),
        ground=_("Honouring objections and opt-outs (GDPR Art. 21(3))"),
        exported=True,
    ),
    DataClass(
        DataKind.AUDIT,
        name=_("Who saw and did what"),
        clock=_("after it happened"),
        ground=_ACCOUNTABILITY,
        kept=months(24),
        shortest=months(24),
        longest=months(84),
    ),
    DataClass(
        DataKind.USAGE,
        name=_("What was sent and what it cost, without content"),
        clock=_("after delivery; then only a count per day is kept"),
        ground=_CONTRACT,
        kept=months(24),
    ),
    DataClass(
        DataKind.FACTS,
        name=_("Facts for connected systems, without content"),
        clock=_("after they happened"),
        ground=_CONTRACT,
        kept=months(24),
        erased=True,
    ),
    DataClass(
        DataKind.REPEATED_CALLS,
        name=_("Answers kept so that a repeated API call gets the same one"),
        clock=_("after the call"),
        ground=_CONTRACT,
        kept=days(7),
        erased=True,
    ),
    DataClass(
        DataKind.SIGN_IN,
        name=_("Sessions, invitations and links to sign in"),
        clock=_("after they ended"),
        ground=_("Keeping accounts safe (GDPR Art. 32)"),
        kept=days(30),
    ),
    DataClass(
        DataKind.ACCOUNT,
        name=_("People who work here"),
        clock=_("while the company is a client: their names stand beside what they did"),
        ground=_CONTRACT,
    ),
    DataClass(
        DataKind.SECRET,
        name=_("Passwords, tokens and keys"),
        clock=_("while they are in use; encrypted or hashed"),
        ground=_("Keeping accounts safe (GDPR Art. 32)"),
    ),
    DataClass(
        DataKind.AGREEMENT,
        name=_("Data processing agreements"),
        clock=_("after the agreement ended"),
        ground=_("Showing that processing was agreed (GDPR Art. 28(9))"),
        kept=months(60),
    ),
    DataClass(
        DataKind.RETENTION_PROOF,
        name=_("Proof of what was deleted, without content"),
        clock=_("after the run"),
        ground=_ACCOUNTABILITY,
        kept=months(24),
    ),
    DataClass(
        DataKind.SETTINGS,
        name=_("Settings and contract data of companies"),
        clock=_("while the company is a client"),
        ground=_CONTRACT,
    ),
    DataClass(
        DataKind.QUARANTINE,
        name=_("Deliveries for a number that nobody has yet, encrypted and shown to nobody"),
        clock=_("after they were received"),
        ground=_("Not losing messages while a number is being connected (GDPR Art. 6(1)(f))"),
        kept=days(14),
    ),
    DataClass(
        DataKind.TECHNICAL,
        name=_("Keys and states that the system works with"),
        clock=_("together with the row they stand in"),
        ground=_CONTRACT,
    ),
    DataClass(
        DataKind.NONE,
        name=_("No personal data"),
        clock=_("no limit"),
        ground=_("No ground needed"),
    ),
)

CLASSES: Mapping[DataKind, DataClass] = MappingProxyType({one.kind: one for one in _ALL})
FIELDS: Mapping[str, Mapping[DataKind, str]] = MappingProxyType(
    {**conversations.FIELDS, **company.FIELDS, **sign_in.FIELDS, **agency.FIELDS}
)


def kind_of(model: str, field: str) -> DataKind | None:
    """The class of ``app.Model`` and a field's name; None when the registry does not know it."""
    for kind, names in FIELDS.get(model, {}).items():
        if field in names.split():
            return kind
    return None


def fields_of(model: str) -> dict[str, DataKind]:
    """Every field of a model that the registry knows, with its class."""
    return {name: kind for kind, names in FIELDS.get(model, {}).items() for name in names.split()}


def default_of(kind: DataKind, *, high_risk: bool = False) -> Period | None:
    """How long a class is kept when a company chose nothing; companies with high risk keep the audit trail longer."""
    if kind == DataKind.AUDIT and high_risk:
        return HEALTH_AUDIT
    return CLASSES[kind].kept
