"""Between what somebody writes and the components that the platform keeps, in both directions."""

from collections.abc import Mapping, Sequence
from typing import Any

from conversations.whatsapp.payloads.clean import record, rows, text
from conversations.whatsapp.template_rules.sketch import Button, Card, Code, Samples, Sketch
from conversations.whatsapp.template_text.parts import Layer, examples, is_one_time, layers, names

Component = dict[str, Any]
FORMATS = {"text": "TEXT", "image": "IMAGE", "video": "VIDEO", "document": "DOCUMENT", "location": "LOCATION"}
HANDLE_LATER = ""
SHOP_BUTTONS = {"catalog": ("CATALOG", "View catalog"), "products": ("MPM", "View items"), "product": ("SPM", "View")}
SHOPS = {kind: shop for shop, (kind, _words) in SHOP_BUTTONS.items()}


def parameter_format(sketch: Sketch) -> str:
    """NAMED when a variable has a name, else POSITIONAL."""
    texts = [sketch.header_text if sketch.has_header_text else "", sketch.body, *(card.body for card in sketch.cards)]
    if sketch.kind == "code" or all(name.isdecimal() for written in texts for name in names(written)):
        return "POSITIONAL"
    return "NAMED"


def to_submit(sketch: Sketch, *, handles: Mapping[str, str] | None = None) -> list[Component]:
    """The components of a template for the platform.

    handles  of uploaded samples: ``header``, ``card.0`` …
    """
    held = handles or {}
    if sketch.kind == "code":
        return _code(sketch)
    found: list[Component] = []
    if sketch.kind == "shop":
        found += _shop_header(sketch)
    elif sketch.kind != "carousel" and sketch.header != "none":
        found.append(_header(sketch, held.get("header", HANDLE_LATER)))
    if sketch.kind == "offer":
        offer = {"text": sketch.offer.strip(), "has_expiration": sketch.offer_ends}
        found.append({"type": "LIMITED_TIME_OFFER", "limited_time_offer": offer})
    named = parameter_format(sketch) == "NAMED"
    found.append(_text("BODY", sketch.body, sketch.samples, named=named))
    if sketch.kind in ("standard", "shop") and sketch.footer.strip():
        found.append({"type": "FOOTER", "text": sketch.footer.strip()})
    if sketch.kind == "carousel":
        cards = [_card(sketch, card, held.get(f"card.{at}", ""), named=named) for at, card in enumerate(sketch.cards)]
        found.append({"type": "CAROUSEL", "cards": cards})
    elif sketch.kind == "shop":
        kind, label = SHOP_BUTTONS[sketch.shop if sketch.shop in SHOP_BUTTONS else "catalog"]
        found.append({"type": "BUTTONS", "buttons": [{"type": kind, "text": label}]})
    elif sketch.buttons:
        found.append({"type": "BUTTONS", "buttons": [_button(one) for one in sketch.buttons]})
    return found


def sample_values(sketch: Sketch) -> dict[str, str]:
    """The samples as values of a message, for looking at it as a customer sees it; what has none stays open."""
    if sketch.kind == "code":
        return {"body.1": "123456"}
    found = {f"header.{name}": sample for name, sample in sketch.header_samples.items()}
    found |= {f"body.{name}": sample for name, sample in sketch.samples.items()}
    found |= _link_samples(sketch.buttons, "")
    for at, card in enumerate(sketch.cards):
        found |= {f"card.{at}.body.{name}": sample for name, sample in card.samples.items()}
        found |= _link_samples(card.buttons, f"card.{at}.")
    return {key: value for key, value in found.items() if value.strip()}


def _link_samples(buttons: Sequence[Button], prefix: str) -> dict[str, str]:
    """The end of each sample address, which is what stands for its variable."""
    return {
        f"{prefix}button.{at}": one.sample.removeprefix(one.url.removesuffix("{{1}}"))
        for at, one in enumerate(buttons)
        if one.kind == "URL" and one.url.endswith("{{1}}")
    }


def _shop_header(sketch: Sketch) -> list[Component]:
    """A list of articles has a text above it, one article is the heading itself."""
    if sketch.shop == "product":
        return [{"type": "HEADER", "format": "PRODUCT"}]
    if sketch.shop != "products":
        return []
    named = parameter_format(sketch) == "NAMED"
    header = {"type": "HEADER", "format": "TEXT"}
    return [header | _text("HEADER", sketch.header_text, sketch.header_samples, named=named)]


def _header(sketch: Sketch, handle: str) -> Component:
    header: Component = {"type": "HEADER", "format": FORMATS[sketch.header]}
    if sketch.header == "text":
        named = parameter_format(sketch) == "NAMED"
        return header | _text("HEADER", sketch.header_text, sketch.header_samples, named=named)
    if sketch.has_media and handle:
        header["example"] = {"header_handle": [handle]}
    return header


def _text(kind: str, written: str, samples: Samples, *, named: bool) -> Component:
    words = written.strip()
    found: Component = {"type": kind, "text": words}
    wanted = names(words)
    place = kind.lower()
    if wanted and named:
        listed = [{"param_name": name, "example": samples.get(name, "").strip()} for name in wanted]
        found["example"] = {f"{place}_text_named_params": listed}
    elif wanted:
        values = [samples.get(name, "").strip() for name in wanted]
        found["example"] = {f"{place}_text": values if kind == "HEADER" else [values]}
    return found


def _card(sketch: Sketch, card: Card, handle: str, *, named: bool) -> Component:
    header: Component = {"type": "HEADER", "format": FORMATS.get(sketch.card_media, "IMAGE")}
    if handle:
        header["example"] = {"header_handle": [handle]}
    parts = [header]
    if card.body.strip():
        parts.append(_text("BODY", card.body, card.samples, named=named))
    parts.append({"type": "BUTTONS", "buttons": [_button(one) for one in card.buttons]})
    return {"components": parts}


def _button(button: Button) -> Component:
    label = button.text.strip()
    match button.kind:
        case "URL":
            sample = {"example": [button.sample.strip()]} if "{{" in button.url else {}
            return {"type": "URL", "text": label, "url": button.url.strip(), **sample}
        case "PHONE_NUMBER":
            return {"type": "PHONE_NUMBER", "text": label, "phone_number": button.phone.replace(" ", "")}
        case "COPY_CODE":
            return {"type": "COPY_CODE", "example": button.sample.strip()}
        case "FLOW":
            first = button.screen.strip()
            screen = {"flow_action": "navigate", "navigate_screen": first} if first else {}
            return {"type": "FLOW", "text": label, "flow_id": button.flow_id.strip(), **screen}
        case "REQUEST_CONTACT_INFO":
            return {"type": "REQUEST_CONTACT_INFO"}
    return {"type": "QUICK_REPLY", "text": label}


def _code(sketch: Sketch) -> list[Component]:
    code = sketch.code
    found: list[Component] = [{"type": "BODY", "add_security_recommendation": code.advice}]
    if code.minutes.strip().isdecimal():
        found.append({"type": "FOOTER", "code_expiration_minutes": int(code.minutes)})
    button: Component = {"type": "OTP", "otp_type": code.type}
    if code.label.strip():
        button["text"] = code.label.strip()
    if code.type == "ONE_TAP":
        if code.autofill.strip():
            button["autofill_text"] = code.autofill.strip()
        button["supported_apps"] = [
            {"package_name": app["package"].strip(), "signature_hash": app["hash"].strip()} for app in code.apps
        ]
    return [*found, {"type": "BUTTONS", "buttons": [button]}]


def from_platform(components: Sequence[Any], *, name: str, language: str, category: str) -> Sketch:
    """A sketch of a template that the platform has; the samples of its files stay with the platform."""
    whole, *cards = layers(components)
    sketch = Sketch(name=name, language=language, category=category)
    sketch.buttons = [_read_button(kind, one) for _index, kind, one in whole.buttons]
    if any(is_one_time(kind, one) for _index, kind, one in whole.buttons):
        return _read_code(sketch, whole)
    header, body = whole.part("HEADER"), whole.part("BODY")
    sketch.header = {wire: ours for ours, wire in FORMATS.items()}.get(header.get("format", ""), "none")
    sketch.header_text, sketch.header_samples = _words(header, "header")
    sketch.body, sketch.samples = _words(body, "body")
    sketch.footer = text(whole.part("FOOTER").get("text")) or ""
    offer = record(whole.part("LIMITED_TIME_OFFER").get("limited_time_offer"))
    if offer:
        sketch.kind, sketch.offer = "offer", text(offer.get("text")) or ""
        sketch.offer_ends = offer.get("has_expiration") is True
    shops = [SHOPS[one.kind] for one in sketch.buttons if one.kind in SHOPS]
    if shops:
        sketch.kind, sketch.shop, sketch.buttons = "shop", shops[0], []
    for card in cards:
        sketch.kind = "carousel"
        sketch.card_media = "video" if card.part("HEADER").get("format") == "VIDEO" else "image"
        words, samples = _words(card.part("BODY"), "body")
        buttons = [_read_button(kind, one) for _index, kind, one in card.buttons]
        sketch.cards.append(Card(words, samples, buttons))
    return sketch


def _words(part: Component, place: str) -> tuple[str, Samples]:
    words, shown = text(part.get("text")) or "", examples(part, place)
    return words, {
        name: shown.get(name) or shown.get(str(position)) or "" for position, name in enumerate(names(words), start=1)
    }


def _read_button(kind: str, one: Component) -> Button:
    example = one.get("example")
    first = rows(example)[0] if rows(example) else example
    words = {name: text(one.get(name)) or "" for name in ("text", "url", "phone_number", "navigate_screen")}
    return Button(
        kind=kind,
        text=words["text"],
        url=words["url"],
        sample=text(first) or "",
        phone=words["phone_number"],
        flow_id=str(one.get("flow_id") or ""),
        screen=words["navigate_screen"],
    )


def _read_code(sketch: Sketch, whole: Layer) -> Sketch:
    body, footer, button = whole.part("BODY"), whole.part("FOOTER"), whole.buttons[0][2]
    minutes = footer.get("code_expiration_minutes")
    apps = [record(app) for app in rows(button.get("supported_apps"))]
    kind = str(button.get("otp_type") or "").upper()
    if not kind:  # the platform lists the button as a link that names it
        kind = "ONE_TAP" if "ONE_TAP" in (text(button.get("url")) or "") else "COPY_CODE"
    sketch.kind, sketch.buttons = "code", []
    sketch.code = Code(
        type=kind,
        advice=body.get("add_security_recommendation") is True,
        minutes=str(minutes) if isinstance(minutes, int) else "",
        label=text(button.get("text")) or "",
        autofill=text(button.get("autofill_text")) or "",
        apps=[
            {"package": str(app.get("package_name") or ""), "hash": str(app.get("signature_hash") or "")}
            for app in apps
        ],
    )
    return sketch
