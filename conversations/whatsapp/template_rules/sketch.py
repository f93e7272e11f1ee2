"""A message template as somebody writes it: every field of the form as it was typed, also what does not fit yet."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from conversations.whatsapp.payloads.clean import record, rows

KINDS = ("standard", "carousel", "offer", "shop", "code")
HEADERS = ("none", "text", "image", "video", "document", "location")
SHOPS = ("catalog", "products", "product")
Samples = dict[str, str]


@dataclass(slots=True)
class Button:
    """One button. ``sample`` is the whole address for a link with a variable, or the code to copy."""

    kind: str = "QUICK_REPLY"
    text: str = ""
    url: str = ""
    sample: str = ""
    phone: str = ""
    flow_id: str = ""
    screen: str = ""


@dataclass(slots=True)
class Card:
    """One card of a carousel; ``file`` is the MediaFile of its picture or film."""

    body: str = ""
    samples: Samples = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)
    file: str = ""


@dataclass(slots=True)
class Code:
    """What a template for one-time codes can choose; its words are the platform's own."""

    type: str = "COPY_CODE"
    advice: bool = True
    minutes: str = "10"
    label: str = ""
    autofill: str = ""
    apps: list[dict[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Sketch:
    """What is written; ``kind`` decides which of the parts count, the others are kept for whoever turns back.

    ``file`` is the MediaFile of the heading's sample; ``shop`` says what a template with articles shows: the whole
    catalogue, a list of articles that comes with each message, or one article above the text.
    """

    kind: str = "standard"
    name: str = ""
    language: str = ""
    category: str = ""
    header: str = "none"
    header_text: str = ""
    header_samples: Samples = field(default_factory=dict)
    file: str = ""
    body: str = ""
    samples: Samples = field(default_factory=dict)
    footer: str = ""
    buttons: list[Button] = field(default_factory=list)
    card_media: str = "image"
    cards: list[Card] = field(default_factory=list)
    shop: str = "catalog"
    offer: str = ""
    offer_ends: bool = True
    code: Code = field(default_factory=Code)
    ttl: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def has_header_text(self) -> bool:
        """Whether a text of ours stands above the body."""
        if self.kind == "shop":
            return self.shop == "products"
        return self.kind != "carousel" and self.header == "text"

    @property
    def has_media(self) -> bool:
        return self.kind in ("standard", "offer") and self.header in ("image", "video", "document")

    @property
    def files(self) -> dict[str, str]:
        """The ids of the sample files that count, by place: ``header``, ``card.0`` …"""
        if self.kind == "carousel":
            return {f"card.{at}": card.file for at, card in enumerate(self.cards) if card.file}
        return {"header": self.file} if self.has_media and self.file else {}


def from_json(kept: Any) -> Sketch:
    """A sketch that was kept; what a field cannot hold is left out."""
    found = record(kept)
    sketch: Sketch = _of(Sketch, found, skip=("buttons", "cards", "code"))
    sketch.buttons = _buttons(found)
    sketch.code = _of(Code, record(found.get("code")), skip=("apps",))
    apps = rows(record(found.get("code")).get("apps"))
    sketch.code.apps = [{name: str(record(app).get(name) or "") for name in ("package", "hash")} for app in apps]
    sketch.cards = []
    for kept_card in rows(found.get("cards")):
        card = _of(Card, record(kept_card), skip=("buttons",))
        card.buttons = _buttons(record(kept_card))
        sketch.cards.append(card)
    return sketch


def _buttons(found: dict[str, Any]) -> list[Button]:
    return [_of(Button, record(button)) for button in rows(found.get("buttons"))]


def _of(shape: type[Any], found: dict[str, Any], *, skip: tuple[str, ...] = ()) -> Any:
    made = shape()
    for one in fields(shape):
        value, default = found.get(one.name), getattr(made, one.name)
        if one.name in skip or type(value) is not type(default):
            continue
        if isinstance(value, dict):
            value = {str(name): text for name, text in value.items() if isinstance(text, str)}
        setattr(made, one.name, value)
    return made
