"""Tests the way in: posts a signed, empty change to the address that the platform has on record, and looks for it here.

The platform cannot be asked to send something, so this stands in for it: the address, its name, certificate and
answer, verify token, app secret, route and journal are proved; that the platform itself sends is shown by what comes
in, and by the subscription. What was posted is taken out of the journal again.
"""

import json
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from conversations.models import PhoneNumber, WebhookCall
from conversations.whatsapp import way_in
from conversations.whatsapp.credentials import Access, BadCredentials
from conversations.whatsapp.management import GraphManagement, GraphRefused, GraphUnreachable
from conversations.whatsapp.management_signup import callbacks
from conversations.whatsapp.payloads.clean import record, rows, text
from tenants.context import in_public
from tenants.models import AgencyHost, Domain, MetaApp

FIELD = "balie_probe"  # no field of the platform's
PATHS = ("/webhooks/whatsapp", "/webhooks/whatsapp/")
MESSAGES = "messages"
ACCOUNTS = "whatsapp_business_account"
MAX_ADDRESS_CHARS = 300
NO_ADDRESS, OFF, NOT_CHOSEN, ELSEWHERE = "no_callback", "callback_off", "messages_not_chosen", "address_elsewhere"


def test(number: PhoneNumber, app: MetaApp, *, told: dict[str, Any] | None) -> dict[str, Any] | None:
    """Test every address that events of this number go to; ``at``, ``problem`` (empty: it works) and ``address``.

    None when the platform does not say where they go. Outside any transaction: it calls addresses.
    told  what the platform says of the number, with the addresses that override the app's
    """
    found = _addresses(app, told or {})
    if found is None:
        return None
    problem, urls = found
    for url in urls if not problem else ():
        if problem := _walk(number, app, url):
            return _result(problem, url)
    return _result(problem, urls[0] if urls else "")


def problem_of(answer: list[dict[str, Any]]) -> tuple[str, str]:
    """What an app's subscriptions say against it, and the address they name."""
    accounts = [row for row in map(record, answer) if row.get("object") == ACCOUNTS]
    row = next((row for row in accounts if row.get("callback_url")), None)
    if row is None:
        return NO_ADDRESS, ""
    url = text(row.get("callback_url"), limit=MAX_ADDRESS_CHARS) or ""
    if row.get("active") is False:
        return OFF, url
    fields = {str(one.get("name") if isinstance(one, dict) else one) for one in rows(row.get("fields"))}
    return (NOT_CHOSEN if fields and MESSAGES not in fields else ""), url


def _result(problem: str, url: str) -> dict[str, Any]:
    return {"at": timezone.now().isoformat(timespec="seconds"), "problem": problem, "address": url}


def _addresses(app: MetaApp, told: dict[str, Any]) -> tuple[str, list[str]] | None:
    """Where messages go (number before account before app), then where everything else goes: always the app's."""
    own = Access(graph_url=app.graph_url, version=app.graph_version, token=f"{app.app_id}|{app.secret}")
    try:
        with GraphManagement(own) as graph:
            problem, url = problem_of(callbacks(graph, app.app_id))
    except (GraphRefused, GraphUnreachable, BadCredentials):
        return None
    if app.sandbox and problem == NO_ADDRESS:  # a stand-in that calls nobody
        return None
    overrides = record(told.get("webhook_configuration"))
    nearer = [text(overrides.get(level), limit=MAX_ADDRESS_CHARS) for level in ("phone_number", ACCOUNTS)]
    return problem, list(dict.fromkeys([*[one for one in nearer if one][:1], *([url] if url else [])]))


def _walk(number: PhoneNumber, app: MetaApp, url: str) -> str:
    """One address: a challenge, a signed change, and whether it is in the journal now."""
    inner = _may_be_inner(url, app)
    if problem := way_in.knock(url, verify_token=app.verify_token, inner=inner):
        return problem
    nonce, since = secrets.token_hex(12), timezone.now()
    if problem := way_in.post(url, _body(number, nonce), secret=app.secret, inner=inner):
        return problem
    return "" if _arrived(number, nonce, since=since) else ELSEWHERE


def _may_be_inner(url: str, app: MetaApp) -> bool:
    """Whether the address may lie in an inner network: one of our own hosts, or the stand-in's on this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.path not in PATHS:
        return False
    host = parts.hostname or ""
    with in_public():
        ours = Domain.objects.filter(domain=host).exists() or AgencyHost.objects.filter(host=host).exists()
    return ours or app.sandbox


def _body(number: PhoneNumber, nonce: str) -> bytes:
    value = {"metadata": {"phone_number_id": number.phone_number_id}, "probe": nonce}
    entry = {"id": number.waba_id, "changes": [{"field": FIELD, "value": value}]}
    return json.dumps({"object": ACCOUNTS, "entry": [entry]}).encode()


@transaction.atomic
def _arrived(number: PhoneNumber, nonce: str, *, since: datetime) -> bool:
    """Whether it stands in the entered company's journal; it is taken out again."""
    rows_of = WebhookCall.objects.filter(
        phone_number_id=number.phone_number_id, field=FIELD, received_at__gte=since, body__contains=nonce
    )
    return bool(rows_of.delete()[0])
