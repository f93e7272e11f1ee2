"""What the command bar finds while somebody types: conversations and people, a few of each."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations.models import Conversation
from conversations.search_words import MAX_QUERY_CHARS
from conversations.services import contacts
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission

MOST = 6
MIN_CHARS = 2


@require_GET
@never_cache
@requires(Permission.INBOX_VIEW)
def command(request: CompanyRequest) -> HttpResponse:
    """Open conversations of people by that name, and the people; two bounded queries."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY_CHARS]
    people, rows = [], []
    if len(query) >= MIN_CHARS:
        people = list(contacts.search(query, user=request.user)[:MOST])
        open_ones = Conversation.objects.visible_to(request.user).open().filter(contact__in=people)
        rows = list(open_ones.select_related("contact", "assignee").order_by("-last_message_at")[:MOST])
    return render(request, "search/_command.html", {"people": people, "rows": rows, "query": query})
