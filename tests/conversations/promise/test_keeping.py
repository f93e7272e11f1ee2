"""Promises to people who wait: given when they write, kept by an answer, warned of before and noted when broken."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from conversations.models import Conversation, ConversationEvent, InboxSettings, Intent, PromiseRecord, Team, TeamMember
from conversations.services import housekeeping, summary
from conversations.services.handling import conversations
from conversations.services.outbox import outbox
from conversations.services.outbox.outbox_rows import Origin
from conversations.services.promise import promise, promise_records, promise_watch
from tenants.context import in_public
from tenants.models import WorkMark
from tests.fixtures.webhooks import change, envelope

OFFICE = {name: [["09:00", "17:30"]] for name in ("mon", "tue", "wed", "thu", "fri")}
MINUTE = timedelta(minutes=1)


def records(inbox):
    with inbox.inside():
        return list(PromiseRecord.objects.order_by("waiting_since"))


def broken_lines(row):
    return row.events.filter(kind=ConversationEvent.Kind.PROMISE_BROKEN).count()


def marked(schema_name):
    marks = WorkMark.objects.filter(schema_name=schema_name, kind="housekeeping", key="promise")
    return sorted(marks.values_list("due_at", flat=True))


def test_a_message_begins_a_promise_in_business_time(company, enter, write_from, inbox):
    with enter(company):
        InboxSettings.objects.create(hours=OFFICE, response_minutes=30)
    write_from("31612345678", at=datetime(2026, 6, 12, 18, tzinfo=UTC))  # a Friday evening
    write_from("31612345678", at=datetime(2026, 6, 12, 19, tzinfo=UTC))
    with enter(company):
        row = Conversation.objects.get()
        assert row.due_at == datetime(2026, 6, 15, 7, 30, tzinfo=UTC)
    assert marked(company.schema_name)[0] == datetime(2026, 6, 15, 7, 22, 30, tzinfo=UTC)  # to warn in time


def test_the_intent_of_a_conversation_counts_for_the_next_message_too(company, enter, write_from, inbox):
    long_ago = timezone.now() - 3 * MINUTE
    write_from("31612345678", at=long_ago)
    with enter(company):
        intent = Intent.objects.create(name="Pech onderweg", response_minutes=10)
        row = Conversation.objects.get()
        Conversation.objects.filter(pk=row.pk).update(intent=intent, waiting_since=None)
    wrote = timezone.now().replace(microsecond=0) - MINUTE
    write_from("31612345678", at=wrote)
    assert inbox.fresh(row).due_at == wrote + 10 * MINUTE


def test_an_answer_from_the_phone_keeps_the_promise(company, enter, write_from, deliver, run_due, number, inbox):
    wrote = timezone.now().replace(microsecond=0) - 10 * MINUTE
    write_from("31612345678", at=wrote)
    echo = {"from": number.display_number.lstrip("+"), "to": "31612345678", "id": "wamid.ECHO", "type": "text"}
    echo |= {"timestamp": str(int(wrote.timestamp()) + 120), "text": {"body": "Komt goed"}}
    deliver(envelope(number.waba_id, change(number, field="smb_message_echoes", message_echoes=[echo])))
    run_due("inbound")
    [record] = records(inbox)
    assert (record.waiting_since, record.answered_at) == (wrote, wrote + 2 * MINUTE)
    assert record.broken_at is None


def test_an_answer_in_time_is_a_promise_kept(waiting, inbox, agent):
    row = waiting(5)
    with inbox.inside():
        outbox.queue_text(row, origin=Origin(author=agent), body="Goedemiddag")
        outbox.queue_text(row, origin=Origin(author=agent), body="Wat kan ik doen?")
    [record] = records(inbox)
    assert (record.waiting_since, record.due_at, record.answered_by_id) == (row.waiting_since, row.due_at, agent.pk)
    assert record.broken_at is None
    with inbox.inside():
        assert broken_lines(row) == 0


def test_an_answer_too_late_is_a_promise_broken(waiting, inbox, agent):
    row = waiting(90)
    with inbox.inside():
        outbox.queue_text(row, origin=Origin(author=agent), body="Sorry")
        housekeeping.keep("promise")
        assert broken_lines(row) == 1
    [record] = records(inbox)
    assert record.broken_at == row.due_at
    assert record.answered_at > record.broken_at


def test_an_answer_taken_back_was_none(waiting, inbox, agent):
    row = waiting(5)
    with inbox.inside():
        message = outbox.queue_text(row, origin=Origin(author=agent, delay=timedelta(seconds=9)), body="Oeps")
        assert PromiseRecord.objects.exists()
        outbox.undo(message, by=agent)
        assert not PromiseRecord.objects.exists()
    assert inbox.fresh(row).due_at is not None


def test_closing_without_an_answer_breaks_only_what_is_overdue(waiting, inbox, agent):
    early, late = waiting(5), waiting(90)
    with inbox.inside():
        conversations.close(early, by=agent)
        conversations.close(late, by=agent)
    [record] = records(inbox)
    assert (record.conversation_id, record.broken_at, record.answered_at) == (late.pk, late.due_at, None)


def test_people_are_warned_once_and_a_broken_promise_is_noted_once(waiting, inbox, company):
    calm, soon, over = waiting(10), waiting(50), waiting(70)
    with inbox.inside():
        for _twice in range(2):
            housekeeping.keep("promise")
        found = {record.conversation_id: record for record in PromiseRecord.objects.all()}
        assert set(found) == {soon.pk, over.pk}
        assert found[soon.pk].warned_at is not None
        assert found[soon.pk].broken_at is None
        assert found[over.pk].broken_at == over.due_at
        assert broken_lines(over) == 1
        assert broken_lines(soon) == 0
    looks = marked(company.schema_name)
    assert any(calm.due_at - 16 * MINUTE < at <= calm.due_at - 14 * MINUTE or at <= soon.due_at for at in looks)


def test_a_warning_goes_to_the_leads_of_the_team_else_to_supervisors(waiting, inbox, agent, supervisor, admin):
    with inbox.inside():
        team = Team.objects.create(name="Werkplaats")
        TeamMember.objects.create(team=team, user=agent, leads=True)
        of_team, of_nobody = waiting(50, team=team), waiting(51)
        heard = promise_watch.hear_of([of_team, of_nobody])
    assert heard[agent.pk] == [of_team.pk]
    assert heard[supervisor.pk] == [of_nobody.pk]
    assert heard[admin.pk] == [of_nobody.pk]


def test_a_sensitive_conversation_alarms_only_who_may_see_it(waiting, inbox, supervisor, admin):
    with inbox.inside():
        type(admin).objects.filter(pk=admin.pk).update(cleared_on=timezone.localdate())
        row = waiting(50, sensitive=True)
        heard = promise_watch.hear_of([row])
        housekeeping.keep("promise")
        assert promise_watch.about_to_break(type(admin).objects.get(pk=admin.pk))[0] == 1
        assert promise_watch.about_to_break(supervisor)[0] == 0
    assert list(heard) == [admin.pk]


def test_of_two_workers_that_look_at_once_only_one_warns(waiting, inbox):
    row = waiting(50)
    at = timezone.now()
    looked = promise_records.Ended(row.pk, row.waiting_since, row.due_at, warned_at=at)
    with inbox.inside():
        first, second = (promise_records.write([looked], at=at) for _worker in range(2))
    assert (first.warned, second.warned) == ({row.pk}, frozenset())


def test_where_no_lead_is_cleared_whoever_gives_out_work_and_is_cleared_hears(waiting, inbox, agent, supervisor, admin):
    with inbox.inside():
        team = Team.objects.create(name="Werkplaats")
        TeamMember.objects.create(team=team, user=agent, leads=True)
        row = waiting(50, team=team, sensitive=True)
        assert promise_watch.hear_of([row]) == {}
        assert set(promise_watch.hear_of([row], somebody=True)) == {supervisor.pk, admin.pk}
        type(admin).objects.filter(pk=admin.pk).update(cleared_on=timezone.localdate())
        assert promise_watch.hear_of([row]) == {admin.pk: [row.pk]}


def test_an_intent_chosen_after_the_breach_forgives_only_what_has_time_left(waiting, inbox):
    row = waiting(90)
    with inbox.inside():
        housekeeping.keep("promise")
        longer, long = (Intent.objects.create(name=str(minutes), response_minutes=minutes) for minutes in (80, 300))
        for intent, broken_at in ((longer, row.waiting_since + 80 * MINUTE), (long, None)):
            Conversation.objects.filter(pk=row.pk).update(intent=intent)
            promise.renew([row.pk])
            housekeeping.keep("promise")
            found = PromiseRecord.objects.filter(conversation=row).first()
            assert (found.broken_at if found else None) == broken_at
        assert broken_lines(row) == 1


def test_new_hours_move_everybody_who_waits(waiting, inbox, company):
    rows = [waiting(20), waiting(70)]
    with inbox.inside():
        housekeeping.keep("promise")
        InboxSettings.objects.create(response_minutes=120)
        housekeeping.keep("hours")
        for row in rows:
            assert inbox.fresh(row).due_at == row.due_at + 60 * MINUTE
        assert not PromiseRecord.objects.exists()  # what seemed broken has time left
        assert Conversation.objects.get(pk=rows[0].pk).version > rows[0].version


def test_a_company_where_nobody_looks_is_found(waiting, inbox, company):
    waiting(50)
    with inbox.inside():
        from_scratch = WorkMark.objects.filter(schema_name=company.schema_name)
        from_scratch.delete()
        summary.refresh()
    with in_public():
        housekeeping.plan()
    assert marked(company.schema_name)


def test_two_companies_keep_their_promises_apart(waiting, inbox, other_inbox):
    mine, theirs = waiting(50), other_inbox.conversation(minutes_ago=50)
    with other_inbox.inside():
        InboxSettings.objects.create(response_minutes=600)
        promise.renew([theirs.pk])
        housekeeping.keep("promise")
        assert not PromiseRecord.objects.exists()
    with inbox.inside():
        housekeeping.keep("promise")
        assert PromiseRecord.objects.get().conversation_id == mine.pk


def test_the_time_left_is_business_time(inbox):
    with inbox.inside():
        InboxSettings.objects.create(hours=OFFICE, response_minutes=60)
        given = promise.Promise.current()
    wrote, due = datetime(2026, 6, 12, 15, tzinfo=UTC), datetime(2026, 6, 15, 7, 30, tzinfo=UTC)
    assert given.due(wrote) == due
    assert given.left(wrote, due, at=datetime(2026, 6, 13, 12, tzinfo=UTC)) == 0.5  # the weekend takes nothing
    assert given.left(wrote, due, at=due) == 0
