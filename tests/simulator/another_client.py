"""A client library nobody here wrote, pointed at the simulator instead of the platform."""

import httpx
from pywa import WhatsApp

from tests.simulator.driving import NUMBER, TOKEN, WABA, Simulator

_HOSTS = ("graph.facebook.com", "api.facebook.com")


class Detour(httpx.BaseTransport):
    """Sends what was meant for the platform's hosts to the simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self._port = simulator.port
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host in _HOSTS:
            request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
            request.headers["Host"] = f"127.0.0.1:{self._port}"
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


def client_for(simulator: Simulator, *, token: str = TOKEN, number: str = NUMBER, waba: str = WABA) -> WhatsApp:
    """The client of one number."""
    session = httpx.Client(transport=Detour(simulator), timeout=20)
    return WhatsApp(phone_id=number, token=token, waba_id=waba, app_id=700, server=None, session=session)
