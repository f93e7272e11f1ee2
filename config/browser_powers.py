"""Says which powers of the browser our pages may ask for: the microphone for voice notes, and nothing else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

POLICY = "microphone=(self), camera=(), geolocation=(), payment=(), usb=(), serial=(), midi=(), display-capture=()"


class BrowserPowersMiddleware:
    """Sets Permissions-Policy on every answer that has none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", POLICY)
        return response
