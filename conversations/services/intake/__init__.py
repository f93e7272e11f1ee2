"""Takes webhooks in: ``prepare`` splits a document, ``accept`` journals it for its companies in one statement."""

from conversations.services.intake.accepting import RoutesKeepChanging, accept, forget, prepare

__all__ = ["RoutesKeepChanging", "accept", "forget", "prepare"]
