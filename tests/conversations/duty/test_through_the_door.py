"""From the platform's door to the person who answers: what comes in finds whoever is there."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from conversations.models import Contact, Conversation, PhoneNumber
from tenants.accounts.models import User
from tests.conversations.duty.conftest import Floor
from tests.fixtures.webhooks import WriteFrom


def only(floor: Floor) -> Conversation:
    with floor.inside():
        return Conversation.objects.select_related("assignee").get()


def test_what_somebody_writes_is_given_to_who_is_there_and_comes_back_when_she_goes(
    committed: None,
    floor: Floor,
    agent: User,
    second_agent: User,
    as_agent: Client,
    as_second_agent: Client,
    number: PhoneNumber,
    write_from: WriteFrom,
    run_due: Any,
) -> None:
    floor.settings(auto_assign=True)
    as_agent.post("/presence/", {"presence": "available"})
    write_from(Contact(wa_id="31612345678", name="Marieke"), "Is the shop open?")
    run_due("inbound", "housekeeping")
    assert only(floor).assignee == agent
    since = only(floor).waiting_since

    as_agent.post("/presence/", {"presence": "away"})
    run_due("housekeeping")
    assert only(floor).assignee is None

    as_second_agent.post("/presence/", {"presence": "available"})
    run_due("housekeeping")
    row = only(floor)
    assert (row.assignee, row.waiting_since) == (second_agent, since)
    assert [kind for kind, _data in floor.events(row)] == ["opened", "assigned", "returned", "assigned"]


def test_a_new_message_for_somebody_away_comes_back_to_the_queue(
    committed: None, floor: Floor, agent: User, number: PhoneNumber, write_from: WriteFrom, run_due: Any
) -> None:
    person = Contact(wa_id="31612345678", name="Marieke")
    write_from(person, "Hello?")
    run_due("inbound")
    now = timezone.now()
    floor.person(agent, presence="away", presence_since=now)
    row = only(floor)
    with floor.inside():
        Conversation.objects.filter(pk=row.pk).update(
            assignee=agent, assigned_at=now - timedelta(hours=2), waiting_since=None
        )
    run_due("housekeeping")
    assert only(floor).assignee == agent

    write_from(person, "Are you there?")
    run_due("inbound", "housekeeping")

    assert only(floor).assignee is None
