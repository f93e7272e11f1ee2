"""A company's WhatsApp numbers, the people who write to it, and what was said."""

from conversations.models.channel import PhoneNumber, WebhookCall
from conversations.models.connecting import Connecting, NumberSync
from conversations.models.consent import ConsentRecord
from conversations.models.contact import Channel, Contact, ContactIdentity, ContactMerge, PlatformErasure
from conversations.models.conversation import Conversation, ConversationEvent, Direction, Note
from conversations.models.inbox_settings import InboxSettings
from conversations.models.media import MediaFile
from conversations.models.message import Message
from conversations.models.message_template import MessageTemplate, TemplateNews
from conversations.models.number_health import Alarm, CallBack, NumberNews

__all__ = [
    "Alarm",
    "CallBack",
    "Channel",
    "Connecting",
    "ConsentRecord",
    "Contact",
    "ContactIdentity",
    "ContactMerge",
    "Conversation",
    "ConversationEvent",
    "Direction",
    "InboxSettings",
    "MediaFile",
    "Message",
    "MessageTemplate",
    "Note",
    "NumberNews",
    "NumberSync",
    "PhoneNumber",
    "PlatformErasure",
    "TemplateNews",
    "WebhookCall",
]
