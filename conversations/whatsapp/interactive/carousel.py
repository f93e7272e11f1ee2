"""Cards side by side, each with a picture or film and one link, or with quick answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from conversations.whatsapp import limits
from conversations.whatsapp.fields import InvalidField
from conversations.whatsapp.interactive.choosing import Button
from conversations.whatsapp.interactive.frame import FILE_LATER, Payload, distinct, interactive, web_address

HEADERS = ("image", "video")


@dataclass(slots=True, frozen=True)
class Card:
    """One card: a picture or film, and what can be tapped under it.

    ``media`` is an https address from which the platform fetches it, or ``FILE_LATER`` for a file of ours. Either
    ``label`` and ``url`` (a link) or ``buttons`` (one to three quick answers).
    """

    media: str
    media_kind: str = "image"
    body: str = ""
    label: str = ""
    url: str = ""
    buttons: Sequence[Button] = field(default=())

    def part(self, number: int) -> Payload:
        place = f"cards.{number}"
        if self.media_kind not in HEADERS:
            raise InvalidField(f"{place}.media_kind", _("A card shows a picture or a film."))
        found: Payload = {
            "card_index": number,
            "type": "button" if self.buttons else "cta_url",
            "header": {"type": self.media_kind, self.media_kind: self._file(place)},
            "action": self._action(place),
        }
        if self.body:
            found["body"] = {"text": limits.text("carousel", "card_body", self.body, place=f"{place}.body")}
        return found

    def _file(self, place: str) -> Payload:
        if self.media == FILE_LATER:
            return {"id": FILE_LATER}
        return {"link": web_address("carousel", "media", self.media, place=f"{place}.media", secure=True)}

    def _action(self, place: str) -> Payload:
        if not self.buttons:
            parameters = {
                "display_text": limits.text("carousel", "label", self.label, place=f"{place}.label"),
                "url": web_address("carousel", "url", self.url, place=f"{place}.url"),
            }
            return {"name": "cta_url", "parameters": parameters}
        if self.label or self.url:
            raise InvalidField(f"{place}.buttons", _("A card has either a link or quick answers, not both."))
        limits.count("carousel", "buttons", self.buttons, place=f"{place}.buttons")
        distinct(f"{place}.buttons", [one.id for one in self.buttons])
        parts = [one.part("carousel", f"{place}.buttons.{at}") for at, one in enumerate(self.buttons)]
        return {"buttons": parts}


@dataclass(slots=True, frozen=True)
class Carousel:
    """Two to ten cards of one make: the same kind of picture and the same number of buttons on each."""

    kind: ClassVar[str] = "carousel"
    body: str
    cards: Sequence[Card]

    def part(self) -> Payload:
        limits.count(self.kind, "cards", self.cards)
        makes = {(card.media_kind, len(card.buttons)) for card in self.cards}
        if len(makes) > 1:
            words = _("All cards need the same make: all pictures or all films, and as many buttons on each.")
            raise InvalidField("cards", words)
        parts = [card.part(number) for number, card in enumerate(self.cards)]
        return interactive(self.kind, "carousel", body=self.body, action={"cards": parts})
