"""Doors that allauth would open and that stay shut here: accounts begin with an invitation."""

from django.http import Http404, HttpRequest, HttpResponse

from tenants.accounts.access import open_to_all


@open_to_all
def closed(request: HttpRequest, **_kwargs: object) -> HttpResponse:
    raise Http404
