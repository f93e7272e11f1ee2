"""What stands in the entered company, and what the last run says of it."""

from conversations.models import (
    Channel,
    Contact,
    Conversation,
    ConversationEvent,
    MediaFile,
    Message,
    Note,
    WebhookCall,
)
from privacy.models import RetentionRun


def run_of(kind: str) -> RetentionRun:
    return RetentionRun.objects.filter(data_class=kind).order_by("-started_at")[0]


def contents() -> dict[str, int]:
    models = (Message, Note, ConversationEvent, MediaFile, WebhookCall, Contact, Channel, Conversation)
    return {model.__name__: model.objects.count() for model in models}
