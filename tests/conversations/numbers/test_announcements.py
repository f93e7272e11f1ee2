"""What the platform announces about a number changes its state, its history and what people are told."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.core import mail
from django.utils import timezone

from conversations.models import Alarm, MessageTemplate, PhoneNumber
from tenants.models import ClientCompany
from tests.conversations.numbers.conftest import Announced
from tests.fixtures.companies import Enter

BAN = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE", "waba_ban_date": "2026-11-22"}}
REINSTATE = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}


def test_a_ban_stops_the_number_and_tells_client_and_agency_once(
    announced: Announced, run_due: Callable[..., int], other_company: ClientCompany, enter: Enter
) -> None:
    announced.say("account_update", **BAN)
    announced.say("account_update", **BAN)
    run_due("housekeeping")

    number = announced.fresh()
    assert (number.state, number.state_reason) == ("stopped", "account_disabled")
    assert announced.alarms()["banned"].told_at is not None
    assert sorted(one.to[0] for one in mail.outbox) == ["admin@example.test", "staff_owner@example.test"]
    assert "/numbers/" in mail.outbox[0].body
    assert "banned" in mail.outbox[0].subject
    with enter(other_company):
        assert not Alarm.objects.exists()


def test_a_number_that_comes_back_says_when_it_was_over(announced: Announced, enter: Enter) -> None:
    announced.say("account_update", **BAN)
    announced.say("account_update", at=time.time() + 2, **REINSTATE)

    assert announced.fresh().state == PhoneNumber.State.LIVE
    assert announced.alarms() == {}
    with enter(announced.company):
        assert Alarm.objects.get(kind="banned").closed_at is not None
    assert [after for _before, after, _source in announced.news("state")] == ["stopped:account_disabled", "live"]


def test_a_warning_about_quality_is_kept_as_history(announced: Announced) -> None:
    announced.set(quality="GREEN", messaging_limit="TIER_10K")

    announced.say("phone_number_quality_update", event="FLAGGED", current_limit="TIER_2K")

    number = announced.fresh()
    assert (number.quality, number.messaging_limit) == ("RED", "TIER_2K")
    assert {"quality_red", "limit_lowered"} <= announced.alarms().keys()
    assert ("GREEN", "RED", "webhook") in announced.news("quality")
    assert ("TIER_10K", "TIER_2K", "webhook") in announced.news("limit")


def test_a_limit_is_the_same_however_it_is_written(announced: Announced) -> None:
    announced.set(messaging_limit="TIER_2K")

    announced.say("business_capability_update", max_daily_conversations_per_business=2000)

    assert announced.fresh().messaging_limit == "TIER_2K"
    assert announced.news("limit") == []


def test_older_news_that_come_late_change_nothing(announced: Announced) -> None:
    announced.say("phone_number_quality_update", event="UNFLAGGED")
    announced.say("phone_number_quality_update", event="FLAGGED", at=time.time() - 600)

    assert announced.fresh().quality == "GREEN"


def test_a_refused_name_is_an_alarm_until_one_is_approved(announced: Announced) -> None:
    announced.say("phone_number_name_update", decision="REJECTED", requested_verified_name="Best Bikes Ever")
    assert announced.fresh().requested_name == "Best Bikes Ever"
    assert "name_rejected" in announced.alarms()

    announced.say(
        "phone_number_name_update", decision="APPROVED", requested_verified_name="Fietsland", at=time.time() + 2
    )

    assert announced.fresh().verified_name == "Fietsland"
    assert "name_rejected" not in announced.alarms()


def test_a_restriction_on_writing_first_leaves_answers_alone_and_ends_by_itself(announced: Announced) -> None:
    ends = timezone.now() + timedelta(days=3)
    part = {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": int(ends.timestamp())}

    announced.say("account_update", event="ACCOUNT_RESTRICTION", restriction_info=[part])

    assert announced.fresh().state == PhoneNumber.State.LIVE
    assert announced.alarms()["restricted"].severity == "critical"


def test_a_restriction_on_answers_pauses_the_number(announced: Announced) -> None:
    part = {"restriction_type": "RESTRICTION_CUSTOMER_INITIATED_MESSAGING"}

    announced.say("account_update", event="ACCOUNT_RESTRICTION", restriction_info=[part])

    number = announced.fresh()
    assert (number.state, number.state_reason) == ("paused", "account_restricted")


def test_a_changed_pin_is_told_unless_it_was_changed_here(announced: Announced) -> None:
    announced.say("security", event="PIN_CHANGED")

    assert "pin_changed" in announced.alarms()
    assert announced.news("security") == [("", "PIN_CHANGED", "webhook")]


def test_a_paused_template_is_an_alarm_until_it_may_be_sent_again(announced: Announced, enter: Enter) -> None:
    named = {"message_template_id": 77, "message_template_name": "spring_sale", "message_template_language": "nl"}
    with enter(announced.company):
        MessageTemplate.objects.create(
            waba_id=announced.number.waba_id,
            template_id="77",
            name="spring_sale",
            language="nl",
            category="MARKETING",
            status="APPROVED",
            components=[],
        )
    announced.say("message_template_status_update", event="PAUSED", reason="NONE", **named)
    assert announced.alarms()["template_paused"].data["name"] == "spring_sale"

    announced.say("message_template_status_update", event="APPROVED", reason="NONE", at=time.time() + 2, **named)

    assert "template_paused" not in announced.alarms()


def test_an_alert_that_is_resolved_ends_its_alarm(announced: Announced) -> None:
    alert = {"entity_type": "WABA", "entity_id": announced.number.waba_id, "alert_type": "INCREASED_CAPABILITIES"}
    announced.say("account_alerts", **alert, alert_severity="CRITICAL", alert_status="ACTIVE", alert_description="No")
    assert "account_warning" in announced.alarms()

    announced.say("account_alerts", **alert, alert_severity="CRITICAL", alert_status="RESOLVED")

    assert "account_warning" not in announced.alarms()
