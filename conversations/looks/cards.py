"""Contact cards that people share: names, numbers, and whether somebody can be written to from here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conversations.looks.parts import listed, part, words
from conversations.models import Message
from conversations.shown import shown_content
from conversations.whatsapp.payloads.clean import wa_id


@dataclass(frozen=True, slots=True)
class Phone:
    """``wa_id`` where the platform says that this number is on WhatsApp."""

    number: str
    kind: str
    wa_id: str


@dataclass(frozen=True, slots=True)
class Card:
    """``index`` is its place in the message; ``own`` when it answers our question for the person's own number."""

    index: int
    name: str
    phones: Sequence[Phone]
    lines: Sequence[str]
    own: bool

    @property
    def wa_id(self) -> str:
        return next((phone.wa_id for phone in self.phones if phone.wa_id), "")


def contact_cards(message: Message) -> list[Card]:
    """The cards of a message."""
    cards = listed(part(shown_content(message), "contacts"))
    return [_card(index, card) for index, card in enumerate(cards) if isinstance(card, dict)]


def _card(index: int, card: dict[str, Any]) -> Card:
    name = part(card, "name")
    shown = words(part(name, "formatted_name")) or words(part(name, "first_name"))
    phones = [_phone(phone) for phone in listed(card.get("phones")) if isinstance(phone, dict)]
    organisation = part(card, "org")
    lines = [" · ".join(filter(None, (words(part(organisation, key)) for key in ("title", "department", "company"))))]
    lines += [words(part(mail, "email")) for mail in listed(card.get("emails"))]
    lines += [words(part(url, "url")) for url in listed(card.get("urls"))]
    lines += [_address(address) for address in listed(card.get("addresses"))]
    lines.append(words(card.get("birthday"), limit=40))
    own = card.get("origin") == "contact_request"
    return Card(index, shown, [one for one in phones if one.number], [line for line in lines if line], own)


def _phone(phone: dict[str, Any]) -> Phone:
    known = wa_id(phone.get("wa_id"))
    number = words(phone.get("phone"), limit=40) or (f"+{known}" if known else "")
    return Phone(number, words(phone.get("type"), limit=20).capitalize(), known or "")


def _address(address: Any) -> str:
    place = " ".join(filter(None, (words(part(address, key)) for key in ("zip", "city"))))
    return ", ".join(filter(None, (words(part(address, "street")), place, words(part(address, "country")))))
