"""What a line of a script says, in the two shapes that are needed: columns of our message and the platform's object."""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from config.demo.message_templates import filled
from config.demo.script import Line

FILES = ("image", "video", "audio", "document", "sticker")
AFTERWARDS = ("react", "edit", "revoke")  # what happens to an earlier message


@dataclass(slots=True)
class Said:
    """``type``, ``body`` and ``content`` as ours; ``wire`` is the platform's object under ``wire_type``."""

    type: str
    body: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    wire: Any = None
    category: str = "service"
    purpose: str = "reply"
    quotes: bool = False


def said(line: Line, *, args: tuple[str, ...], text: str, dice: Random) -> Said:
    """Raises KeyError for a kind that nobody can say."""
    if line.kind in FILES:
        caption = text if line.kind in ("image", "video", "document") else ""
        return Said(line.kind, caption, wire={"caption": caption} if caption else {})
    return MAKERS[line.kind](args, text, dice)


def _text(args: tuple[str, ...], text: str, dice: Random) -> Said:
    return Said("text", text, wire={"body": text})


def _referral(args: tuple[str, ...], text: str, dice: Random) -> Said:
    """Somebody who came from an advertisement."""
    origin = {"source_type": "ad", "source_id": "120210000000000001", "headline": args[0], "body": args[1]}
    origin["source_url"] = "https://fb.example/ad"
    return Said("text", text, {"referral": origin}, wire={"body": text})


def _location(args: tuple[str, ...], text: str, dice: Random) -> Said:
    name, address, latitude, longitude = args
    place: dict[str, Any] = {"latitude": float(latitude), "longitude": float(longitude)}
    place |= {key: value for key, value in (("name", name), ("address", address)) if value}
    return Said("location", content=place, wire=place)


def _contacts(args: tuple[str, ...], text: str, dice: Random) -> Said:
    name, phone = args
    card = {
        "name": {"formatted_name": name, "first_name": name.split()[0]},
        "phones": [{"phone": phone, "type": "WORK"}],
    }
    return Said("contacts", content={"contacts": [card]}, wire=[card])


def _order(args: tuple[str, ...], text: str, dice: Random) -> Said:
    items = [
        {"product_retailer_id": sku, "quantity": int(quantity), "item_price": float(price), "currency": "EUR"}
        for sku, quantity, price in (arg.split("*") for arg in args)
    ]
    order = {"catalog_id": "311200000000001", "product_items": items, **({"text": text} if text else {})}
    return Said("order", text, order, wire=order)


def _button(args: tuple[str, ...], text: str, dice: Random) -> Said:
    button = {"payload": args[0] if args else text.lower(), "text": text}
    return Said("button", text, button, wire=button, quotes=True)


def _choice(args: tuple[str, ...], text: str, dice: Random) -> Said:
    reply = {"id": args[0] if args else text.lower().replace(" ", "_"), "title": text}
    wire = {"type": "button_reply", "button_reply": reply}
    return Said("interactive", text, {**reply, "kind": "button_reply"}, wire=wire, quotes=True)


def _row(args: tuple[str, ...], text: str, dice: Random) -> Said:
    reply = {"id": text.lower().replace(" ", "_"), "title": text, **({"description": args[0]} if args else {})}
    wire = {"type": "list_reply", "list_reply": reply}
    return Said("interactive", text, {**reply, "kind": "list_reply"}, wire=wire, quotes=True)


def _form(args: tuple[str, ...], text: str, dice: Random) -> Said:
    answers = dict(arg.partition("=")[::2] for arg in args)
    content = {"kind": "nfm_reply", "name": "flow", "body": text, "response": answers}
    wire = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": text, "response_json": json.dumps(answers)}}
    return Said("interactive", text, content, wire=wire, quotes=True)


def _unsupported(args: tuple[str, ...], text: str, dice: Random) -> Said:
    problem = {"code": 131051, "title": "Message type unknown", "message": "Message type unknown", "details": ""}
    return Said("unsupported", content={"type": args[0], "errors": [problem]}, wire={"type": args[0]})


def _unseen(args: tuple[str, ...], text: str, dice: Random) -> Said:
    return Said(args[0], content={"raw": {"name": text}}, wire={"name": text})


def _interactive(part: dict[str, Any], text: str) -> Said:
    whole = {**part, "body": {"text": text}}
    return Said("interactive", text, {"interactive": whole}, wire=whole)


def _buttons(args: tuple[str, ...], text: str, dice: Random) -> Said:
    replies = [{"type": "reply", "reply": {"id": arg.lower().replace(" ", "_"), "title": arg}} for arg in args]
    return _interactive({"type": "button", "action": {"buttons": replies}}, text)


def _list(args: tuple[str, ...], text: str, dice: Random) -> Said:
    label, *titles = args
    rows = [{"id": title.lower().replace(" ", "_"), "title": title} for title in titles]
    return _interactive({"type": "list", "action": {"button": label, "sections": [{"rows": rows}]}}, text)


def _link(args: tuple[str, ...], text: str, dice: Random) -> Said:
    parameters = {"display_text": args[0], "url": f"https://{args[1]}"}
    return _interactive({"type": "cta_url", "action": {"name": "cta_url", "parameters": parameters}}, text)


def _ask_location(args: tuple[str, ...], text: str, dice: Random) -> Said:
    return _interactive({"type": "location_request_message", "action": {"name": "send_location"}}, text)


def _ask_phone(args: tuple[str, ...], text: str, dice: Random) -> Said:
    return _interactive({"type": "request_contact_info", "action": {"name": "request_contact_info"}}, text)


def _template(args: tuple[str, ...], text: str, dice: Random) -> Said:
    """``[template:name;language;value;value…]``; the line's text is the case that it is about."""
    name, language, *values = args
    template = filled(name, language, values)
    content = {
        "template": {"name": name, "language": language, "category": template.category.lower()},
        "components": template.sent,
        "buttons": template.buttons,
        "reference": text,
    }
    purpose = "marketing" if template.category == "MARKETING" else "service"
    category = template.category.lower()
    return Said("template", template.shown, content, wire=template.seen, category=category, purpose=purpose)


def _react(args: tuple[str, ...], text: str, dice: Random) -> Said:
    return Said("reaction", content={"emoji": args[0] if args else ""}, quotes=True)


MAKERS = {
    "text": _text,
    "referral": _referral,
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "button": _button,
    "choice": _choice,
    "row": _row,
    "form": _form,
    "unsupported": _unsupported,
    "unseen": _unseen,
    "buttons": _buttons,
    "list": _list,
    "link": _link,
    "ask_location": _ask_location,
    "ask_phone": _ask_phone,
    "template": _template,
    "react": _react,
}
