"""Messages a person answers by tapping: what each offers, checked against the platform's limits before it is kept.

Every offer is a value whose ``part()`` is the ``interactive`` object of the body; ``kind`` names it in the table of
limits and in the API.
"""

from conversations.whatsapp.interactive.carousel import Card, Carousel
from conversations.whatsapp.interactive.choosing import Button, Buttons, List, Row, Section
from conversations.whatsapp.interactive.frame import FILE_LATER, Frame, Offer
from conversations.whatsapp.interactive.opening import Address, Flow, Link, VoiceCall
from conversations.whatsapp.interactive.requests import AskCallPermission, AskLocation, AskPhoneNumber
from conversations.whatsapp.interactive.shop import Catalog, Product, ProductList, ProductSection

__all__ = [
    "FILE_LATER",
    "Address",
    "AskCallPermission",
    "AskLocation",
    "AskPhoneNumber",
    "Button",
    "Buttons",
    "Card",
    "Carousel",
    "Catalog",
    "Flow",
    "Frame",
    "Link",
    "List",
    "Offer",
    "Product",
    "ProductList",
    "ProductSection",
    "Row",
    "Section",
    "VoiceCall",
]
