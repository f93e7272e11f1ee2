"""Roles in a company and what each may do: one table, read by pages, API and tests."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a membership of a company grants."""

    ADMIN = "admin", _("Admin")
    SUPERVISOR = "supervisor", _("Supervisor")
    AGENT = "agent", _("Agent")


class Permission(models.TextChoices):
    INBOX_VIEW = "inbox.view"
    MESSAGE_SEND = "message.send"
    MESSAGE_REMOVE = "message.remove"
    CONVERSATION_ASSIGN = "conversation.assign"
    FLOOR_VIEW = "floor.view"
    SENSITIVE_OVERRIDE = "sensitive.override"
    KNOWLEDGE_MANAGE = "knowledge.manage"
    CONTACT_VIEW = "contact.view"
    CONTACT_REVEAL = "contact.reveal"
    CONTACT_MERGE = "contact.merge"
    CONTACT_BLOCK = "contact.block"
    DASHBOARD_VIEW = "dashboard.view"
    PEOPLE_MANAGE = "people.manage"
    SETTINGS_MANAGE = "settings.manage"
    API_KEYS_MANAGE = "api_keys.manage"
    AUDIT_VIEW = "audit.view"
    PRIVACY_VIEW = "privacy.view"
    PRIVACY_MANAGE = "privacy.manage"
    BILLING_VIEW = "billing.view"
    TEMPLATES_MANAGE = "templates.manage"
    NUMBERS_VIEW = "numbers.view"
    NUMBERS_MANAGE = "numbers.manage"


_AGENT = {
    Permission.INBOX_VIEW,
    Permission.MESSAGE_SEND,
    Permission.CONTACT_VIEW,
    Permission.SENSITIVE_OVERRIDE,
}
_SUPERVISOR = _AGENT | {
    Permission.CONTACT_REVEAL,
    Permission.CONTACT_MERGE,
    Permission.CONTACT_BLOCK,
    Permission.MESSAGE_REMOVE,
    Permission.CONVERSATION_ASSIGN,
    Permission.FLOOR_VIEW,
    Permission.KNOWLEDGE_MANAGE,
    Permission.DASHBOARD_VIEW,
    Permission.TEMPLATES_MANAGE,
    Permission.NUMBERS_VIEW,
}
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: frozenset(_AGENT),
    Role.SUPERVISOR: frozenset(_SUPERVISOR),
    Role.ADMIN: frozenset(Permission),
}


def allows(role: Role, permission: Permission) -> bool:
    return permission in GRANTS[role]


class Scope(models.TextChoices):
    """What an API key may do."""

    CONVERSATIONS_READ = "conversations:read", _("Read conversations")
    CONTACTS_READ = "contacts:read", _("Read contacts")
    MESSAGES_READ = "messages:read", _("Read messages")
    MESSAGES_SEND = "messages:send", _("Send messages")
    EVENTS_READ = "events:read", _("Follow events")
    TEMPLATES_READ = "templates:read", _("Read message templates")
    NUMBERS_READ = "numbers:read", _("Read how the numbers do")
    CONTACTS_BLOCK = "contacts:block", _("Block people")
    SENSITIVE_READ = "sensitive:read", _("Read conversations that are for cleared people only")
    SENSITIVE_OVERRIDE = "sensitive:override", _("Send sensitive data all the same, with a reason")
