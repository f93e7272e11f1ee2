"""A company's WhatsApp numbers, the people who write to it, and what was said."""

from conversations.models.channel import PhoneNumber, WebhookCall
from conversations.models.consent import ConsentRecord
from conversations.models.contact import Channel, Contact, ContactIdentity
from conversations.models.conversation import Conversation, ConversationEvent, Direction, Note
from conversations.models.inbox_settings import InboxSettings
from conversations.models.media import MediaFile
from conversations.models.message import Message
from conversations.models.message_template import MessageTemplate

__all__ = [
    "Channel",
    "ConsentRecord",
    "Contact",
    "ContactIdentity",
    "Conversation",
    "ConversationEvent",
    "Direction",
    "InboxSettings",
    "MediaFile",
    "Message",
    "MessageTemplate",
    "Note",
    "PhoneNumber",
    "WebhookCall",
]
