"""What an integrator may ask to be sent, and to whom."""

from typing import Any

from rest_framework import serializers

from conversations.api import parts, template_parts

MAX_METADATA_KEYS = 20
RECIPIENTS = ("conversation_id", "contact_id", "to")


class SendSerializer(serializers.Serializer[Any]):
    """Exactly one of ``conversation_id``, ``contact_id`` and ``to``, and exactly one type of message."""

    conversation_id = serializers.UUIDField(required=False)
    contact_id = serializers.UUIDField(required=False)
    to = serializers.RegexField(r"^\+[1-9]\d{6,14}$", required=False, help_text="Phone number with + and country code")
    phone_number_id = serializers.CharField(
        max_length=40, required=False, help_text="From which number; not needed while the company has one"
    )
    reply_to = serializers.UUIDField(
        required=False, help_text="The id here of the message that is quoted; any type but a reaction may quote"
    )
    text = parts.TextPart(required=False)
    image = parts.CaptionedPart(required=False)
    video = parts.CaptionedPart(required=False)
    document = parts.DocumentPart(required=False)
    audio = parts.AudioPart(required=False, help_text="A sound, or a voice note when it was uploaded with voice")
    sticker = parts.MediaPart(required=False)
    location = parts.LocationPart(required=False)
    contacts = parts.ContactCardPart(many=True, required=False)
    reaction = parts.ReactionPart(required=False)
    buttons = parts.ButtonsPart(required=False)
    list = parts.ListPart(required=False)
    link = parts.LinkPart(required=False)
    ask_location = parts.AskPart(required=False)
    ask_phone_number = parts.AskPart(required=False)
    call_permission = parts.CallPermissionPart(required=False)
    voice_call = parts.VoiceCallPart(required=False)
    flow = parts.FlowPart(required=False)
    product = parts.ProductPart(required=False)
    product_list = parts.ProductListPart(required=False)
    catalog = parts.CatalogPart(required=False)
    address = parts.AddressPart(required=False)
    carousel = parts.CarouselPart(required=False)
    template = template_parts.TemplatePart(required=False)
    override_reason = serializers.CharField(
        max_length=300,
        default="",
        allow_blank=True,
        help_text="Why it has to be sent although personal numbers or other sensitive data stand in it; kept and "
        "shown. Needs the scope sensitive:override, which no key has by itself; without it 403 override_scope_missing",
    )
    external_id = serializers.CharField(max_length=120, default="", allow_blank=True)
    metadata = serializers.DictField(child=serializers.CharField(max_length=500), default=dict)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in RECIPIENTS) != 1:
            raise serializers.ValidationError("Give exactly one of conversation_id, contact_id and to.")
        if sum(name in attrs for name in TYPES) != 1:
            raise serializers.ValidationError(f"Give exactly one of {', '.join(TYPES)}.")
        return attrs

    def validate_metadata(self, value: dict[str, str]) -> dict[str, str]:
        if len(value) > MAX_METADATA_KEYS or any(not key or key.startswith("_") or len(key) > 40 for key in value):
            raise serializers.ValidationError("At most 20 keys of 1 to 40 characters that do not begin with _.")
        return value


NOT_TYPES = {*RECIPIENTS, "phone_number_id", "reply_to", "override_reason", "external_id", "metadata"}
TYPES = tuple(name for name in SendSerializer().get_fields() if name not in NOT_TYPES)
