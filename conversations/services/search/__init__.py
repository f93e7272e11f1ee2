"""Finding messages, notes and people: the index and the questions to it."""

from conversations.services.search.finding import Filters, Found, Key, Page, find
from conversations.services.search.indexing import index, queue_everything

__all__ = ["Filters", "Found", "Key", "Page", "find", "index", "queue_everything"]
