"""The page of the audit trail: for admins only, filtered, paged, itself recorded."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tenants.accounts import audit
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.roles import Role
from tenants.accounts.services import grants
from tenants.context import in_public
from tenants.models import ClientCompany, StaffMembership
from tests.accounts.trail import tamper, write, written
from tests.architecture.html_rules import assert_clean
from tests.fixtures.companies import Enter
from tests.fixtures.world import email_of


class TestThePage:
    def test_is_for_admins(self, as_admin: Client, as_agent: Client, as_supervisor: Client, as_nobody: Client) -> None:
        assert as_admin.get("/audit/").status_code == 200
        assert as_agent.get("/audit/").status_code == 403
        assert as_supervisor.get("/audit/").status_code == 403
        assert as_nobody.get("/audit/").status_code == 302
        assert as_agent.post("/audit/check/").status_code == 403

    def test_shows_what_was_done_here_and_nothing_of_another_company(
        self, as_admin: Client, as_other_admin: Client, company: ClientCompany, agent: User, enter: Enter
    ) -> None:
        with enter(company):
            audit.record("person.switched_off", actor=agent, subject=agent, reason="Left <b>us</b>")

        page = as_admin.get("/audit/").content.decode()

        assert "Ended a person&#x27;s access" in page
        assert "Left &lt;b&gt;us&lt;/b&gt;" in page
        assert_clean(page)
        assert "Left" not in as_other_admin.get("/audit/").content.decode()

    def test_marks_people_of_the_agency(
        self, as_admin: Client, company: ClientCompany, staff_person: User, enter: Enter
    ) -> None:
        with in_public():
            membership = StaffMembership.objects.get(user=staff_person)
        grants.give(membership, company=company, role=Role.AGENT, given_by="Owner")
        with enter(company):
            audit.record("search.run", actor=User.objects.get(staff_id=staff_person.pk), found=3)

        page = as_admin.get("/audit/?action=search.run").content.decode()

        assert "Staff Person" in page
        assert re.search(r'data-state="inside">.*?Balans', page, re.DOTALL)

    def test_filters_by_person_action_and_day(
        self, as_admin: Client, company: ClientCompany, agent: User, admin: User, enter: Enter
    ) -> None:
        with enter(company):
            audit.record("search.run", actor=agent)
            audit.record("file.opened", actor=admin)
        today = timezone.localdate()
        later = (today + timedelta(days=3)).isoformat()

        def actions(**query: str) -> list[str]:
            return [line.entry.action for line in as_admin.get("/audit/", query).context["lines"]]

        assert actions(person=str(agent.pk)) == ["search.run"]
        assert actions(action="file.opened") == ["file.opened"]
        assert actions(person=str(agent.pk), action="file.opened") == []
        assert actions(since=later) == []
        assert actions(until="2020-01-01") == []
        assert "file.opened" in actions(since=(today - timedelta(days=1)).isoformat(), until=later)

    @pytest.mark.parametrize(
        "query", [{"person": "nobody"}, {"person": str(uuid4())}, {"action": "x"}, {"since": "yesterday"}]
    )
    def test_says_which_filter_makes_no_sense(self, as_admin: Client, query: dict[str, str]) -> None:
        answer = as_admin.get("/audit/", query)

        assert answer.status_code == 200
        assert "field-error" in answer.content.decode()

    @pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "1e3"])
    def test_an_odd_page_is_not_there(self, as_admin: Client, before: str) -> None:
        assert as_admin.get("/audit/", {"before": before}).status_code == 404

    def test_pages_by_key_with_the_same_few_queries(
        self,
        as_admin: Client,
        company: ClientCompany,
        agent: User,
        enter: Enter,
        django_assert_max_num_queries: Any,
    ) -> None:
        with enter(company):
            for _n in range(70):
                audit.record("session.started", actor=agent, subject=agent)
        as_admin.get("/audit/")

        with django_assert_max_num_queries(16):
            first = as_admin.get("/audit/")
        second = as_admin.get("/audit/", {"before": first.context["next"]})

        numbers = [line.entry.sequence for page in (first, second) for line in page.context["lines"]]
        assert len(first.context["lines"]) == 50
        assert numbers == sorted(set(numbers), reverse=True)
        assert len(numbers) == 71
        assert second.context["next"] is None

    def test_looking_at_it_is_recorded_once_per_short_while(
        self, as_admin: Client, company: ClientCompany, admin: User, enter: Enter
    ) -> None:
        as_admin.get("/audit/")
        as_admin.get("/audit/")

        with enter(company):
            assert AuditEntry.objects.get(action="audit.viewed").actor_id == admin.pk

    def test_checks_the_chain_on_demand(self, as_admin: Client, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            write()
        assert "The trail is whole" in as_admin.post("/audit/check/", follow=True).content.decode()
        with enter(company):
            tamper("UPDATE accounts_auditentry SET reason = 'x' WHERE sequence = 2")

        assert "broken at entry 2" in as_admin.post("/audit/check/", follow=True).content.decode()
        with enter(company):
            assert written("audit.verified").details["whole"] is False

    def test_a_wide_range_of_people_can_be_chosen(self, as_admin: Client) -> None:
        page = as_admin.get("/audit/").content.decode()

        assert "Second Agent" in page
        assert email_of("agent") not in page
