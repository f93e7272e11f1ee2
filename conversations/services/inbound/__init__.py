"""Applies what the platform said: ``drain`` takes the entered company's journal in order and in batches."""

from conversations.services.inbound.draining import drain

__all__ = ["drain"]
