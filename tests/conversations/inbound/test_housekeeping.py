"""What happens without anybody asking."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from conversations.models import ClientQuestion, Conversation, InboxSettings
from conversations.services import housekeeping, quarantine
from conversations.services.handling import conversations
from tenants import work
from tenants.context import in_public
from tenants.models import QuarantinedCall, WorkMark

PHONE = "31612345678"


@pytest.fixture
def plan(run_due):
    """What the scheduler does every quarter of an hour, and the work that follows."""

    def planned() -> None:
        current_app.tasks["conversations.plan_housekeeping"]()
        run_due("housekeeping")

    return planned


def test_a_conversation_closes_after_its_idle_days_and_not_before(
    write_from, plan, company, other_company, number, enter
):
    write_from(PHONE, "Lang geleden", at=timezone.now() - timedelta(days=31))
    write_from("31687654321", "Kort geleden", at=timezone.now() - timedelta(days=29))

    plan()

    with enter(company):
        closed = Conversation.objects.get(status="closed")
        assert closed.contact.wa_id == PHONE
        assert (closed.close_reason, closed.waiting_since, closed.unread_count) == ("idle", None, 0)
        assert closed.events.filter(kind="closed", data__reason="idle").exists()
        assert Conversation.objects.open().count() == 1
    mark = WorkMark.objects.get(kind="housekeeping", key="", schema_name=company.schema_name)
    assert timezone.now() < mark.due_at <= timezone.now() + timedelta(hours=24)
    assert not WorkMark.objects.filter(kind="housekeeping", key="", schema_name=other_company.schema_name).exists()


def test_the_company_decides_how_many_days(write_from, plan, company, enter):
    write_from(PHONE, "Vorige week", at=timezone.now() - timedelta(days=8))
    with enter(company):
        InboxSettings.objects.create(idle_close_days=7)

    plan()

    with enter(company):
        assert Conversation.objects.get().status == "closed"


def test_what_somebody_reopened_lately_is_not_idle(write_from, plan, company, enter, agent):
    write_from(PHONE, "Lang geleden", at=timezone.now() - timedelta(days=40))
    with enter(company):
        conversation = conversations.close(Conversation.objects.get(), by=agent)
        conversations.reopen(conversation, by=agent)

    plan()

    with enter(company):
        assert Conversation.objects.get().status == "open"


@pytest.mark.parametrize("why", ["note", "question", "danger"])
def test_what_somebody_still_works_on_is_not_idle(write_from, plan, company, enter, agent, why):
    write_from(PHONE, "Lang geleden", at=timezone.now() - timedelta(days=40))
    with enter(company):
        row, now = Conversation.objects.get(), timezone.now()
        row.events.update(at=now - timedelta(days=40))
        match why:
            case "note":
                conversations.add_note(row, author=agent, body="Belt morgen terug")
            case "question":
                ClientQuestion.objects.create(
                    conversation=row, to_name="Jan", to_email="j@example.test", body="?", token_hash="x",
                    asked_at=now - timedelta(days=35), expires_at=now + timedelta(days=1),
                )  # fmt: skip
            case "danger":
                Conversation.objects.update(danger_at=now - timedelta(days=40))

    plan()

    with enter(company):
        assert Conversation.objects.get().status == "open"


def test_a_second_plan_writes_no_second_mark(write_from, company):
    write_from(PHONE, "Hallo")
    with in_public():
        housekeeping.plan()
        marks = WorkMark.objects.filter(kind="housekeeping").count()
        housekeeping.plan()

    assert WorkMark.objects.filter(kind="housekeeping").count() == marks


def test_the_quarantine_is_emptied_after_fourteen_days(company, meta_app):
    now = timezone.now()
    for days in (13, 15):
        QuarantinedCall.objects.create(
            app=meta_app, field="messages", body="{}", phone_number_id="1", received_at=now - timedelta(days=days)
        )

    assert quarantine.empty() == 1
    assert QuarantinedCall.objects.get().received_at > now - timedelta(days=14)


def test_work_that_fails_comes_again_after_a_while_and_lets_others_go_first(run_due, company, other_company, enter):
    for side in (company, other_company):
        with enter(side):
            work.mark(work.Kind.HOUSEKEEPING, key="nobody-knows" if side == company else "snooze")
    with pytest.raises(KeyError):
        current_app.tasks["conversations.keep_house"](company.schema_name, "nobody-knows")

    assert [due.key for due in work.due()] == ["snooze"]
    run_due("housekeeping")

    kept = WorkMark.objects.get()
    assert kept.key == "nobody-knows"
    assert timedelta(seconds=30) < kept.due_at - timezone.now() <= timedelta(minutes=1)
