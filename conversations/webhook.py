"""The address the platform calls: ``/webhooks/whatsapp``, on every host of ours, before anything knows of companies."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
PATH = "/webhooks/whatsapp"


class WebhookMiddleware:
    """Answers the platform's calls itself; every other request goes on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
