"""Asks the platform about numbers, accounts, templates and tokens. Synchronous; not for sending."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import requests

from conversations.whatsapp import addresses
from conversations.whatsapp.answers import document, refusal, wait_of
from conversations.whatsapp.connections import CONNECT_SECONDS, open_session
from conversations.whatsapp.credentials import Access, Credentials
from conversations.whatsapp.error_rules import Effect, ErrorRule
from conversations.whatsapp.errors import rule_for
from conversations.whatsapp.payloads.clean import identifier, record, rows, text

READ_SECONDS = 30.0
MAX_ANSWER_BYTES = 8_000_000
PAGE_SIZE = 100
MAX_PAGES = 100  # 6,000 templates are the platform's own limit
PHONE_FIELDS = (
    "id,display_phone_number,verified_name,quality_rating,code_verification_status,name_status,new_name_status,status,"
    "throughput,whatsapp_business_manager_messaging_limit,platform_type,is_on_biz_app,account_mode,is_pin_enabled,"
    "is_official_business_account,webhook_configuration,health_status"
)
WABA_FIELDS = (
    "id,name,currency,timezone_id,country,account_review_status,business_verification_status,health_status,"
    "primary_funding_id,owner_business_info"
)
PHONE_ESSENTIALS = "id,display_phone_number,verified_name,quality_rating,status,throughput"
WABA_ESSENTIALS = "id,name,currency"
BAD_PARAMETER = 100
TEMPLATE_FIELDS = (
    "id,name,language,status,category,components,parameter_format,quality_score,rejected_reason,"
    "message_send_ttl_seconds"
)


class GraphRefused(Exception):
    """The platform said no; ``rule`` says what to do about it, ``wait`` for how many seconds to leave it alone."""

    def __init__(
        self, rule: ErrorRule, *, code: int | None, details: str, http_status: int, wait: float | None = None
    ) -> None:
        super().__init__(f"refused with code {code} and HTTP status {http_status}")
        self.rule = rule
        self.code = code
        self.details = details
        self.http_status = http_status
        self.wait = wait


class GraphUnreachable(Exception):
    """No readable answer came; asking again later is safe for everything in this module."""


class GraphManagement:
    """Management calls with one token. Use as ``with GraphManagement(access) as graph``."""

    def __init__(self, access: Access, *, read_seconds: float = READ_SECONDS) -> None:
        self.access = access
        self._seconds = (min(CONNECT_SECONDS, read_seconds), read_seconds)
        self._session = open_session(access.graph_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def phone_number(self, phone_number_id: str) -> dict[str, Any]:
        """Name, quality, limit, state and health of a number, as the platform names them."""
        return self._fields(phone_number_id, PHONE_FIELDS, PHONE_ESSENTIALS)

    def waba(self, waba_id: str) -> dict[str, Any]:
        """Name, currency, review and payment state of an account."""
        return self._fields(waba_id, WABA_FIELDS, WABA_ESSENTIALS)

    def phone_numbers(self, waba_id: str) -> list[dict[str, Any]]:
        """The numbers of an account."""
        return self._pages(waba_id, "phone_numbers", fields=PHONE_ESSENTIALS)

    def templates(self, waba_id: str) -> list[dict[str, Any]]:
        """All message templates of an account."""
        return self._pages(waba_id, "message_templates", fields=TEMPLATE_FIELDS)

    def subscribe(self, waba_id: str) -> None:
        """Let the events of an account flow to the app of this token; without it nothing comes in."""
        self.ask("POST", waba_id, "subscribed_apps")

    def unsubscribe(self, waba_id: str) -> None:
        """End the flow of events of an account to the app of this token."""
        self.ask("DELETE", waba_id, "subscribed_apps")

    def subscribed_apps(self, waba_id: str) -> list[dict[str, Any]]:
        """The apps that receive the events of an account."""
        return self._pages(waba_id, "subscribed_apps")

    def debug_token(self, token: str) -> dict[str, Any]:
        """Validity, expiry and scopes of a token; ask with the app's own token (``APP_ID|APP_SECRET``)."""
        return record(self.ask("GET", "debug_token", params={"input_token": token}).get("data"))

    def media(self, media_id: str, *, phone_number_id: str) -> dict[str, Any]:
        """Address (valid 5 minutes), type, hash and size of a file."""
        return self.ask("GET", media_id, params={"phone_number_id": phone_number_id})

    def ask(
        self,
        method: str,
        *path: str,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """One call; the answer as an object.

        Raises  GraphRefused, GraphUnreachable, BadCredentials for a token or id that fits into no request
        """
        url = self.access.url(*path)
        return send(
            self._session,
            requests.Request(
                method,
                url,
                params={**(params or {}), **self.access.proof()},
                json=dict(body) if body is not None else None,
                headers=self.access.headers(),
            ),
            base=self.access.graph_url,
            seconds=self._seconds,
        )

    def _fields(self, node: str, fields: str, essentials: str) -> dict[str, Any]:
        """The fields of an object; only the essential ones if this version of the platform lacks one of the others."""
        try:
            return self.ask("GET", node, params={"fields": fields})
        except GraphRefused as refused:
            if refused.code != BAD_PARAMETER or refused.rule.effect is Effect.NUMBER_GONE:
                raise
            return self.ask("GET", node, params={"fields": essentials})

    def _pages(self, *path: str, fields: str = "") -> list[dict[str, Any]]:
        """All rows behind a cursor. Only the cursor is taken from the answer, never an address."""
        params = {"limit": str(PAGE_SIZE), **({"fields": fields} if fields else {})}
        found: list[dict[str, Any]] = []
        seen: set[str] = set()
        for _ in range(MAX_PAGES):
            answer = self.ask("GET", *path, params=params)
            found.extend(row for row in rows(answer.get("data")) if isinstance(row, dict))
            after = identifier(record(record(answer.get("paging")).get("cursors")).get("after"), limit=2000)
            more = text(record(answer.get("paging")).get("next"))
            if not more or after is None or after in seen:
                return found
            seen.add(after)
            params = {**params, "after": after}
        raise GraphUnreachable("The list did not end.")


def graph_for(number: Credentials) -> GraphManagement:
    """Management calls with the token of a number."""
    return GraphManagement(number)


def send(
    session: requests.Session, request: requests.Request, *, base: str, seconds: tuple[float, float]
) -> dict[str, Any]:
    """Send a checked request and read the JSON object of its answer.

    Raises  GraphRefused, GraphUnreachable
    """
    try:
        addresses.check(str(request.url), base=base)
        with session.send(session.prepare_request(request), timeout=seconds, allow_redirects=False, stream=True) as got:
            return _object(_bounded(got), got.status_code, got.headers)
    except addresses.AddressRefused as refused:
        raise GraphUnreachable(str(refused)) from refused
    except requests.RequestException as error:
        raise GraphUnreachable(f"No answer came ({type(error).__name__}).") from None


def _bounded(answer: requests.Response) -> bytes:
    received = bytearray()
    for chunk in answer.iter_content(65_536):
        received += chunk
        if len(received) > MAX_ANSWER_BYTES:
            raise GraphUnreachable("The answer was too large.")
    return bytes(received)


def _object(body: bytes, http_status: int, headers: Mapping[str, str]) -> dict[str, Any]:
    answer = document(body)
    if found := refusal(answer, http_status):
        wait = wait_of(found.rule, headers)
        raise GraphRefused(found.rule, code=found.code, details=found.details, http_status=http_status, wait=wait)
    if http_status >= 500 or (http_status < 300 and not isinstance(answer, dict)) or 300 <= http_status < 400:
        raise GraphUnreachable(f"The answer with HTTP status {http_status} could not be read.")
    if http_status >= 400:
        raise GraphRefused(rule_for(None, http_status), code=None, details="", http_status=http_status)
    return record(answer)
