"""Every answer, and every way of getting none, becomes exactly one outcome; only what never left may go again."""

import asyncio
import hashlib
import hmac
import json
import socket

import pytest

from conversations.whatsapp import messages
from conversations.whatsapp.client import GraphClient
from conversations.whatsapp.error_rules import Effect, Retry
from conversations.whatsapp.messages import Envelope, Recipient
from conversations.whatsapp.outcomes import (
    Accepted,
    Done,
    NotSent,
    Outcome,
    Permanent,
    Scope,
    Throttled,
    TokenDead,
    Unknown,
)
from tests.conversations.whatsapp.conftest import StandIn, drops, drops_half_way, hangs, raw, refuses, says

PAYLOAD = messages.text(Envelope(Recipient("31612345678"), callback_data="our-id"), body="Hallo ë 🙏")
ACCEPTED = says(
    {
        "messaging_product": "whatsapp",
        "contacts": [{"input": "+31612345678", "wa_id": "31612345678"}],
        "messages": [{"id": "wamid.OK", "message_status": "accepted"}],
    }
)


def send(platform: StandIn, *, seconds: float = 5.0, **number: object) -> Outcome:
    async def go() -> Outcome:
        async with GraphClient(seconds=seconds) as client:
            return await client.send(platform.number(**number), PAYLOAD)

    return asyncio.run(go())


def test_an_accepted_message_has_its_id_and_the_persons(platform):
    platform.will(ACCEPTED)

    assert send(platform) == Accepted("wamid.OK", "31612345678", None, "accepted")
    (seen,) = platform.seen
    assert (seen.method, seen.path, seen.query) == ("POST", "/v25.0/1065/messages", {})
    assert seen.headers["Authorization"] == "Bearer EAAtoken"
    assert seen.headers["Content-Type"] == "application/json"
    assert json.loads(seen.body) == PAYLOAD


def test_a_person_without_a_number_is_named_by_id(platform):
    platform.will(says({"contacts": [{"input": "US.9", "user_id": "US.9"}], "messages": [{"id": "wamid.OK"}]}))

    assert send(platform) == Accepted("wamid.OK", None, "US.9", None)


def test_the_apps_secret_is_proven_where_it_is_known(platform):
    platform.will(ACCEPTED)
    send(platform, app_secret="s3cret")

    proof = hmac.new(b"s3cret", b"EAAtoken", hashlib.sha256).hexdigest()
    assert platform.seen[0].query == {"appsecret_proof": proof}


@pytest.mark.parametrize(
    ("answer", "scope", "retry", "after"),
    [
        (refuses(130429, status=429), Scope.NUMBER, Retry.NUMBER_SLOW, 1.0),
        (refuses(130429, headers={"Retry-After": "7"}), Scope.NUMBER, Retry.NUMBER_SLOW, 7.0),
        (refuses(131056), Scope.PAIR, Retry.PAIR_SLOW, None),
        (refuses(80007), Scope.ACCOUNT, Retry.ACCOUNT_SLOW, 60.0),
        (
            refuses(
                80007,
                headers={"X-Business-Use-Case-Usage": '{"1":[{"type":"x","estimated_time_to_regain_access":3}]}'},
            ),
            Scope.ACCOUNT,
            Retry.ACCOUNT_SLOW,
            180.0,
        ),
        (refuses(131000, status=500), Scope.MESSAGE, Retry.BACKOFF, None),
        (refuses(2, status=503), Scope.MESSAGE, Retry.BACKOFF, None),
        (refuses(131057), Scope.MESSAGE, Retry.LATER, 120.0),
        (refuses(777777, is_transient=True), Scope.MESSAGE, Retry.BACKOFF, None),
        (raw(b"slow down", status=429), Scope.NUMBER, Retry.NUMBER_SLOW, 1.0),
        (refuses(130429, headers={"Retry-After": "9999999"}), Scope.NUMBER, Retry.NUMBER_SLOW, 21600.0),
        (refuses(130429, headers={"Retry-After": "soon"}), Scope.NUMBER, Retry.NUMBER_SLOW, 1.0),
    ],
)
def test_a_refusal_for_now_says_who_waits_and_how_long(platform, answer, scope, retry, after):
    platform.will(answer)
    outcome = send(platform)

    assert isinstance(outcome, Throttled)
    assert (outcome.scope, outcome.rule.retry, outcome.retry_after) == (scope, retry, after)


@pytest.mark.parametrize(
    ("answer", "code", "effect"),
    [
        (refuses(131047), 131047, Effect.WINDOW_CLOSED),
        (refuses(131026), 131026, Effect.CONTACT_UNREACHABLE),
        (refuses(131042), 131042, Effect.HOLD_QUEUE),
        (refuses(100, error_subcode=33), 100, Effect.NUMBER_GONE),
        (refuses(100, error_subcode=2494010), 100, Effect.NONE),
        (refuses(888888), 888888, Effect.NONE),
    ],
)
def test_a_lasting_refusal_keeps_its_code_and_details(platform, answer, code, effect):
    platform.will(answer)
    outcome = send(platform)

    assert isinstance(outcome, Permanent)
    assert (outcome.code, outcome.rule.effect, outcome.details) == (code, effect, "Because.")


@pytest.mark.parametrize("answer", [refuses(190, status=401), refuses(0), refuses(424242, status=401)])
def test_a_dead_token_is_told_apart(platform, answer):
    platform.will(answer)

    assert isinstance(send(platform), TokenDead)


@pytest.mark.parametrize("token", ["", "two words", "line\r\nbreak", "é"])
def test_a_token_that_fits_into_no_request_is_dead(platform, token):
    assert isinstance(send(platform, token=token), TokenDead)
    assert platform.seen == []


@pytest.mark.parametrize(
    "answer",
    [
        drops,
        drops_half_way,
        raw(b"", status=502),
        raw(b"<html>Bad gateway</html>", status=500),
        raw(b"<html>Welcome</html>"),
        raw(b'{"messages":[{"id":'),
        raw(b'{"messages":[]}'),
        raw(b"[" * 100_000),
        raw(b'"' + b"x" * 2_000_000 + b'"'),
        raw(b"", status=302, headers={"Location": "http://127.0.0.1:1/"}),
        raw(b"proxy login", status=401),
        raw(b"", status=408),
        says({"error": "no"}, status=500),
    ],
)
def test_whatever_leaves_open_whether_it_went_is_unknown(platform, answer):
    platform.will(answer)
    outcome = send(platform)

    assert isinstance(outcome, Unknown)
    assert outcome.reason.endswith(".")
    assert len(platform.seen) == 1  # not tried again


def test_a_time_out_after_the_message_left_is_unknown(platform):
    platform.will(hangs)

    assert isinstance(send(platform, seconds=0.3), Unknown)
    assert len(platform.seen) == 1


def test_a_connection_that_the_platform_closed_meanwhile_is_not_used_twice(platform):
    platform.will(ACCEPTED, drops, ACCEPTED)

    async def go() -> list[Outcome]:
        async with GraphClient() as client:
            return [await client.send(platform.number(), PAYLOAD) for _ in range(3)]

    first, second, third = asyncio.run(go())
    assert isinstance(first, Accepted)
    assert isinstance(second, Unknown)
    assert isinstance(third, Accepted)
    assert len(platform.seen) == 3


def test_a_refused_connection_is_not_sent(platform):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert isinstance(send(platform, graph_url=f"http://127.0.0.1:{port}"), NotSent)


def test_a_name_that_does_not_exist_is_not_sent(platform):
    assert isinstance(send(platform, graph_url="https://no-such-host.invalid"), NotSent)


def test_a_server_that_speaks_no_tls_is_not_sent(platform):
    assert isinstance(send(platform, graph_url=platform.url.replace("http:", "https:")), NotSent)
    assert platform.seen == []


def test_a_name_that_leads_into_an_inner_network_is_not_called(platform):
    async def go() -> list[str]:
        async with GraphClient() as client:
            try:
                await client._resolver.resolve("localhost", 443)
            except OSError as refused:
                return [str(refused)]
            return []

    assert asyncio.run(go()) == ["The address leads into an inner network."]


@pytest.mark.parametrize("phone_number_id", ["../me", "1065/../1", "", "a b", "1?x=1"])
def test_an_id_that_leads_elsewhere_is_never_called(platform, phone_number_id):
    assert not isinstance(send(platform, phone_number_id=phone_number_id), Accepted)
    assert platform.seen == []


def test_a_read_receipt_is_done_with_or_without_typing(platform):
    platform.will(says({"success": True}))

    async def go() -> list[Outcome]:
        async with GraphClient() as client:
            number = platform.number()
            return [await client.mark_read(number, "wamid.IN", typing=typing) for typing in (False, True)]

    assert asyncio.run(go()) == [Done(), Done()]
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN"}
    assert [json.loads(seen.body) for seen in platform.seen] == [read, {**read, "typing_indicator": {"type": "text"}}]


def test_many_messages_share_the_session_at_once(platform):
    platform.will(ACCEPTED)

    async def go() -> list[Outcome]:
        async with GraphClient(connections=20) as client:
            return await asyncio.gather(*(client.send(platform.number(), PAYLOAD) for _ in range(200)))

    assert all(isinstance(outcome, Accepted) for outcome in asyncio.run(go()))
    assert len(platform.seen) == 200


def test_tokens_and_secrets_are_not_shown(platform):
    shown = repr(platform.number(token="EAAsecret", app_secret="s3cret"))

    assert "EAAsecret" not in shown
    assert "s3cret" not in shown
