"""What exists, one kind at a time: apps, business accounts, numbers, people, templates, groups and flows."""

import re
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, ClassVar, TypeVar

_COUNTRIES = {"1": "US", "31": "NL", "32": "BE", "33": "FR", "34": "ES", "39": "IT", "44": "GB", "49": "DE", "55": "BR"}
_COUNTRIES |= {"91": "IN", "48": "PL", "41": "CH", "43": "AT", "45": "DK", "46": "SE", "47": "NO", "352": "LU"}
ALL_SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")


class WorldError(ValueError):
    """An object of the world that cannot be taken in; the text names what is wrong."""


@dataclass
class App:
    """A developer's app: its secret signs webhooks, its URL receives them."""

    KIND: ClassVar[str] = "apps"
    id: str
    secret: str
    verify_token: str = ""
    webhook_url: str | None = None


@dataclass
class Waba:
    """A WhatsApp Business Account. Its bearer token opens everything in it.

    portfolio_id      the scope of people's business-scoped ids (see Person.bsuids); the account's own id when absent
    scopes            permissions of the token; token_expires_at in seconds since the epoch, 0 for never
    extra             further fields that a read returns as they are
    state             what the platform remembers about the account: names of deleted templates, insights, rates
    """

    KIND: ClassVar[str] = "wabas"
    id: str
    name: str
    app_id: str
    token: str
    currency: str = "EUR"
    portfolio_id: str | None = None
    subscribed: bool = True
    revoked: bool = False
    override_url: str | None = None
    scopes: list[str] = field(default_factory=lambda: list(ALL_SCOPES))
    token_expires_at: float = 0.0
    extra: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def scope_id(self) -> str:
        """The portfolio, within which a person has one id and limits are shared."""
        return self.portfolio_id or self.id


@dataclass
class Number:
    """A business phone number; throughput in messages per second.

    extra  further fields that a read returns as they are
    state  what the platform keeps beside its fields: profile, settings, automation, username, block list, registration
    """

    KIND: ClassVar[str] = "numbers"
    id: str
    waba_id: str
    display_phone_number: str
    verified_name: str
    quality_rating: str = "GREEN"
    throughput: int = 80
    status: str = "CONNECTED"
    override_url: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def on_phone_app(self) -> bool:
        """The number is shared with the phone app of the business (coexistence)."""
        return bool(self.extra.get("is_on_biz_app"))

    @property
    def digits(self) -> str:
        """The number as the platform writes it in `from`."""
        return re.sub(r"\D", "", self.display_phone_number)


@dataclass
class Person:
    """Somebody with a simulated phone. Without a phone number, only the business-scoped id identifies them.

    shares_phone  False hides an existing phone number from businesses, as for people with a username
    bsuids        portfolio or account id -> the id this business sees, where it differs from `bsuid`
    stopped       accounts whose marketing messages this person stopped
    """

    KIND: ClassVar[str] = "people"
    key: str
    name: str
    phone: str | None = None
    bsuid: str = ""
    username: str | None = None
    shares_phone: bool = True
    online: bool = True
    read_receipts: bool = True
    bsuids: dict[str, str] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)

    @property
    def wa_id(self) -> str | None:
        """The phone number as businesses see it, or None."""
        return self.phone if self.shares_phone else None

    def bsuid_for(self, waba: Waba) -> str:
        """The id under which this business knows the person."""
        return self.bsuids.get(waba.portfolio_id or waba.id) or self.bsuids.get(waba.id) or self.bsuid


@dataclass
class Template:
    """A message template in one language."""

    KIND: ClassVar[str] = "templates"
    id: str
    waba_id: str
    name: str
    language: str
    category: str
    status: str
    components: list[dict[str, Any]]
    parameter_format: str = "POSITIONAL"
    extra: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)


@dataclass
class Group:
    """A group made by a number. `members` and `waiting` (asked to join) are people's keys; `pinned`: wamid -> until."""

    KIND: ClassVar[str] = "groups"
    id: str
    number_id: str
    subject: str
    description: str = ""
    members: list[str] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    join_approval_mode: str = "auto_approve"
    made_at: float = 0.0
    invite: str = ""
    suspended: bool = False
    pinned: dict[str, float] = field(default_factory=dict)


@dataclass
class Flow:
    """A form that a business made. `json` is its document as text."""

    KIND: ClassVar[str] = "flows"
    id: str
    waba_id: str
    name: str
    status: str = "DRAFT"
    categories: list[str] = field(default_factory=list)
    json: str = ""
    endpoint_uri: str | None = None
    changed_at: float = 0.0


Thing = App | Waba | Number | Person | Template | Group | Flow
T = TypeVar("T", App, Waba, Number, Person, Template, Group, Flow)


def dial_code_of(phone: str | None) -> str:
    """The country calling code of a phone number's digits; 31 where it cannot be told."""
    return next((phone[:length] for length in (3, 2, 1) if phone and phone[:length] in _COUNTRIES), "31")


def country_of(phone: str | None) -> str:
    """The ISO country of a phone number's digits; NL where it cannot be told."""
    return _COUNTRIES[dial_code_of(phone)]


def as_dict(thing: Thing) -> dict[str, Any]:
    """A thing as it stands in a world document."""
    return asdict(thing)


def put(shelf: dict[str, T], kind: type[T], key: str, item: dict[str, Any]) -> T:
    known = {f.name: f for f in fields(kind)}
    given = {name: value for name, value in item.items() if name in known}
    rest = {name: value for name, value in item.items() if name not in known}
    for name in ("id", "waba_id", "app_id", "number_id"):
        if name in given:
            given[name] = str(given[name])
    if rest:
        if "extra" not in known:
            raise WorldError(f"{kind.KIND}: unknown field {', '.join(sorted(rest))}")
        given["extra"] = {**given.get("extra", {}), **rest}
    old = shelf.get(str(given.get(key)))
    if old is not None:
        for name, value in given.items():
            setattr(old, name, {**getattr(old, name), **value} if name in ("extra", "state") else value)
        return old
    missing = [n for n, f in known.items() if n not in given and f.default is MISSING and f.default_factory is MISSING]
    if missing:
        raise WorldError(f"{kind.KIND}: {', '.join(missing)} is missing")
    thing = kind(**given)
    shelf[str(given[key])] = thing
    return thing
