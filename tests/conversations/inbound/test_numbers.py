"""Connecting a number: once, for one company, with everything that came in before anybody knew it."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from conversations.errors import NumberTaken
from conversations.models import Message, MessageTemplate, PhoneNumber, WebhookCall
from conversations.services.numbers import numbers
from tenants.models import Agency, MetaApp, NumberRoute, QuarantinedCall, WorkMark
from tests.fixtures.webhooks import change, envelope, text_message

NEW = {"phone_number_id": "555000111222", "waba_id": "777000111222", "display_number": "+31 20 555 0001"}


@pytest.fixture
def real_app(company, meta_app) -> MetaApp:
    """An app at the platform itself; same secret, so that the same deliveries verify."""
    MetaApp.objects.filter(pk=meta_app.pk).update(sandbox=False)
    meta_app.refresh_from_db()
    return meta_app


def _message_to_new(text: str = "Te vroeg?") -> dict:
    value = {"metadata": {"phone_number_id": NEW["phone_number_id"]}, "messages": [text_message(text)]}
    return envelope(NEW["waba_id"], {"field": "messages", "value": value})


def test_a_message_before_the_number_is_known_arrives_when_it_is(deliver, run_due, company, meta_app, enter):
    assert deliver(_message_to_new()).status_code == 200
    kept = QuarantinedCall.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM tenants_quarantinedcall")
        assert "vroeg" not in cursor.fetchone()[0]
    assert "vroeg" in kept.body

    numbers.connect_number(company, **NEW, app=meta_app, token="t")
    run_due("inbound")

    with enter(company):
        assert Message.objects.get().body == "Te vroeg?"
    assert not QuarantinedCall.objects.exists()


def test_a_number_of_another_company_is_refused_without_saying_whose(company, other_company, meta_app, other_number):
    with pytest.raises(NumberTaken) as refusal:
        numbers.connect_number(
            company, **{**NEW, "phone_number_id": other_number.phone_number_id}, app=meta_app, token="t"
        )

    assert other_company.name not in str(refusal.value.user_message)
    assert NumberRoute.objects.get(pk=other_number.phone_number_id).company == other_company


def test_an_app_of_another_agency_is_refused(company, meta_app):
    stranger = Agency.objects.create(name="Anders", slug="anders")
    MetaApp.objects.filter(pk=meta_app.pk).update(agency=stranger)
    meta_app.refresh_from_db()

    with pytest.raises(numbers.AppNotYours):
        numbers.connect_number(company, **NEW, app=meta_app, token="t")


def test_without_an_agreement_changes_are_kept_and_applied_when_it_is_signed(
    deliver, run_due, company, other_company, real_app, enter
):
    number = numbers.connect_number(company, **NEW, app=real_app, token="t")
    assert number.state == PhoneNumber.State.SETUP

    deliver(_message_to_new("Nog niet"))
    run_due("inbound")

    with enter(company):
        assert not Message.objects.exists()
        assert WebhookCall.objects.filter(applied_at=None).count() == 1
        numbers.go_live(number)
    run_due("inbound")

    with enter(company):
        assert Message.objects.get().body == "Nog niet"
        number.refresh_from_db()
        assert number.state == PhoneNumber.State.LIVE
    with enter(other_company):
        assert not Message.objects.exists()


def test_a_new_token_starts_a_number_whose_token_died(company, number, enter):
    with enter(company):
        PhoneNumber.objects.update(state="paused", state_reason="token_dead")
        restored = numbers.restore_token(number, token="living")

        assert (restored.state, restored.state_reason, restored.token) == ("live", "", "living")
    assert WorkMark.objects.filter(kind="outbound", key=str(number.pk)).exists()


def test_a_new_token_does_not_lift_a_ban(company, number, enter):
    with enter(company):
        PhoneNumber.objects.update(state="stopped", state_reason="account_disabled")

        assert numbers.restore_token(number, token="living").state == "stopped"


def test_the_command_connects_and_asks_the_platform(simulator, company, meta_app, monkeypatch, number, enter, run_due):
    monkeypatch.setenv("WHATSAPP_TOKEN", number.token)
    body = [{"type": "BODY", "text": "Uw fiets is klaar."}]
    template = {"name": "klaar", "language": "nl", "category": "UTILITY", "status": "APPROVED", "components": body}
    simulator.post("world", templates=[{"waba_id": number.waba_id, **template}])
    for _ in range(2):
        answer = _call("fietsland", number.phone_number_id, number.waba_id, "+31201000001", meta_app.app_id)
        assert answer["state"] == "live"
        assert answer["platform"].startswith("reached")
    run_due("housekeeping")

    with enter(company):
        assert PhoneNumber.objects.count() == 1
        synced = MessageTemplate.objects.get(waba_id=number.waba_id, name="klaar")
        assert (synced.status, synced.components) == ("APPROVED", body)


def test_the_command_says_when_the_platform_is_not_reached(company, meta_app, monkeypatch):
    monkeypatch.setenv("WHATSAPP_TOKEN", "t")
    MetaApp.objects.update(graph_url="http://127.0.0.1:9")

    answer = _call("fietsland", "555000111222", "777000111222", "+31205550001", meta_app.app_id)

    assert answer["platform"] == "not reached; the worker asks again"


def test_the_command_takes_no_token_as_argument_and_refuses_without(company, meta_app, monkeypatch):
    monkeypatch.delenv("WHATSAPP_TOKEN", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    with pytest.raises(CommandError, match="WHATSAPP_TOKEN"):
        _call("fietsland", "555000111222", "777000111222", "+31205550001", meta_app.app_id)


def _call(*arguments: str) -> dict:
    out = io.StringIO()
    call_command("connect_number", *arguments, "--json", stdout=out)
    answer: dict = json.loads(out.getvalue())
    return answer


def test_a_change_about_a_number_of_mine_signed_by_another_app_is_refused(
    deliver, run_due, company, other_company, number, other_meta_app, enter
):
    response = deliver(envelope(number.waba_id, change(number, messages=[text_message("Vals")])), app=other_meta_app)
    run_due("inbound")

    assert response.status_code == 200
    for one in (company, other_company):
        with enter(one):
            assert not WebhookCall.objects.exists()
            assert not Message.objects.exists()
    assert QuarantinedCall.objects.get().app_id == other_meta_app.pk
