"""The company's message templates: written here, submitted by a worker, kept as the platform lists them."""

from conversations.services.message_templates.carrying_out import carry_out
from conversations.services.message_templates.syncing import TemplatesUnavailable, sync

__all__ = ["TemplatesUnavailable", "carry_out", "sync"]
