"""Sends messages: one asynchronous client per process, shared by all its drains."""

import json
from types import TracebackType
from typing import Any, Self

import aiohttp

from conversations.whatsapp import addresses
from conversations.whatsapp.answers import document, outcome
from conversations.whatsapp.connections import GuardedResolver, open_async_session
from conversations.whatsapp.credentials import BadCredentials, Credentials
from conversations.whatsapp.error_catalogue import TOKEN_DEAD
from conversations.whatsapp.outcomes import Done, NotSent, Outcome, TokenDead, Unknown
from conversations.whatsapp.payloads.clean import record

MAX_ANSWER_BYTES = 1_000_000
CONNECTIONS = 400
ANSWER_SECONDS = 30.0
MESSAGES, MARKETING = "messages", "marketing_messages"


class AnswerTooLarge(ValueError):
    """The answer is larger than any answer of the platform."""


class GraphClient:
    """Sends over one shared session. Use as ``async with GraphClient() as client`` inside the loop that sends."""

    def __init__(self, *, connections: int = CONNECTIONS, seconds: float = ANSWER_SECONDS) -> None:
        self._connections = connections
        self._seconds = seconds
        self._resolver = GuardedResolver()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = open_async_session(self._resolver, connections=self._connections, seconds=self._seconds)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, number: Credentials, payload: dict[str, Any], *, marketing: bool = False) -> Outcome:
        """Send one message, built by ``messages``, and tell what came of it. Never raises for what the network does.

        marketing  through the marketing service, which takes marketing templates only
        A cancelled send leaves it open whether the message went: treat it as Unknown.
        """
        return await self._post(number, payload, to=MARKETING if marketing else MESSAGES)

    async def mark_read(self, number: Credentials, wamid: str, *, typing: bool = False) -> Outcome:
        """Show the blue ticks for this and earlier messages, and with ``typing`` that somebody is answering (25 s)."""
        payload: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
        if typing:
            payload["typing_indicator"] = {"type": "text"}
        return await self._post(number, payload, receipt=True)

    async def _post(
        self, number: Credentials, payload: dict[str, Any], *, receipt: bool = False, to: str = MESSAGES
    ) -> Outcome:
        if self._session is None:
            raise RuntimeError("GraphClient is used outside 'async with'.")
        body = json.dumps(payload).encode()
        try:
            url, headers = number.url(number.phone_number_id, to), number.headers()
            self._resolver.trust(addresses.check(url, base=number.graph_url))
        except BadCredentials as bad:
            return TokenDead(TOKEN_DEAD, str(bad))
        except addresses.AddressRefused as refused:
            return NotSent(str(refused))
        headers["Content-Type"] = "application/json"
        try:
            async with self._session.post(
                url, data=body, headers=headers, params=number.proof(), allow_redirects=False
            ) as response:
                return _read(await _bounded(response), response, receipt=receipt)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            return NotSent(f"No connection could be made ({type(error).__name__}).")
        except (aiohttp.ClientError, TimeoutError, OSError, AnswerTooLarge) as error:
            return Unknown(f"The connection ended before the answer came ({type(error).__name__}).")


def _read(body: bytes, response: aiohttp.ClientResponse, *, receipt: bool) -> Outcome:
    if receipt and response.status == 200 and record(document(body)).get("success") is True:
        return Done()
    return outcome(body, http_status=response.status, headers=response.headers)


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    received = bytearray()
    async for chunk in response.content.iter_any():
        received += chunk
        if len(received) > MAX_ANSWER_BYTES:
            raise AnswerTooLarge("The answer is too large.")
    return bytes(received)
