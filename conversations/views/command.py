"""What the command bar finds while somebody types: conversations and people, a few of each."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations.models import Contact, Conversation
from conversations.search_words import MAX_QUERY_CHARS
from conversations.services.contacts import contacts
from conversations.views.opening import record_opening
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.models import User
from tenants.accounts.roles import Permission

MOST = 6
MIN_CHARS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """People by that name, and their open conversations that the reader may see."""

    people: list[Contact]
    rows: list[Conversation]


@require_GET
@never_cache
@requires(Permission.INBOX_VIEW)
def command(request: CompanyRequest) -> HttpResponse:
    """Open conversations of people by that name, and the people; two bounded queries."""
    query = query_of(request)
    found = find(query, user=request.user) if len(query) >= MIN_CHARS else Found([], [])
    note_search(found, user=request.user, request=request)
    return render(request, "search/_command.html", {"people": found.people, "rows": found.rows, "query": query})


def query_of(request: HttpRequest) -> str:
    """What was typed, bounded."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY_CHARS]


def note_search(found: Found, *, user: User, request: HttpRequest) -> None:
    """Whoever was shown people of the company one is in looked for some: recorded as on the search page."""
    if found.people:
        record_opening("search.run", user=user, subject=user, request=request)


def find(query: str, *, user: User) -> Found:
    """Of the company one is in; two queries."""
    people = list(contacts.search(query, user=user)[:MOST])
    open_ones = Conversation.objects.visible_to(user).open().filter(contact__in=people)
    rows = list(open_ones.select_related("contact", "assignee").order_by("-last_message_at")[:MOST])
    return Found(people, rows)
