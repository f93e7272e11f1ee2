"""Reconnecting lets the queue leave; disconnecting lets go of the number, with what waits kept or called off."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Channel, Contact, Conversation, Direction, Message, PhoneNumber
from conversations.services.outbox import outbox
from conversations.status import MessageStatus
from tenants.accounts.models import AuditEntry
from tenants.models import AccountRoute, ClientCompany, MetaApp, NumberRoute, WorkMark
from tests.architecture import html_rules
from tests.conversations.connecting.conftest import NUMBER, TOKEN, WABA, Hand
from tests.fixtures.companies import Enter
from tests.fixtures.simulator import Simulator

pytestmark = pytest.mark.usefixtures("db")


def a_waiting_message(number: PhoneNumber) -> Message:
    """Somebody wrote, and the answer waits to leave. In the company."""
    now = timezone.now()
    contact = Contact.objects.create(name="Ana", wa_id="31612345678")
    channel = Channel.objects.create(contact=contact, phone_number=number, last_inbound_at=now - timedelta(minutes=1))
    conversation = Conversation.objects.create(
        contact=contact,
        phone_number=number,
        channel=channel,
        opened_at=now,
        last_message_at=now,
        last_direction=Direction.INBOUND,
        waiting_since=now,
    )
    return outbox.queue_text(conversation, origin=outbox.Origin(), body="Ja, dat kan.")


def test_disconnecting_ends_the_events_and_keeps_what_waits(
    hand: Hand, business: Simulator, as_admin: Client, enter: Enter
) -> None:
    hand.by_hand()
    number = hand.number()
    with enter(hand.company):
        waiting = a_waiting_message(number)
    url = f"/connecting/numbers/{number.pk}/disconnect/"
    shown = as_admin.get(url).content.decode()
    assert html_rules.breaches_in(shown) == []
    assert "1 message waits to leave." in shown

    answer = as_admin.post(url, {"queue": "keep", "at_platform": "leave"}, follow=True)

    assert "is disconnected" in answer.content.decode()
    row = hand.number()
    assert (row.state, row.state_reason, row.token) == ("stopped", "let_go", "")
    assert not NumberRoute.objects.filter(pk=NUMBER).exists()
    assert not AccountRoute.objects.filter(waba_id=WABA).exists()
    account = next(one for one in business.get("world")["wabas"] if one["id"] == WABA)
    assert account["subscribed"] is False
    with enter(hand.company):
        waiting.refresh_from_db()
        assert waiting.status == MessageStatus.QUEUED
        assert AuditEntry.objects.get(action="number.disconnected").details["unsubscribed"] is True


def test_what_waits_is_called_off_by_choice_and_says_so(
    hand: Hand, business: Simulator, as_admin: Client, enter: Enter
) -> None:
    hand.by_hand()
    number = hand.number()
    with enter(hand.company):
        waiting = a_waiting_message(number)

    said = as_admin.post(
        f"/connecting/numbers/{number.pk}/disconnect/", {"queue": "call_off", "at_platform": "leave"}, follow=True
    )

    assert "1 waiting message was called off." in said.content.decode()
    with enter(hand.company):
        waiting.refresh_from_db()
        assert (waiting.status, waiting.refusal) == (MessageStatus.FAILED, "called_off")


def test_an_account_that_another_company_uses_keeps_its_events(
    hand: Hand, business: Simulator, as_admin: Client, other_company: ClientCompany, meta_app: MetaApp
) -> None:
    hand.by_hand()
    AccountRoute.objects.create(waba_id=WABA, company=other_company, app=meta_app)

    as_admin.post(f"/connecting/numbers/{hand.number().pk}/disconnect/", {"queue": "keep", "at_platform": "leave"})

    account = next(one for one in business.get("world")["wabas"] if one["id"] == WABA)
    assert account["subscribed"] is True
    assert AccountRoute.objects.filter(waba_id=WABA).count() == 1


def test_a_number_that_was_let_go_is_free_for_another_company(
    hand: Hand, business: Simulator, as_admin: Client, as_other_admin: Client, other_company: ClientCompany
) -> None:
    hand.by_hand()
    as_admin.post(f"/connecting/numbers/{hand.number().pk}/disconnect/", {"queue": "keep", "at_platform": "leave"})

    other = Hand(as_other_admin, other_company, hand.app)
    other.by_hand(pin=hand.number().pin)

    assert other.number().state == "live"
    assert hand.number().state == "stopped"
    assert NumberRoute.objects.get(pk=NUMBER).company_id == other_company.pk


def test_a_number_that_was_let_go_comes_back_with_its_queue(
    hand: Hand, business: Simulator, as_admin: Client, enter: Enter
) -> None:
    hand.by_hand()
    number = hand.number()
    as_admin.post(f"/connecting/numbers/{number.pk}/disconnect/", {"queue": "keep", "at_platform": "leave"})

    assert as_admin.post(f"/connecting/numbers/{number.pk}/reconnect/").status_code == 302
    hand.worked()
    assert hand.steps()["token"] == "token_missing"
    hand.answer("token", token=TOKEN)
    WorkMark.objects.filter(kind="outbound").delete()
    hand.worked()

    assert hand.number().state == "live"
    assert WorkMark.objects.filter(kind="outbound", key=str(number.pk)).exists()


def test_a_dead_token_is_replaced_and_the_queue_leaves(
    hand: Hand, business: Simulator, as_admin: Client, enter: Enter
) -> None:
    hand.by_hand()
    number = hand.number()
    with enter(hand.company):
        PhoneNumber.objects.filter(pk=number.pk).update(state="paused", state_reason="token_dead")
    business.post(f"tokens/{WABA}/revoke")
    as_admin.post(f"/connecting/numbers/{number.pk}/reconnect/")
    hand.worked()
    assert hand.steps()["token"] == "token_invalid"

    business.post(f"tokens/{WABA}/restore", token="EAAnewer")
    hand.answer("token", token="EAAnewer")
    hand.worked()

    row = hand.number()
    assert (row.state, row.state_reason, row.token) == ("live", "", "EAAnewer")
    assert WorkMark.objects.filter(kind="outbound", key=str(number.pk)).exists()
    assert hand.last().token == ""


def test_metas_window_gives_a_number_with_a_dead_token_a_new_one(
    hand: Hand, business: Simulator, as_admin: Client
) -> None:
    hand.by_hand()
    number = hand.number()
    business.post(f"tokens/{WABA}/revoke")
    as_admin.post(f"/connecting/numbers/{number.pk}/reconnect/")
    hand.worked()
    assert "data-open-signup" in hand.page()

    assert hand.code("AQnothing") == {"ok": False, "problem": "code_expired"}
    assert hand.steps()["token"] == "code_expired"
    assert hand.tell("CANCEL", current_step="PHONE_NUMBER_SETUP") == 200
    assert hand.steps()["token"] == "signup_cancelled"

    ended = business.post("signup", app_id=hand.app.app_id, event="FINISH_GRANT_ONLY_API_ACCESS", waba=WABA)
    assert hand.code(ended["code"])["ok"]
    hand.worked()

    assert hand.number().token not in ("", TOKEN)
    assert hand.steps()["subscription"] == "done"
    assert (hand.number().pk, hand.number().state) == (number.pk, "live")


def test_reconnecting_twice_is_one_attempt(hand: Hand, business: Simulator, as_admin: Client) -> None:
    hand.by_hand()
    url = f"/connecting/numbers/{hand.number().pk}/reconnect/"

    first = as_admin.post(url).headers["Location"]

    assert as_admin.post(url).headers["Location"] == first


def test_another_companys_number_is_not_there(hand: Hand, business: Simulator, as_other_admin: Client) -> None:
    hand.by_hand()
    number = hand.number()

    for act in ("reconnect", "disconnect", "pin", "region"):
        assert (
            as_other_admin.post(
                f"/connecting/numbers/{number.pk}/{act}/", {"queue": "keep", "at_platform": "leave"}
            ).status_code
            == 404
        )
    assert hand.number().state == "live"


def test_how_a_number_moves_is_written_down(as_admin: Client) -> None:
    page = as_admin.get("/connecting/moving/")

    assert page.status_code == 200
    assert html_rules.breaches_in(page.content.decode()) == []
