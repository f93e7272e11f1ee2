"""Where the settings begin: every page a person may open, with what is decided there."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from conversations import settings_places
from tenants.accounts.access import CompanyRequest, requires
from tenants.accounts.roles import Permission


@require_GET
@requires(Permission.KNOWLEDGE_MANAGE)
def index(request: CompanyRequest) -> HttpResponse:
    return render(request, "settings/index.html", {"groups": settings_places.groups_for(request.user)})
