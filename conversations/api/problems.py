"""What each problem code means: the page behind a problem's ``type``."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.accounts.access import open_to_all
from tenants.errors import DomainError

GENERAL: dict[str, str | Promise] = {
    "invalid": _("Some fields are missing or not valid. The member errors names each field and what is wrong with it."),
    "not_authenticated": _("The call carries no key. Send it as Authorization: Bearer and your key."),
    "authentication_failed": _("This key is not known or was revoked."),
    "permission_denied": _("The key does not have the scope that this call needs."),
    "not_found": _("There is no such object in this company."),
    "method_not_allowed": _("This address does not take that method."),
    "parse_error": _("The body is not valid JSON."),
    "unsupported_media_type": _("Send the body as application/json."),
    "throttled": _("Too many calls with this key. Wait for the seconds in Retry-After."),
}


def known_codes() -> dict[str, str | Promise]:
    return GENERAL | {error.code: error.user_message for error in _all(DomainError)}


def _all(base: type[DomainError]) -> Iterator[type[DomainError]]:
    for error in base.__subclasses__():
        yield error
        yield from _all(error)


@open_to_all
def page(request: HttpRequest, code: str) -> HttpResponse:
    message = known_codes().get(code)
    if message is None:
        raise Http404
    return render(request, "api/problem.html", {"code": code, "message": message})
