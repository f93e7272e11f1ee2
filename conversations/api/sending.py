"""What an integrator may ask to be sent, and to whom."""

from typing import Any

from rest_framework import serializers

from conversations.models import Message

MAX_METADATA_KEYS = 20


class TextPart(serializers.Serializer[Any]):
    body = serializers.CharField(max_length=4096, trim_whitespace=False)


class TemplatePart(serializers.Serializer[Any]):
    """An approved template; ``values`` fills its blanks by place: ``body.1``, ``body.first_name``, ``button.0``."""

    name = serializers.CharField(max_length=512)
    language = serializers.CharField(max_length=10)
    values = serializers.DictField(child=serializers.CharField(max_length=1024), default=dict)
    purpose = serializers.ChoiceField(
        choices=[p for p in Message.Purpose.choices if p[0] != Message.Purpose.REPLY],
        help_text="Why it is sent. Marketing needs proof of consent.",
    )
    reference = serializers.CharField(
        max_length=200, default="", allow_blank=True, help_text="The case or order a service message is about"
    )


class SendSerializer(serializers.Serializer[Any]):
    """Exactly one of ``conversation_id``, ``contact_id`` and ``to``, and exactly one of ``text`` and ``template``."""

    conversation_id = serializers.UUIDField(required=False)
    contact_id = serializers.UUIDField(required=False)
    to = serializers.RegexField(r"^\+[1-9]\d{6,14}$", required=False, help_text="Phone number with + and country code")
    phone_number_id = serializers.CharField(
        max_length=40, required=False, help_text="From which number; not needed while the company has one"
    )
    text = TextPart(required=False)
    template = TemplatePart(required=False)
    external_id = serializers.CharField(max_length=120, default="", allow_blank=True)
    metadata = serializers.DictField(child=serializers.CharField(max_length=500), default=dict)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in ("conversation_id", "contact_id", "to")) != 1:
            raise serializers.ValidationError("Give exactly one of conversation_id, contact_id and to.")
        if ("text" in attrs) == ("template" in attrs):
            raise serializers.ValidationError("Give exactly one of text and template.")
        return attrs

    def validate_metadata(self, value: dict[str, str]) -> dict[str, str]:
        if len(value) > MAX_METADATA_KEYS or any(not key or key.startswith("_") or len(key) > 40 for key in value):
            raise serializers.ValidationError("At most 20 keys of 1 to 40 characters that do not begin with _.")
        return value
