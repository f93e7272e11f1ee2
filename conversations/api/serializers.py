"""How rows look to integrators. Names here are a promise: they may be added to, never changed."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conversations import wording
from conversations.models import Contact, Conversation, MediaFile, Message
from conversations.shown import shown_body, shown_content
from conversations.status import TIME_FIELDS, MessageStatus
from conversations.whatsapp import errors

STATES = [status.api_name for status in MessageStatus]


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """A person who writes to the company. ``bsuid`` or ``wa_id`` may be missing; people may have no phone number."""

    name = serializers.CharField(source="shown_name")

    class Meta:
        model = Contact
        fields = [
            "id",
            "name",
            "bsuid",
            "wa_id",
            "username",
            "external_id",
            "metadata",
            "language",
            "market",
            "opted_out_at",
            "created_at",
            "last_message_at",
        ]

    def to_representation(self, instance: Contact) -> dict[str, Any]:
        """What this product notes in ``metadata`` for itself stays inside."""
        shown = super().to_representation(instance)
        shown["metadata"] = {key: value for key, value in instance.metadata.items() if not key.startswith("_")}
        return shown


class ConversationSerializer(serializers.ModelSerializer[Conversation]):
    """One spell of the thread of one contact on one number."""

    contact_id = serializers.UUIDField()
    phone_number_id = serializers.CharField(source="phone_number.phone_number_id")
    assignee = serializers.CharField(source="assignee.name", default=None, allow_null=True)

    class Meta:
        model = Conversation
        fields = [
            "id",
            "contact_id",
            "phone_number_id",
            "status",
            "assignee",
            "opened_at",
            "closed_at",
            "last_message_at",
            "waiting_since",
        ]


class MediaSerializer(serializers.ModelSerializer[MediaFile]):
    """A file. ``pending`` is being fetched or converted; ``refused`` and ``failed`` say why in ``problem``."""

    class Meta:
        model = MediaFile
        fields = ["id", "kind", "mime_type", "filename", "size", "sha256", "voice", "duration_ms", "state", "problem"]


class ErrorSerializer(serializers.Serializer[Any]):
    """Why a message failed, or why it still waits; who has to act, what to do, and whether it goes again by itself."""

    code = serializers.CharField(help_text="Stable: a platform code as text, or a code of ours")
    title = serializers.CharField()
    cause = serializers.CharField()
    next_step = serializers.CharField()
    actor = serializers.CharField(help_text="nobody, agent, company_admin, agency, meta or developer")
    retry = serializers.CharField(help_text="automatic, after_fix or never")


class MessageSerializer(serializers.ModelSerializer[Message]):
    """One message, either way.

    ``status`` only moves up: received | queued, claimed, sending, unknown, accepted, sent, failed, delivered, read,
    played. ``unknown`` means that the connection broke before WhatsApp's answer arrived: the message may have left. It
    is never sent again by itself; news from WhatsApp settles it.
    """

    conversation_id = serializers.UUIDField()
    contact_id = serializers.UUIDField(source="channel.contact_id")
    text = serializers.SerializerMethodField(help_text="Text or caption; hidden parts of it are bullets")
    content = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    status_times = serializers.SerializerMethodField()
    author = serializers.CharField(source="author.name", default=None, allow_null=True)
    media = MediaSerializer(allow_null=True)
    error = serializers.SerializerMethodField()
    metadata = serializers.SerializerMethodField()

    class Meta:
        model = Message
        fields = [
            "id",
            "conversation_id",
            "contact_id",
            "direction",
            "type",
            "text",
            "content",
            "media",
            "status",
            "status_times",
            "error",
            "sender_kind",
            "author",
            "wamid",
            "quoted_wamid",
            "external_id",
            "metadata",
            "at",
        ]

    def get_text(self, message: Message) -> str:
        return shown_body(message)

    @extend_schema_field(serializers.DictField())
    def get_content(self, message: Message) -> Any:
        return shown_content(message)

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_status(self, message: Message) -> str:
        return MessageStatus(message.status).api_name

    @extend_schema_field(serializers.DictField(child=serializers.DateTimeField()))
    def get_status_times(self, message: Message) -> dict[str, Any]:
        return {s.api_name: getattr(message, name) for s, name in TIME_FIELDS.items() if getattr(message, name)}

    @extend_schema_field(ErrorSerializer(allow_null=True))
    def get_error(self, message: Message) -> dict[str, str] | None:
        if message.refusal:
            return {
                "code": message.refusal,
                "title": str(wording.refusal_text(message.refusal)),
                "cause": message.error_details,
                "next_step": "",
                "actor": "developer" if message.refusal.startswith("link_") else "agent",
                "retry": "never",
            }
        if message.error_code is None:
            return None
        rule = errors.rule_for(message.error_code)
        return {
            "code": str(message.error_code),
            "title": str(rule.title),
            "cause": str(rule.cause),
            "next_step": str(rule.next_step),
            "actor": str(rule.actor),
            "retry": rule.retry_word,
        }

    @extend_schema_field(serializers.DictField())
    def get_metadata(self, message: Message) -> dict[str, Any]:
        return {key: value for key, value in message.metadata.items() if not key.startswith("_")}


class EventSerializer(serializers.Serializer[Any]):
    """One fact, in order. ``id`` is the cursor to continue after."""

    id = serializers.IntegerField()
    kind = serializers.CharField(
        help_text="message.received, message.status, conversation.opened, conversation.closed …"
    )
    object_id = serializers.UUIDField()
    conversation_id = serializers.UUIDField(allow_null=True)
    at = serializers.DateTimeField()
    data = serializers.DictField()  # type: ignore[assignment]


class EventPageSerializer(serializers.Serializer[Any]):
    results = EventSerializer(many=True)
    next_after = serializers.IntegerField(help_text="Give this as ``after`` in the next call")


def problem_url(code: str) -> str:
    return reverse("api:problem", args=[code])
