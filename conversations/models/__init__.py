"""A company's WhatsApp numbers, the people who write to it, and what was said."""

from conversations.models.channel import PhoneNumber, WebhookCall
from conversations.models.connecting import Connecting, NumberSync
from conversations.models.consent import ConsentRecord
from conversations.models.contact import Channel, Contact, ContactIdentity, ContactMerge, PlatformErasure
from conversations.models.conversation import Conversation, ConversationEvent, Direction
from conversations.models.handling import ClientQuestion, ConversationFollower, Draft, PromiseRecord
from conversations.models.inbox_settings import InboxSettings
from conversations.models.media import MediaFile
from conversations.models.message import Message
from conversations.models.message_template import MessageTemplate, TemplateNews
from conversations.models.note import Mention, Note
from conversations.models.number_health import Alarm, CallBack, NumberNews
from conversations.models.search import SearchEntry, SearchTodo
from conversations.models.sensitive import SensitiveFinding
from conversations.models.team import Team, TeamMember
from conversations.models.words import Article, Intent, Label, Notice, NoticeRead, QuickReply, SavedView

__all__ = [
    "Alarm",
    "Article",
    "CallBack",
    "Channel",
    "ClientQuestion",
    "Connecting",
    "ConsentRecord",
    "Contact",
    "ContactIdentity",
    "ContactMerge",
    "Conversation",
    "ConversationEvent",
    "ConversationFollower",
    "Direction",
    "Draft",
    "InboxSettings",
    "Intent",
    "Label",
    "MediaFile",
    "Mention",
    "Message",
    "MessageTemplate",
    "Note",
    "Notice",
    "NoticeRead",
    "NumberNews",
    "NumberSync",
    "PhoneNumber",
    "PlatformErasure",
    "PromiseRecord",
    "QuickReply",
    "SavedView",
    "SearchEntry",
    "SearchTodo",
    "SensitiveFinding",
    "Team",
    "TeamMember",
    "TemplateNews",
    "WebhookCall",
]
