"""What concerns one person reaches her own topic, at the agency's desk too; never what was written."""

from typing import Any
from uuid import UUID

from django.test import Client

from conversations.models import Conversation
from conversations.services.handling import conversations, following, noting
from tenants import live
from tenants.accounts.models import User
from tenants.models import ClientCompany
from tests.desk.conftest import give, row_at
from tests.fixtures.companies import Enter
from tests.fixtures.hints import Heard


def test_a_new_message_is_told_to_who_answers_and_to_nobody_else(
    write_from: Any, agent: User, second_agent: User, company: ClientCompany, enter: Enter, heard: Heard
) -> None:
    write_from("31612345678")
    row = _taken(by=agent, enter=enter, company=company)

    write_from("31612345678", "Bent u er nog?")

    schema = company.schema_name
    assert ("written", str(row)) in heard(live.user_topic(schema, agent.pk))
    assert heard(live.user_topic(schema, second_agent.pk)) == set()


def test_who_follows_hears_of_messages_and_notes_but_not_of_her_own(
    write_from: Any, agent: User, second_agent: User, company: ClientCompany, enter: Enter, heard: Heard
) -> None:
    write_from("31612345678")
    row = _taken(by=agent, enter=enter, company=company)
    topic = live.user_topic(company.schema_name, second_agent.pk)
    with enter(company):
        conversation = Conversation.objects.get(pk=row)
        for user in (agent, second_agent):
            following.follow(conversation, by=user)

    write_from("31612345678", "Bent u er nog?")

    assert heard(topic) == {("followed", str(row))}
    assert ("followed", str(row)) not in heard(live.user_topic(company.schema_name, agent.pk))
    with enter(company):
        noting.write(conversation, author=second_agent, body="Kent iemand deze klant?")
    assert ("followed", str(row)) in heard(live.user_topic(company.schema_name, agent.pk))


def test_the_agencys_person_hears_it_at_the_desk_which_says_whose_it_is(
    write_from: Any,
    staff_person: User,
    as_staff: Client,
    company: ClientCompany,
    other_company: ClientCompany,
    enter: Enter,
    heard: Heard,
) -> None:
    grant = give(staff_person, company)
    write_from("31612345678")
    row = _taken(by=row_at(company, staff_person), enter=enter, company=company)

    write_from("31612345678", "Bent u er nog?")

    assert ("written", str(row)) in heard(live.staff_topic(staff_person.pk))
    [found] = as_staff.get(f"/desk/concerns/?ids={row},{UUID(int=7)},odd").json()["found"]
    assert found == {"id": str(row), "company": company.name, "place": f"/desk/{company.pk}/inbox/{row}/"}
    grant.delete()
    assert as_staff.get(f"/desk/concerns/?ids={row}").json() == {"found": []}


def _taken(*, by: User, enter: Enter, company: ClientCompany) -> UUID:
    with enter(company):
        row = Conversation.objects.get()
        conversations.take(row, by=by, from_holder=None)
        return row.pk
