"""Nothing that is made for somebody stays in a browser: going back after signing out shows nothing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

SIGN_OUT = "/accounts/logout/"
KEPT_NOWHERE = "private, no-store"


class PrivatePagesMiddleware:
    """Sets Cache-Control on every answer that says nothing about it, and empties the browser's cache at signing out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Cache-Control", KEPT_NOWHERE)
        if request.method == "POST" and request.path_info == SIGN_OUT:
            response["Clear-Site-Data"] = '"cache"'  # files of conversations are kept for an hour
        return response
