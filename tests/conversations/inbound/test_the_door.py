"""The address the platform calls: who is let in, what is kept, and what every kind of bad input hears."""

import json
import time
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from conversations.models import Message, WebhookCall
from conversations.webhook import MAX_BODY_BYTES, PATH
from tenants import wake
from tenants.models import AccountRoute, MetaApp, NumberRoute, QuarantinedCall, WorkMark
from tests.fixtures.webhooks import change, envelope, post, text_message

HOSTS = ["fietsland.test", "agency.test", "zorgvast.test", "nobody.example"]


def shake(token: str, *, mode: str = "subscribe", challenge: str = "1158201444"):
    query = urlencode({"hub.mode": mode, "hub.challenge": challenge, "hub.verify_token": token})
    return Client(headers={"host": "fietsland.test"}).get(f"{PATH}?{query}")


def test_the_handshake_gives_the_challenge_back(meta_app, other_meta_app):
    for app in (meta_app, other_meta_app):
        response = shake(app.verify_token)
        assert (response.status_code, response.content) == (200, b"1158201444")
        assert response["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("token", ["", "wrong", "vérify", "verify-token-1x"])
def test_a_wrong_verify_token_is_refused(company, token):
    assert shake(token).status_code == 403


def test_the_handshake_wants_the_right_mode(meta_app):
    assert shake(meta_app.verify_token, mode="unsubscribe").status_code == 403


@pytest.mark.parametrize("host", HOSTS)
def test_the_door_stands_on_every_host(deliver, number, company, host, enter):
    assert deliver(envelope(number.waba_id, change(number, messages=[text_message()])), host=host).status_code == 200
    with enter(company):
        assert WebhookCall.objects.count() == 1
    assert WorkMark.objects.filter(schema_name=company.schema_name, kind="inbound").count() == 1


@pytest.mark.parametrize(
    "header", ["", "sha256=", "sha256=" + "0" * 64, "sha1=" + "0" * 40, "sha256=" + "é" * 64, "x" * 9000]
)
def test_without_a_fitting_signature_nothing_is_kept(number, company, enter, header):
    body = json.dumps(envelope(number.waba_id, change(number, messages=[text_message()]))).encode()

    assert post(body, secret="", header=header).status_code == 401

    with enter(company):
        assert not WebhookCall.objects.exists()
    assert not QuarantinedCall.objects.exists()


def test_a_drain_is_woken_for_the_company_alone(deliver, committed, number, company, other_company):
    deliver(envelope(number.waba_id, change(number, messages=[text_message()])))

    end = time.monotonic() + 30
    while not (flags := wake.client().keys(f"balie:{settings.INSTALLATION}:awake:*")) and time.monotonic() < end:
        time.sleep(0.01)
    assert [flag.decode().split(":")[3] for flag in flags] == [company.schema_name]


def test_a_previous_secret_still_opens(deliver, number, company, meta_app, enter):
    MetaApp.objects.filter(pk=meta_app.pk).update(secret="newer", previous_secret=meta_app.secret)

    assert deliver(envelope(number.waba_id, change(number, messages=[text_message()]))).status_code == 200


def test_a_new_app_is_known_within_a_second(deliver, number, meta_app):
    assert deliver({"entry": []}).status_code == 200
    MetaApp.objects.filter(pk=meta_app.pk).update(secret="quite new")

    end = time.monotonic() + 30
    while post(b"{}", secret="quite new").status_code == 401 and time.monotonic() < end:
        time.sleep(0.05)

    assert post(b"{}", secret="quite new").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Hello",
        b'{"entry": [',
        b'{"entry": "\xff\xfe"}',
        b"[]",
        b"3",
        b'"text"',
        b"null",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"entry": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: f"{body[:12]!r}",
)
def test_what_is_no_json_object_is_refused(company, meta_app, body):
    assert post(body, secret=meta_app.secret).status_code == 400


def test_three_megabytes_come_in_and_more_do_not(number, company, meta_app, run_due, enter):
    message = envelope(number.waba_id, change(number, messages=[text_message("x" * 100)]))
    body = json.dumps(message).encode()

    assert post(body + b" " * (MAX_BODY_BYTES - len(body)), secret=meta_app.secret).status_code == 200
    assert post(body + b" " * (MAX_BODY_BYTES - len(body) + 1), secret=meta_app.secret).status_code == 413
    assert post(b" " * (4 * MAX_BODY_BYTES), secret="whoever").status_code == 413


@pytest.mark.parametrize("method", ["put", "patch", "delete", "head", "options"])
def test_other_methods_are_refused(company, method):
    assert getattr(Client(headers={"host": "fietsland.test"}), method)(PATH).status_code == 405


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"entry": None},
        {"entry": {}},
        {"entry": [None, 3, "x", []]},
        {"entry": [{"id": "1", "changes": None}]},
        {"entry": [{"id": "1", "changes": [None, {}, {"field": 3}, {"field": "messages"}]}]},
        {"entry": [{"id": "1" * 500, "changes": [{"field": "f" * 500, "value": {"x": 1}}]}]},
        {
            "entry": [
                {"id": "1", "changes": [{"field": "messages", "value": {"metadata": {"phone_number_id": "9" * 99}}}]}
            ]
        },
    ],
)
def test_odd_but_signed_documents_are_kept_in_the_quarantine(deliver, company, document):
    assert deliver(document).status_code == 200


def test_zero_bytes_and_lone_surrogates_come_through(number, company, meta_app, run_due, enter):
    body = json.dumps(envelope(number.waba_id, change(number, messages=[text_message("a\x00b\ud83dc")]))).encode()

    assert post(body, secret=meta_app.secret).status_code == 200
    run_due("inbound")

    with enter(company):
        call = WebhookCall.objects.get()
        assert call.body.isascii()
        assert "\\u0000" in call.body
        assert "\\ud83d" in call.body
        assert Message.objects.get().body == "a\ufffdb\ufffdc"


def test_one_post_for_two_companies_reaches_both(
    deliver, run_due, company, other_company, number, other_number, meta_app, enter
):
    NumberRoute.objects.filter(pk=other_number.phone_number_id).update(app=meta_app)
    first = envelope(number.waba_id, change(number, messages=[text_message("Voor Fietsland")]))
    second = envelope(other_number.waba_id, change(other_number, messages=[text_message("Voor Zorgvast")]))

    assert deliver({**first, "entry": first["entry"] + second["entry"]}).status_code == 200
    run_due("inbound")

    for one, text in ((company, "Voor Fietsland"), (other_company, "Voor Zorgvast")):
        with enter(one):
            assert [m.body for m in Message.objects.all()] == [text]


def test_a_route_that_moved_since_it_was_remembered_is_read_again(
    deliver, run_due, company, other_company, number, other_number, meta_app, enter
):
    deliver(envelope(number.waba_id, change(number, messages=[text_message("Eerst")])))
    NumberRoute.objects.filter(pk=number.phone_number_id).update(company=other_company)

    deliver(envelope(number.waba_id, change(number, messages=[text_message("Daarna")])))

    with enter(company):
        assert WebhookCall.objects.count() == 1
    with enter(other_company):
        assert WebhookCall.objects.count() == 1


def test_an_account_level_change_reaches_every_company_of_the_account(
    deliver, company, other_company, number, meta_app, enter
):
    news = envelope(number.waba_id, {"field": "account_review_update", "value": {"decision": "APPROVED"}})
    deliver(news)
    AccountRoute.objects.create(waba_id=number.waba_id, company=other_company, app=meta_app)
    deliver(news)

    with enter(company):
        assert WebhookCall.objects.count() == 2
    with enter(other_company):
        assert WebhookCall.objects.count() == 1


def test_a_thousand_changes_in_one_post_are_all_kept(deliver, run_due, number, company, enter):
    changes = [change(number, messages=[text_message(f"{n}", at=1_795_000_000 + n)]) for n in range(1000)]

    assert deliver(envelope(number.waba_id, *changes)).status_code == 200
    run_due("inbound")

    with enter(company):
        bodies = Message.objects.order_by("at", "sequence").values_list("body", flat=True)
        assert list(bodies) == [str(n) for n in range(1000)]
