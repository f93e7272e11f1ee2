"""What a request owes the person behind it: their language, and an end when they have left."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from tenants.accounts.models import User

Handler = Callable[[HttpRequest], HttpResponse]


class PersonMiddleware:
    """Speaks the person's language, else the company's or the agency's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(self.language(request))
        try:
            response = self.get_response(request)
        finally:
            translation.deactivate()
        return response

    def language(self, request: HttpRequest) -> str:
        user = request.user
        if isinstance(user, User) and user.language:
            return user.language
        side = getattr(request, "company", None) or getattr(request, "agency", None)
        return getattr(side, "language", "") or translation.get_language_from_request(request)
