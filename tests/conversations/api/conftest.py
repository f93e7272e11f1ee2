"""Keys of two companies, and calls with them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.models import Channel, Contact, Conversation, PhoneNumber
from tenants.accounts.roles import Scope
from tenants.accounts.services import api_keys
from tenants.context import inside
from tenants.models import ClientCompany


@dataclass
class Integrator:
    """Somebody who calls one company's API with a key."""

    secret: str
    host: str

    def get(self, path: str) -> Any:
        return self._client().get(path)

    def send(self, body: Any, *, key: str | None = "k-1") -> Any:
        headers = {"Idempotency-Key": key} if key is not None else {}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._client().post("/api/v1/messages", raw, content_type="application/json", headers=headers)

    def _client(self) -> Client:
        return Client(headers={"host": self.host, "Authorization": f"Bearer {self.secret}"})


def integrator_of(company: ClientCompany, *, scopes: list[Scope] | None = None) -> Integrator:
    with inside(company.schema_name):
        _key, secret = api_keys.create_key("Shop", scopes=scopes or list(Scope), created_by=None)
    return Integrator(secret, f"{company.subdomain}.test")


@pytest.fixture
def integrator(company: ClientCompany) -> Integrator:
    return integrator_of(company)


@pytest.fixture
def other_integrator(other_company: ClientCompany) -> Integrator:
    return integrator_of(other_company)


@pytest.fixture
def conversation(company: ClientCompany, number: PhoneNumber) -> Conversation:
    """A conversation whose window is open."""
    with inside(company.schema_name):
        return begin(number, wa_id="31612345678", name="Ana")


def begin(number: PhoneNumber, *, wa_id: str, name: str, hours_ago: float = 0.1) -> Conversation:
    at = timezone.now() - timedelta(hours=hours_ago)
    contact = Contact.objects.create(name=name, wa_id=wa_id)
    channel = Channel.objects.create(contact=contact, phone_number=number, last_inbound_at=at)
    return Conversation.objects.create(
        contact=contact, phone_number=number, channel=channel, opened_at=at, last_message_at=at, waiting_since=at
    )


def problem_of(answer: HttpResponse, *, status: int) -> str:
    """The stable code of a problem, after checking that it is one."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    body = json.loads(answer.content)
    assert body["status"] == status
    return str(body["code"])


@pytest.fixture
def counted() -> Callable[[Callable[[], object]], int]:
    """How many queries a call makes."""

    def count(call: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as queries:
            call()
        return len(queries)

    return count
