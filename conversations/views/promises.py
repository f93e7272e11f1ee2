"""What whoever leads has to know of promises: how many break soon."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from conversations.services.promise import promise_watch
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission


@require_GET
@requires(Permission.INBOX_VIEW)
def bar(request: CompanyRequest) -> HttpResponse:
    """Over the inbox of team leads and supervisors while a promise is about to break; empty else."""
    count, first = promise_watch.about_to_break(request.user)
    return render(request, "conversations/_promise_bar.html", {"count": count, "more": count - 1, "first": first})
