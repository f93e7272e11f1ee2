"""What a request owes the person behind it: their language and clock, and a second factor where one is asked for."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import check_for_language

from tenants.accounts.models import User
from tenants.accounts.services import entrances, second_factor

SET_UP = "/accounts/2fa/?needed=yes"
FOR_EVERYBODY = "/contact/"  # the same for all who ask, so nothing about who asks is looked at

Handler = Callable[[HttpRequest], HttpResponse]


class SignInMiddleware(AuthenticationMiddleware):
    """Who asks; nobody, when it is somebody of the agency whose sign-in there is over."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person(request))  # type: ignore[assignment]
        del request.auser  # nothing here asks that way, and it would not look at the agency's sign-in


class PersonMiddleware:
    """Speaks the person's language, else the one chosen in this browser, else the company's or the agency's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == FOR_EVERYBODY:
            return self.get_response(request)
        # The language asks for the person anyway. Through a lazy object a page of forty rows pays 2,000 detours.
        request.user = _person(request)
        translation.activate(_language(request))
        try:
            with timezone.override(_zone(request)):
                return _to_second_factor(request) or self.get_response(request)
        finally:
            translation.deactivate()


def _person(request: HttpRequest) -> User | AnonymousUser:
    user = get_user(request)
    if isinstance(user, User) and user.is_staff_of_agency and not entrances.stands(request.session, user=user):
        request.session.flush()
        return AnonymousUser()
    return user


def _language(request: HttpRequest) -> str:
    user = request.user
    chosen = user.language if isinstance(user, User) else ""
    chosen = chosen or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        return chosen
    side = getattr(request, "company", None) or getattr(request, "agency", None)
    return getattr(side, "language", "") or translation.get_language_from_request(request)


def _zone(request: HttpRequest) -> str:
    side = getattr(request, "company", None) or getattr(request, "agency", None)
    return getattr(side, "time_zone", "") or settings.TIME_ZONE


def _to_second_factor(request: HttpRequest) -> HttpResponse | None:
    """The way to the set-up page, for somebody who must have a second factor and has none yet."""
    if request.path.startswith(("/accounts/", "/static/")) or not second_factor.is_missing(request):
        return None
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": SET_UP})
    return redirect(SET_UP)
