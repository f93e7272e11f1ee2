"""What a merge moved, in plain values that the record keeps, so that the merge can be undone."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from conversations.models import Channel, Contact, ContactIdentity

MOMENTS = ("opted_out_at", "blocked_at", "restricted_at", "last_message_at")
TEXTS = (
    "name",
    "given_name",
    "bsuid",
    "parent_bsuid",
    "wa_id",
    "username",
    "external_id",
    "metadata",
    "fields",
    "language",
    "market",
)
PAIR_MOMENTS = ("last_inbound_at", "refused_inbound_at", "referred_at", "free_entry_until", "read_up_to")


def taken_values(contact: Contact) -> dict[str, Any]:
    """Everything of a contact that a merge may change, as JSON has it."""
    values: dict[str, Any] = {name: getattr(contact, name) for name in TEXTS}
    values["labels"] = [str(pk) for pk in contact.labels]
    return values | {name: _text(getattr(contact, name)) for name in MOMENTS}


def restored_values(values: dict[str, Any]) -> dict[str, Any]:
    """The same as columns have it."""
    restored: dict[str, Any] = {name: moment(value) if name in MOMENTS else value for name, value in values.items()}
    if "labels" in restored:
        restored["labels"] = [UUID(pk) for pk in restored["labels"]]
    return restored


@dataclass(slots=True)
class Moved:
    """Ids of what belonged to the other contact, and what both were before and ``kept`` was after.

    pairs        ``{"channel", "phone_number", "into" (null: the whole pair moved), "conversations", …moments}``
    identities   ``{"id", "contact", "valid_to"}`` of both, as they were
    joined       of two live conversations that became one, as ``merge_spells`` tells it
    merges       earlier merges into the other contact
    spoken       messages of the other contact in groups
    """

    kept_before: dict[str, Any] = field(default_factory=dict)
    other_before: dict[str, Any] = field(default_factory=dict)
    kept_after: dict[str, Any] = field(default_factory=dict)
    pairs: list[dict[str, Any]] = field(default_factory=list)
    identities: list[dict[str, Any]] = field(default_factory=list)
    consents: list[UUID] = field(default_factory=list)
    joined: list[dict[str, Any]] = field(default_factory=list)
    merges: list[UUID] = field(default_factory=list)
    spoken: list[UUID] = field(default_factory=list)

    def add_pair(self, channel: Channel, *, conversations: Iterable[UUID], into: Channel | None) -> None:
        self.pairs.append(
            {
                "channel": str(channel.pk),
                "phone_number": str(channel.phone_number_id),
                "into": str(into.pk) if into else None,
                "conversations": [str(pk) for pk in conversations],
                **{name: _text(getattr(channel, name)) for name in PAIR_MOMENTS},
            }
        )

    def add_identity(self, identity: ContactIdentity) -> None:
        self.identities.append(
            {"id": str(identity.pk), "contact": str(identity.contact_id), "valid_to": _text(identity.valid_to)}
        )

    def as_json(self) -> dict[str, Any]:
        found = asdict(self)
        return found | {name: [str(pk) for pk in found[name]] for name in ("consents", "merges", "spoken")}


def moment(value: str | None) -> datetime | None:
    return parse_datetime(value) if value else None


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
