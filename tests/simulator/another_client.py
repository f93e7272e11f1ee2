"""A client library nobody here wrote, pointed at the simulator instead of the platform."""

import json
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
from pywa import WhatsApp
from pywa.errors import PywaUnknownEnumMemberWarning
from pywa.types.base_update import RawUpdate

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
    return WhatsApp(
        phone_id=number, token=token, waba_id=waba, app_id=700, server=None, session=session, filter_updates=False
    )


def parsed(client: WhatsApp, body: bytes) -> list[Any]:
    """What the library's parser makes of a webhook; fails where it knows the kind and cannot read it."""
    call = json.loads(body)
    updates = []
    with warnings.catch_warnings():  # the platform has values that the library does not know
        warnings.simplefilter("ignore", PywaUnknownEnumMemberWarning)
        for alone in _one_by_one(call):
            raw = RawUpdate(json.dumps(alone).encode(), hmac_header=None, update_hash="")
            handler = client._get_handler_type(raw)
            if handler is not None:
                updates.append(client._handlers_to_updates[handler].from_update(client=client, update=raw))
    return updates


def _one_by_one(call: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The library reads the first change of a POST only."""
    for entry in call["entry"]:
        for change in entry["changes"]:
            yield {"object": call["object"], "entry": [{**entry, "changes": [change]}]}
