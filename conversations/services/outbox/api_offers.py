"""Turns the parts of an API call into offers: buttons, lists, links, questions, forms, articles, cards."""

from collections.abc import Callable
from datetime import date
from typing import Any

from conversations.whatsapp import interactive
from conversations.whatsapp.interactive import Frame, Offer

Part = dict[str, Any]
HEADINGS = ("image", "video", "document")


def plain(value: Any) -> Any:
    """The same as JSON can keep it: what a serializer read may hold dates."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _frame(part: Part, file: str) -> Frame:
    media = (file, interactive.FILE_LATER) if file else None
    return Frame(part.get("header", ""), header_media=media, footer=part.get("footer", ""))


def _buttons(part: Part, file: str) -> Offer:
    buttons = [interactive.Button(**one) for one in part["buttons"]]
    return interactive.Buttons(part["body"], buttons, _frame(part, file))


def _list(part: Part, file: str) -> Offer:
    sections = [
        interactive.Section([interactive.Row(**row) for row in one["rows"]], one["title"]) for one in part["sections"]
    ]
    return interactive.List(part["body"], part["button"], sections, _frame(part, file))


def _link(part: Part, file: str) -> Offer:
    return interactive.Link(part["body"], part["label"], part["url"], _frame(part, file))


def _flow(part: Part, file: str) -> Offer:
    return interactive.Flow(
        part["body"],
        part["label"],
        part["flow_id"],
        screen=part["screen"],
        data=plain(part["data"]),
        draft=part["draft"],
        frame=_frame(part, file),
    )


def _product(part: Part, file: str) -> Offer:
    return interactive.Product(part["catalog_id"], part["product_id"], part["body"], part["footer"])


def _product_list(part: Part, file: str) -> Offer:
    sections = [interactive.ProductSection(one["product_ids"], one["title"]) for one in part["sections"]]
    return interactive.ProductList(part["body"], part["header"], part["catalog_id"], sections, part["footer"])


def _carousel(part: Part, file: str) -> Offer:
    cards = []
    for one in part["cards"]:
        buttons = [interactive.Button(**button) for button in one["buttons"]]
        media = interactive.FILE_LATER if "media_id" in one else one["media"]
        told = {name: value for name, value in one.items() if name != "media_id"}
        cards.append(interactive.Card(**{**told, "media": media, "buttons": buttons}))
    return interactive.Carousel(part["body"], cards)


MAKERS: dict[str, Callable[[Part, str], Offer]] = {
    "buttons": _buttons,
    "list": _list,
    "link": _link,
    "ask_location": lambda part, file: interactive.AskLocation(part["body"]),
    "ask_phone_number": lambda part, file: interactive.AskPhoneNumber(part["body"]),
    "call_permission": lambda part, file: interactive.AskCallPermission(part["body"]),
    "voice_call": lambda part, file: interactive.VoiceCall(part["body"], part["label"], part["days"]),
    "flow": _flow,
    "product": _product,
    "product_list": _product_list,
    "catalog": lambda part, file: interactive.Catalog(part["body"], part["product_id"], part["footer"]),
    "address": lambda part, file: interactive.Address(part["body"], part["country"], part["values"]),
    "carousel": _carousel,
}
