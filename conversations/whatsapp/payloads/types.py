"""What a webhook change can say, as plain frozen values. Most fields may be None: the platform omits what it likes."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar


@dataclass(slots=True, frozen=True)
class Change:
    """One change of a POST, not yet read. ``value`` is whatever JSON stood there."""

    entry_id: str | None
    entry_time: datetime | None
    field: str
    value: Any
    phone_number_id: str | None
    waba_id: str | None


@dataclass(slots=True, frozen=True)
class PlatformProblem:
    """One error as the platform words it; ``errors.rule_for(code)`` says what to do about it."""

    code: int | None
    title: str
    message: str
    details: str


@dataclass(slots=True, frozen=True)
class MediaRef:
    """A file that waits at the platform: inbound ids live 7 days, ``url`` only 5 minutes."""

    id: str | None
    mime_type: str
    sha256: str
    url: str | None
    filename: str | None
    voice: bool
    animated: bool


@dataclass(slots=True, frozen=True, kw_only=True)
class MessageBody:
    """What a message says, whoever sent it.

    type                ``text``, ``image``, … as the platform names it; may be one nobody has seen yet
    text                body, caption, or the title of the button or row that was tapped
    content             the structured part (location, contacts, order, …), safe to store as jsonb
    reaction_target     wamid that is reacted to; then ``reaction_emoji`` is "" when the reaction was taken back
    original_wamid      of an edit or a revocation: the message that changed
    edited_type         of an edit: the type of the new version, which fills text, content and media
    """

    type: str
    text: str | None = None
    content: dict[str, Any] = dataclasses.field(default_factory=dict)
    media: MediaRef | None = None
    quoted_wamid: str | None = None
    quoted_from: str | None = None
    forwarded: bool = False
    frequently_forwarded: bool = False
    referral: dict[str, Any] | None = None
    reaction_target: str | None = None
    reaction_emoji: str | None = None
    original_wamid: str | None = None
    edited_type: str | None = None
    errors: tuple[PlatformProblem, ...] = ()


@dataclass(slots=True, frozen=True, kw_only=True)
class InboundMessage(MessageBody):
    """A message from a person, who has a ``bsuid``, a phone number (``from_phone``, a wa_id), or both."""

    wamid: str
    at: datetime | None
    from_phone: str | None
    bsuid: str | None
    parent_bsuid: str | None = None
    username: str | None = None
    profile_name: str | None = None
    group_id: str | None = None


@dataclass(slots=True, frozen=True, kw_only=True)
class Echo(MessageBody):
    """A message that left outside this product: from the phone app or another app of the business."""

    wamid: str
    at: datetime | None
    to_phone: str | None
    to_bsuid: str | None
    source: str  # the webhook field: smb_message_echoes or message_echoes
    group_id: str | None = None


@dataclass(slots=True, frozen=True, kw_only=True)
class StatusUpdate:
    """What became of a message that was sent. ``status`` may be a word nobody has seen yet."""

    wamid: str
    status: str
    at: datetime | None
    recipient_phone: str | None = None
    recipient_bsuid: str | None = None
    recipient_parent_bsuid: str | None = None
    group_id: str | None = None
    participant: str | None = None
    callback_data: str | None = None
    pricing: dict[str, Any] | None = None  # category, type, model (lower case, underscores), billable
    conversation: dict[str, Any] | None = None
    errors: tuple[PlatformProblem, ...] = ()


@dataclass(slots=True, frozen=True, kw_only=True)
class IdentityChange:
    """The platform says that a person has another number or id now, or that somebody else may hold the number."""

    wamid: str | None
    kind: str  # user_changed_number, user_changed_user_id, customer_identity_changed
    at: datetime | None
    old_phone: str | None
    new_phone: str | None
    old_bsuid: str | None
    new_bsuid: str | None
    old_parent_bsuid: str | None = None
    new_parent_bsuid: str | None = None
    body: str | None = None
    identity: dict[str, Any] | None = None


@dataclass(slots=True, frozen=True, kw_only=True)
class HistoryMessage(MessageBody):
    """A message from before the number was connected. Standing alone it brings the file of one that came before."""

    wamid: str
    at: datetime | None
    outbound: bool
    status: str | None


@dataclass(slots=True, frozen=True)
class HistoryThread:
    phone: str | None
    bsuid: str | None
    messages: tuple[HistoryMessage, ...]
    unreadable: tuple[Any, ...] = ()


@dataclass(slots=True, frozen=True)
class HistoryChunk:
    """A part of the coexistence history; ``progress`` runs to 100. Refusal by the owner comes as an error."""

    phase: int | None
    chunk_order: int | None
    progress: int | None
    threads: tuple[HistoryThread, ...]
    errors: tuple[PlatformProblem, ...]


@dataclass(slots=True, frozen=True)
class ContactSync:
    """An entry of the owner's address book (coexistence). ``action`` is add or remove."""

    action: str
    phone: str | None
    bsuid: str | None
    full_name: str | None
    first_name: str | None
    at: datetime | None


@dataclass(slots=True, frozen=True, kw_only=True)
class TemplateEvent:
    """A hint about a message template: fetch it again rather than trusting this. ``language`` has an underscore."""

    field: str
    event: str | None
    template_id: str | None
    name: str | None
    language: str | None
    reason: str | None = None
    category: str | None = None
    previous_category: str | None = None
    correct_category: str | None = None
    quality: str | None = None
    previous_quality: str | None = None
    disabled_at: datetime | None = None
    note: str | None = None
    data: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(slots=True, frozen=True, kw_only=True)
class AccountEvent:
    """Something happened to an account, a number or a setting; ``data`` is the whole value, cleaned."""

    field: str
    event: str | None
    waba_id: str | None
    display_phone_number: str | None = None
    entity_type: str | None = None
    entity_id: str | None = None
    limit: str | None = None  # TIER_… or a number as text
    reason: str | None = None
    at: datetime | None = None
    data: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(slots=True, frozen=True, kw_only=True)
class PreferenceChange:
    """A person stops or resumes a category of messages in the app itself. ``value`` is stop, resume or signup."""

    phone: str | None
    bsuid: str | None
    category: str
    value: str
    at: datetime | None
    detail: str | None = None
    signup_id: str | None = None


@dataclass(slots=True, frozen=True, kw_only=True)
class CallEvent:
    """A call that began, rang, was answered or ended; a call of the person opens the service window."""

    call_id: str
    event: str | None  # connect, terminate, or for call statuses: ringing, accepted, rejected
    phone: str | None
    bsuid: str | None
    inbound: bool | None
    at: datetime | None
    status: str | None = None
    duration: int | None = None  # seconds
    callback_data: str | None = None
    data: dict[str, Any] = dataclasses.field(default_factory=dict)
    errors: tuple[PlatformProblem, ...] = ()


@dataclass(slots=True, frozen=True, kw_only=True)
class GroupChange:
    """A group was made, changed or ended, or people joined and left it.

    change              create, delete, participants_add, participants_remove, settings_update, suspend, …
    joined, left, asks  people as (phone, bsuid)
    by                  participant or business
    """

    group_id: str
    change: str
    at: datetime | None
    subject: str | None = None
    description: str | None = None
    joined: tuple[tuple[str | None, str | None], ...] = ()
    left: tuple[tuple[str | None, str | None], ...] = ()
    asks: tuple[tuple[str | None, str | None], ...] = ()
    by: str | None = None
    errors: tuple[PlatformProblem, ...] = ()


@dataclass(slots=True, frozen=True)
class OutOfBand:
    """Errors that belong to no message (``value.errors``)."""

    errors: tuple[PlatformProblem, ...]


@dataclass(slots=True, frozen=True)
class Unknown:
    """A part that could not be read, kept as it came (cleaned), with the reason in plain words."""

    raw: Any
    reason: str


Event = (
    InboundMessage
    | Echo
    | StatusUpdate
    | IdentityChange
    | HistoryChunk
    | HistoryMessage
    | ContactSync
    | TemplateEvent
    | AccountEvent
    | PreferenceChange
    | CallEvent
    | GroupChange
    | OutOfBand
    | Unknown
)
E = TypeVar("E")


@dataclass(slots=True, frozen=True)
class Parsed:
    """Everything a change says, in its own order.

    standby     the platform's own agent handles the thread: kept, but nobody here is to answer
    """

    change: Change
    events: list[Event]
    display_phone_number: str | None = None
    standby: bool = False

    def of(self, kind: type[E]) -> list[E]:
        """The events of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def messages(self) -> list[InboundMessage]:
        return self.of(InboundMessage)

    @property
    def statuses(self) -> list[StatusUpdate]:
        return self.of(StatusUpdate)
