"""The types of message an integrator may send, one part each. Lengths stand in the table of limits."""

from typing import Any

from rest_framework import serializers

from conversations.whatsapp import limits
from conversations.whatsapp.interactive.opening import ADDRESS_COUNTRIES, MAX_CALL_DAYS

Part = serializers.Serializer[Any]
HEADING_FILE = "A file uploaded as /api/v1/media (picture, film or document) above the text, instead of header"


def words(kind: str, field: str, **more: Any) -> serializers.CharField:
    """A text field with the length that the platform takes."""
    limit = limits.of(kind, field)
    if not limit.least:
        more = {"default": "", "allow_blank": True} | more
    return serializers.CharField(max_length=limit.most, trim_whitespace=False, **more)


class TextPart(Part):
    body = words("text", "body")
    preview_url = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Show the page of the first link; by itself with a link",
    )


class LinkField(serializers.CharField):
    """Where a file stands; it is fetched by a worker, never while the call waits."""

    def __init__(self, **more: Any) -> None:
        told = (
            "A public https address from which the file is fetched after the call; the message waits for it and "
            "fails with a code that begins with link_ when it cannot be had"
        )
        super().__init__(max_length=2000, help_text=told, **more)


class MediaPart(Part):
    """A file: one that was uploaded first (``media_id``), or the address where it stands (``link``)."""

    media_id = serializers.UUIDField(required=False, help_text="What POST /api/v1/media gave")
    link = LinkField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("media_id" in attrs) == ("link" in attrs):
            raise serializers.ValidationError("Give exactly one of media_id and link.")
        return attrs


class CaptionedPart(MediaPart):
    caption = words("image", "caption")


class DocumentPart(CaptionedPart):
    filename = serializers.CharField(
        max_length=200, default="", allow_blank=True, help_text="Shown to the person; for a link only"
    )


class AudioPart(MediaPart):
    voice = serializers.BooleanField(default=False, help_text="A voice note; for a link only, an upload says so itself")


class LocationPart(Part):
    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)
    name = words("location", "name")
    address = words("location", "address")


class NamePart(Part):
    formatted_name = words("contacts", "name")
    first_name = serializers.CharField(max_length=1000, required=False)
    last_name = serializers.CharField(max_length=1000, required=False)
    middle_name = serializers.CharField(max_length=1000, required=False)
    prefix = serializers.CharField(max_length=1000, required=False)
    suffix = serializers.CharField(max_length=1000, required=False)


class PhonePart(Part):
    phone = words("contacts", "phone")
    type = serializers.CharField(max_length=20, required=False)
    wa_id = serializers.RegexField(r"^\d{5,17}$", required=False)


class EmailPart(Part):
    email = words("contacts", "email")
    type = serializers.CharField(max_length=20, required=False)


class UrlPart(Part):
    url = serializers.URLField(max_length=2000)
    type = serializers.CharField(max_length=20, required=False)


class AddressLinesPart(Part):
    street = serializers.CharField(max_length=1000, required=False)
    city = serializers.CharField(max_length=1000, required=False)
    state = serializers.CharField(max_length=1000, required=False)
    zip = serializers.CharField(max_length=40, required=False)
    country = serializers.CharField(max_length=1000, required=False)
    country_code = serializers.CharField(max_length=2, required=False)
    type = serializers.CharField(max_length=20, required=False)


class OrgPart(Part):
    company = serializers.CharField(max_length=1000, required=False)
    department = serializers.CharField(max_length=1000, required=False)
    title = serializers.CharField(max_length=1000, required=False)


class ContactCardPart(Part):
    """A contact card in the platform's own shape."""

    name = NamePart()
    phones = PhonePart(many=True, required=False)
    emails = EmailPart(many=True, required=False)
    urls = UrlPart(many=True, required=False)
    addresses = AddressLinesPart(many=True, required=False)
    org = OrgPart(required=False)
    birthday = serializers.DateField(required=False)


class ReactionPart(Part):
    message_id = serializers.UUIDField(help_text="The id of the message here, not the platform's")
    emoji = words("reaction", "emoji", help_text="One emoji; empty takes ours away")


class ButtonPart(Part):
    id = words("buttons", "id", help_text="Comes back when the person taps it")
    title = words("buttons", "title")


class ButtonsPart(Part):
    """A text with one to three answers to tap."""

    body = words("buttons", "body")
    header = words("buttons", "header")
    header_media_id = serializers.UUIDField(required=False, help_text=HEADING_FILE)
    footer = words("buttons", "footer")
    buttons = ButtonPart(many=True)


class RowPart(Part):
    id = words("list", "id")
    title = words("list", "title")
    description = words("list", "description")


class SectionPart(Part):
    title = words("list", "section_title", default="", allow_blank=True)
    rows = RowPart(many=True)


class ListPart(Part):
    """A text with a list that opens: at most ten rows in all sections together."""

    body = words("list", "body")
    header = words("list", "header")
    footer = words("list", "footer")
    button = words("list", "button")
    sections = SectionPart(many=True)


class LinkPart(Part):
    """A text with one button that opens a web page."""

    body = words("link", "body")
    header = words("link", "header")
    header_media_id = serializers.UUIDField(required=False, help_text=HEADING_FILE)
    footer = words("link", "footer")
    label = words("link", "label")  # type: ignore[assignment]
    url = words("link", "url")


class AskPart(Part):
    """A question that the person answers with one tap: where they are, or their phone number."""

    body = words("ask_location", "body")


class CallPermissionPart(Part):
    """A question whether the business may call; WhatsApp allows one a day and two a week per person."""

    body = words("call_permission", "body")


class VoiceCallPart(Part):
    """A text with a button with which the person calls the business."""

    body = words("voice_call", "body")
    label = words("voice_call", "label")  # type: ignore[assignment]
    days = serializers.IntegerField(min_value=1, max_value=MAX_CALL_DAYS, default=7)


class FlowPart(Part):
    """A text with a button that opens a form. The answer's ``flow_token`` is the id of this message."""

    body = words("flow", "body")
    header = words("flow", "header")
    footer = words("flow", "footer")
    label = words("flow", "label")  # type: ignore[assignment]
    flow_id = words("flow", "flow_id")
    screen = words("flow", "screen", help_text="Opens there (navigate); without, the form's server says where")
    data = serializers.DictField(default=dict, help_text="Values for the first screen")  # type: ignore[assignment]
    draft = serializers.BooleanField(default=False)


class ProductPart(Part):
    body = words("product", "body")
    footer = words("product", "footer")
    catalog_id = words("product", "catalog_id")
    product_id = words("product", "product_id")


class ProductSectionPart(Part):
    title = words("product_list", "section_title", default="", allow_blank=True)
    product_ids = serializers.ListField(child=words("product_list", "product_id"))


class ProductListPart(Part):
    """Up to thirty articles of a catalogue under headings."""

    body = words("product_list", "body")
    header = words("product_list", "header", allow_blank=False, required=True, default=serializers.empty)
    footer = words("product_list", "footer")
    catalog_id = words("product_list", "catalog_id")
    sections = ProductSectionPart(many=True)


class CatalogPart(Part):
    body = words("catalog", "body")
    footer = words("catalog", "footer")
    product_id = words("catalog", "product_id", help_text="The article whose picture is shown")


class AddressPart(Part):
    """A text with the form for an address."""

    body = words("address", "body")
    country = serializers.ChoiceField(choices=ADDRESS_COUNTRIES)
    values = serializers.DictField(child=serializers.CharField(max_length=1000), default=dict)


class CardPart(Part):
    """One card: a link (``label`` and ``url``) or one to three ``buttons`` under a picture or film.

    The picture or film is an upload (``media_id``), or an address from which WhatsApp fetches it (``media``).
    """

    media = words(
        "carousel",
        "media",
        default="",
        allow_blank=True,
        help_text="https address from which WhatsApp fetches the picture or film",
    )
    media_id = serializers.UUIDField(required=False, help_text="What POST /api/v1/media gave, instead of media")
    media_kind = serializers.ChoiceField(choices=["image", "video"], default="image")
    body = words("carousel", "card_body")
    label = words("carousel", "label", default="", allow_blank=True)  # type: ignore[assignment]
    url = words("carousel", "url", default="", allow_blank=True)
    buttons = ButtonPart(many=True, default=list)


class CarouselPart(Part):
    """Two to ten cards of one make, side by side."""

    body = words("carousel", "body")
    cards = CardPart(many=True)
