"""Reads the form of a template as it was typed, and changes its shape: buttons, cards, apps come, move and go."""

from collections.abc import Iterator, Mapping
from typing import Any

from conversations.whatsapp.template_rules import Button, Card, Code, Sketch, limits
from conversations.whatsapp.template_rules.sketch import HEADERS, KINDS, SHOPS

MAX_TYPED_CHARS = 10_000
MOST_BUTTONS, MOST_CARDS, MOST_APPS = 12, 12, 6


def read(data: Mapping[str, Any], *, before: Sketch) -> Sketch:
    """What the form holds. Files stay as they were: they come on their own way."""
    typed = Typed(data)
    kind, header = typed("kind", before.kind), typed("header", before.header)
    shop = typed("shop", before.shop)
    sketch = Sketch(
        kind=kind if kind in KINDS else before.kind,
        name=typed("name", before.name).strip().lower(),
        language=typed("language", before.language),
        category=typed("category", before.category),
        header=header if header in HEADERS else before.header,
        header_text=typed("header_text", before.header_text),
        header_samples={**before.header_samples, **typed.samples("header_sample.")},
        file=before.file,
        body=typed("body", before.body),
        samples={**before.samples, **typed.samples("sample.")},
        footer=typed("footer", before.footer),
        buttons=_buttons(typed, "") if "buttons" in data else before.buttons,
        card_media="video" if typed("card_media", before.card_media) == "video" else "image",
        cards=_cards(typed, before) if "cards" in data else before.cards,
        shop=shop if shop in SHOPS else before.shop,
        offer=typed("offer", before.offer),
        offer_ends=(typed("offer_ends") == "on") if "offer" in data else before.offer_ends,
        code=_code(typed) if "code_type" in data else before.code,
        ttl=typed("ttl", before.ttl).strip(),
    )
    if sketch.kind == "code":
        sketch.category = "AUTHENTICATION"
    elif sketch.kind == "offer":
        sketch.category = "MARKETING"
    return sketch


class Typed:
    """The fields of a request as plain text."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    def __call__(self, name: str, default: str = "") -> str:
        value = self.data.get(name, default)
        text = str(value).replace("\r\n", "\n").replace("\x00", "\ufffd")
        return text[:MAX_TYPED_CHARS]

    def samples(self, prefix: str) -> dict[str, str]:
        return {name.removeprefix(prefix): self(name) for name in self.data if name.startswith(prefix)}

    def positions(self, name: str, most: int) -> Iterator[int]:
        """``name`` is a field that says how many rows the form shows."""
        count = self(name)
        yield from range(min(int(count), most) if count.isdecimal() else 0)


def _buttons(typed: Typed, prefix: str) -> list[Button]:
    found = []
    for at in typed.positions(f"{prefix}buttons", MOST_BUTTONS):
        key = f"{prefix}button.{at}."
        names = ("text", "url", "sample", "phone", "flow_id", "screen")
        button = Button(**{name: typed(key + name) for name in names})
        kind = typed(key + "kind")
        button.kind = kind if kind in limits.BUTTON_KINDS else "QUICK_REPLY"
        found.append(button)
    return found


def _cards(typed: Typed, before: Sketch) -> list[Card]:
    found = []
    for at in typed.positions("cards", MOST_CARDS):
        old = before.cards[at] if at < len(before.cards) else Card()
        key = f"card.{at}."
        samples = {**old.samples, **typed.samples(f"{key}sample.")}
        found.append(Card(typed(f"{key}body"), samples, _buttons(typed, key), old.file))
    return found


def _code(typed: Typed) -> Code:
    apps = [
        {"package": typed(f"app.{at}.package"), "hash": typed(f"app.{at}.hash")}
        for at in typed.positions("apps", MOST_APPS)
    ]
    return Code(
        type="ONE_TAP" if typed("code_type") == "ONE_TAP" else "COPY_CODE",
        advice=typed("code_advice") == "on",
        minutes=typed("code_minutes").strip(),
        label=typed("code_label"),
        autofill=typed("code_autofill"),
        apps=apps,
    )


def act(sketch: Sketch, what: str) -> None:
    """Change the shape: ``add:URL``, ``remove:2``, ``up:2``, ``card.add``, ``card.0.add:URL``, ``app.add`` …"""
    place, _colon, value = what.partition(":")
    *where, deed = place.split(".")
    if where == ["card"]:
        _act_on_cards(sketch, deed, value)
    elif where == ["app"]:
        _act_on_apps(sketch, deed, value)
    elif not where:
        _act_on_buttons(sketch.buttons, deed, value, kinds=limits.BUTTON_KINDS)
    elif len(where) == 2 and where[0] == "card" and where[1].isdecimal() and int(where[1]) < len(sketch.cards):
        _act_on_buttons(sketch.cards[int(where[1])].buttons, deed, value, kinds=limits.CARD_BUTTON_KINDS)


def _act_on_buttons(buttons: list[Button], deed: str, value: str, *, kinds: tuple[str, ...]) -> None:
    if deed == "add" and value in kinds and len(buttons) < limits.MAX_BUTTONS:
        buttons.append(Button(kind=value))
        return
    at = int(value) if value.isdecimal() else -1
    if not 0 <= at < len(buttons):
        return
    if deed == "remove":
        buttons.pop(at)
    elif deed == "up" and at:
        buttons[at - 1], buttons[at] = buttons[at], buttons[at - 1]
    elif deed == "down" and at + 1 < len(buttons):
        buttons[at + 1], buttons[at] = buttons[at], buttons[at + 1]


def _act_on_cards(sketch: Sketch, deed: str, value: str) -> None:
    if deed == "add" and len(sketch.cards) < limits.CARDS[1]:
        like = sketch.cards[-1].buttons if sketch.cards else [Button()]
        sketch.cards.append(Card(buttons=[Button(kind=one.kind) for one in like]))
    elif deed == "remove" and value.isdecimal() and int(value) < len(sketch.cards):
        sketch.cards.pop(int(value))


def _act_on_apps(sketch: Sketch, deed: str, value: str) -> None:
    if deed == "add" and len(sketch.code.apps) < limits.MAX_APPS:
        sketch.code.apps.append({"package": "", "hash": ""})
    elif deed == "remove" and value.isdecimal() and int(value) < len(sketch.code.apps):
        sketch.code.apps.pop(int(value))
