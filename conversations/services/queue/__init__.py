"""The queue of conversations as people see it: views, filters, sorts, pages by key, bounded counts. Reads only.

Every page costs a fixed number of queries, however many conversations a company has.
"""

from conversations.services.queue.counting import Counts, counts
from conversations.services.queue.filters import Asked, Filters
from conversations.services.queue.pages import MAX_ROWS, PAGE, Page, page, rows_by_id
from conversations.services.queue.sorting import Key, Sort, sort_key
from conversations.services.queue.views import View, in_view

__all__ = [
    "MAX_ROWS",
    "PAGE",
    "Asked",
    "Counts",
    "Filters",
    "Key",
    "Page",
    "Sort",
    "View",
    "counts",
    "in_view",
    "page",
    "rows_by_id",
    "sort_key",
]
