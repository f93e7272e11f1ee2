"""A message template with what fills it, as an integrator sends it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conversations.api.parts import LinkField, MediaPart, Part, ProductSectionPart
from conversations.models import Message

MAX_VALUE_CHARS = 2000


class ArticlesPart(Part):
    """Articles in sections; ``thumbnail`` is the one whose picture is shown, by itself the first."""

    thumbnail = serializers.CharField(max_length=100, default="", allow_blank=True)
    sections = ProductSectionPart(many=True)


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "object", "additionalProperties": {}}]})
class TemplateValue(serializers.Field[Any, Any, Any, Any]):
    """A text, a place, an article, or sections of articles."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, str | int | float | dict):
            raise serializers.ValidationError("A text, or an object: a place, an article or sections of articles.")
        if isinstance(data, dict) and "sections" in data:
            return ArticlesPart().run_validation(data)
        if isinstance(data, dict):
            return {str(name)[:40]: str(value)[:1000] for name, value in list(data.items())[:10]}
        text = str(data)
        if len(text) > MAX_VALUE_CHARS:
            raise serializers.ValidationError(f"At most {MAX_VALUE_CHARS} characters.")
        return text

    def to_representation(self, value: Any) -> Any:
        return value


class CardFilePart(MediaPart):
    card = serializers.IntegerField(min_value=0, max_value=9, help_text="0 for the first card")


class TemplatePart(Part):
    """An approved template; ``values`` fills its blanks by the keys that ``GET /templates/{id}`` lists as ``blanks``.

    ``body.1`` or ``body.first_name``, ``header.1``, ``button.0`` (the end of a link, or a code), ``header.location``
    (an object with latitude, longitude, name and address), ``offer.ends`` (a moment with its zone), the same after
    ``card.0.`` for the first card; ``button.0.payload`` and ``button.0.token`` as you like. Of a catalogue:
    ``header.product`` (an object with catalog_id and product_id), ``button.0.products`` (an object with sections of
    title and product_ids, perhaps a thumbnail), ``button.0.thumbnail`` (an article's id) as you like.
    """

    name = serializers.CharField(max_length=512)
    language = serializers.CharField(max_length=10)
    values = serializers.DictField(
        child=TemplateValue(), default=dict, help_text="Texts by key; a place is an object with latitude and longitude"
    )
    media_id = serializers.UUIDField(
        required=False, help_text="An uploaded file for the heading; else the template's own goes along"
    )
    link = LinkField(required=False)
    cards = CardFilePart(
        many=True,
        required=False,
        help_text="Files for the cards of a carousel; cards that are not named show the template's own",
    )
    purpose = serializers.ChoiceField(
        choices=[p for p in Message.Purpose.choices if p[0] != Message.Purpose.REPLY],
        help_text="Why it is sent. Marketing needs proof of consent.",
    )
    reference = serializers.CharField(
        max_length=200, default="", allow_blank=True, help_text="The case or order a service message is about"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "media_id" in attrs and "link" in attrs:
            raise serializers.ValidationError("Give one of media_id and link, not both.")
        named = [one["card"] for one in attrs.get("cards", [])]
        if len(set(named)) != len(named):
            raise serializers.ValidationError({"cards": "Name each card once."})
        return attrs
