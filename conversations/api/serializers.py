"""How rows look to integrators. Names here are a promise: they may be added to, never changed."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conversations import wording
from conversations.models import Contact, Conversation, Label, MediaFile, Message
from conversations.shown import shown_body, shown_content
from conversations.status import TIME_FIELDS, MessageStatus
from conversations.whatsapp import errors

STATES = [status.api_name for status in MessageStatus]


@extend_schema_field(serializers.ListField(child=serializers.CharField()))
class LabelNames(serializers.Field[list[Any], list[str], list[str], Any]):
    """The labels that something carries, by name. All of the company's are read once per answer."""

    def __init__(self) -> None:
        super().__init__(read_only=True)

    def to_representation(self, value: list[Any]) -> list[str]:
        if not value:
            return []
        kept: dict[str, Any] = self.context  # type: ignore[assignment]  # one dictionary for the whole answer
        if "label_names" not in kept:
            kept["label_names"] = dict(Label.objects.values_list("pk", "name"))
        return [kept["label_names"][pk] for pk in value if pk in kept["label_names"]]


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """A person who writes to the company. ``bsuid`` or ``wa_id`` may be missing; people may have no phone number.

    ``fields`` are those that the company keeps about contacts, by key; all values are texts.
    """

    name = serializers.CharField(source="shown_name")
    labels = LabelNames()

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
            "labels",
            "fields",
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
    """One spell of the thread of one contact on one number.

    ``due_at`` is when the promise to somebody who waits breaks. ``hold`` is empty, or ``snoozed``, ``customer`` or
    ``client`` while the conversation rests, until ``hold_until`` at the latest.
    """

    contact_id = serializers.UUIDField()
    phone_number_id = serializers.CharField(source="phone_number.phone_number_id")
    assignee = serializers.CharField(source="assignee.name", default=None, allow_null=True)
    intent = serializers.CharField(source="intent.name", default=None, allow_null=True)
    labels = LabelNames()
    due_at = serializers.SerializerMethodField()

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
            "due_at",
            "intent",
            "labels",
            "hold",
            "hold_until",
        ]

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_due_at(self, conversation: Conversation) -> str | None:
        """Only while somebody waits."""
        if conversation.waiting_since is None or conversation.due_at is None:
            return None
        return serializers.DateTimeField().to_representation(conversation.due_at)


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
