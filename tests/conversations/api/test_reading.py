"""Integrators read conversations, contacts, messages and events, page by page, and miss nothing."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from conversations.integrations.services import events
from conversations.integrations.services.events import Fact
from conversations.models import Conversation, PhoneNumber
from tenants.accounts.models import AuditEntry
from tenants.context import inside
from tenants.models import ClientCompany
from tests.conversations.api.conftest import Integrator, begin, problem_of
from tests.fixtures.companies import Enter


def a_fact(kind: str = "message.received") -> Fact:
    return Fact(kind, uuid4(), timezone.now())


@pytest.mark.usefixtures("db")
def test_pages_follow_each_other_without_gap_or_double(
    integrator: Integrator, company: ClientCompany, number: PhoneNumber, enter: Enter
) -> None:
    with enter(company):
        made = {str(begin(number, wa_id=f"3161234{n:04d}", name=f"P{n}").pk) for n in range(7)}

    seen, path = [], "/api/v1/conversations?limit=3"
    while path:
        page = integrator.get(path).json()
        seen += [row["id"] for row in page["results"]]
        path = page["next"]

    assert len(seen) == 7
    assert set(seen) == made


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("path", ["/api/v1/conversations", "/api/v1/contacts"])
def test_a_list_takes_as_many_queries_for_one_row_as_for_twenty(
    path: str, integrator: Integrator, company: ClientCompany, number: PhoneNumber, enter: Enter, counted: Any
) -> None:
    with enter(company):
        begin(number, wa_id="31612345000", name="One")
    integrator.get(path)
    few = counted(lambda: integrator.get(path))
    with enter(company):
        for n in range(20):
            begin(number, wa_id=f"3161235{n:04d}", name=f"P{n}")

    assert counted(lambda: integrator.get(path)) == few


@pytest.mark.usefixtures("db")
def test_an_unknown_status_is_refused(integrator: Integrator) -> None:
    assert problem_of(integrator.get("/api/v1/conversations?status=sleeping"), status=422) == "invalid"


@pytest.mark.usefixtures("db")
def test_reading_a_conversation_is_recorded_with_the_key(
    integrator: Integrator, conversation: Conversation, company: ClientCompany, enter: Enter
) -> None:
    integrator.get(f"/api/v1/conversations/{conversation.pk}/messages")

    with enter(company):
        entry = AuditEntry.objects.get(action="conversation.read")
        assert (entry.actor_kind, entry.actor_name, entry.subject_id) == ("api_key", "Shop", str(conversation.pk))


@pytest.mark.usefixtures("committed")
def test_events_come_in_order_and_from_where_one_left_off(
    integrator: Integrator, company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        events.record([a_fact() for _ in range(5)])

    first = integrator.get("/api/v1/events?after=0&limit=3").json()
    rest = integrator.get(f"/api/v1/events?after={first['next_after']}").json()
    none = integrator.get(f"/api/v1/events?after={rest['next_after']}").json()

    ids = [row["id"] for row in first["results"] + rest["results"]]
    assert (len(ids), ids) == (5, sorted(ids))
    assert none == {"results": [], "next_after": rest["next_after"]}


@pytest.mark.usefixtures("committed")
def test_a_fact_that_commits_late_is_never_passed_by(
    integrator: Integrator, company: ClientCompany, enter: Enter
) -> None:
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with inside(company.schema_name), transaction.atomic():
                events.record([a_fact("slow")])
                written.set()
                may_commit.wait(60)
        finally:
            connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    assert written.wait(60)
    with enter(company):
        events.record([a_fact("quick")])
    early = integrator.get("/api/v1/events?after=0").json()
    may_commit.set()
    writer.join(60)
    late = integrator.get(f"/api/v1/events?after={early['next_after']}").json()

    assert [row["kind"] for row in early["results"] + late["results"]] == ["slow", "quick"]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "limit=0", "limit=1001", "after=99999999999999999999", "after=²"]
)
def test_an_odd_cursor_is_refused(query: str, integrator: Integrator) -> None:
    assert problem_of(integrator.get(f"/api/v1/events?{query}"), status=422) == "invalid"


@pytest.mark.usefixtures("db")
def test_the_description_is_readable_by_people_and_programs(as_nobody: Any) -> None:
    described = as_nobody.get("/api/openapi.json").json()
    page = as_nobody.get("/api/reference/").content.decode()

    for path in described["paths"]:
        assert path in page
    assert as_nobody.get("/api/problems/window_closed").status_code == 200
    assert as_nobody.get("/api/problems/no-such-code").status_code == 404
