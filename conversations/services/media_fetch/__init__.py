"""Fetches the files that people send: at once, guarded, and again later when the platform does not answer."""

from conversations.services.media_fetch.draining import drain

__all__ = ["drain"]
