"""Pages of lists by cursor: the ids are time-ordered, so a page's end is the last id it showed."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    ordering = "-id"


class Thread(NewestFirst):
    """Messages of a conversation, newest first."""

    ordering = ("-at", "-sequence")  # type: ignore[assignment]
