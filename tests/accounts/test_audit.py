"""The audit trail: written where things happen, proved by its chain, and read by those who answer for the company."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from tenants.accounts import audit, audit_chain
from tenants.accounts.audit_words import ACTIONS, SUBJECTS
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.roles import Role
from tenants.accounts.services import grants
from tenants.context import in_public
from tenants.models import ClientCompany, StaffMembership
from tests.architecture.html_rules import assert_clean
from tests.fixtures.companies import Enter
from tests.fixtures.people import browser
from tests.fixtures.world import PASSWORD, email_of

ROOT = Path(__file__).resolve().parents[2]
TAMPER = "ALTER TABLE accounts_auditentry {} TRIGGER accounts_auditentry_refuse"


def by_hand(sql: str, *parameters: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def tamper(sql: str, *parameters: Any) -> None:
    """What only somebody with the keys of the database can do."""
    by_hand(TAMPER.format("DISABLE"))
    by_hand(sql, *parameters)
    by_hand(TAMPER.format("ENABLE"))


def write(number: int = 3) -> None:
    for n in range(number):
        audit.record("settings.changed", n=n)


def written(action: str) -> AuditEntry:
    return AuditEntry.objects.filter(action=action).order_by("-sequence")[0]


class TestTheTrail:
    def test_refuses_changes_and_deletions_by_raw_sql(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            write()
            for statement in (
                "UPDATE accounts_auditentry SET actor_name = 'Nobody'",
                "UPDATE accounts_auditentry SET at = now()",
                "DELETE FROM accounts_auditentry",
            ):
                with pytest.raises(DatabaseError, match="append-only"):
                    by_hand(statement)
            assert AuditEntry.objects.count() == 3

    def test_numbers_and_chains_itself_whatever_a_writer_claims(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            AuditEntry.objects.create(action="settings.changed", actor_name="x", sequence=99, hash="made up")
            write(2)

            assert list(AuditEntry.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3]
            assert audit_chain.verify().whole

    @pytest.mark.parametrize(
        ("statement", "broken_at"),
        [
            ("UPDATE accounts_auditentry SET actor_name = 'Nobody' WHERE sequence = 2", 2),
            ("""UPDATE accounts_auditentry SET details = '{"n": 7}' WHERE sequence = 3""", 3),
            ("DELETE FROM accounts_auditentry WHERE sequence = 2", 3),
            ("DELETE FROM accounts_auditentry WHERE sequence = 1", 2),
            ("UPDATE accounts_auditentry SET hash = repeat('0', 64) WHERE sequence = 4", 4),
        ],
    )
    def test_shows_where_somebody_tampered(
        self, company: ClientCompany, other_company: ClientCompany, enter: Enter, statement: str, broken_at: int
    ) -> None:
        with enter(other_company):
            write()
        with enter(company):
            write(4)
            tamper(statement)

            assert audit_chain.verify().broken_at == broken_at
        with enter(other_company):
            assert audit_chain.verify().whole

    def test_goes_on_whole_after_its_oldest_part_was_cut_off(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            write(5)

            assert audit_chain.prune(up_to=3) == 3
            write(1)
            assert audit_chain.prune(up_to=4) == 1

            verdict = audit_chain.verify()
            assert verdict.whole
            assert AuditEntry.objects.order_by("sequence")[0].sequence == 5
            assert written("audit.pruned").details["up_to"] == 4
            with pytest.raises(DatabaseError, match="append-only"):
                by_hand("DELETE FROM accounts_auditentry")

            tamper("DELETE FROM accounts_auditentry WHERE sequence = 5")
            assert audit_chain.verify().broken_at == 6


class TestTheCommand:
    def call(self, *names: str) -> list[dict[str, Any]]:
        out = io.StringIO()
        call_command("verify_audit", *names, "--json", stdout=out)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    def test_checks_every_side(self, company: ClientCompany, other_company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            write(2)

        trails = {one["trail"]: one for one in self.call()}

        assert set(trails) == {"the agency side", "fietsland", "zorgvast"}
        assert trails["fietsland"]["last_sequence"] == 2
        assert all(one["whole"] for one in trails.values())

    def test_ends_with_an_error_that_names_the_broken_one(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            write(2)
            tamper("UPDATE accounts_auditentry SET reason = 'x' WHERE sequence = 1")

        with pytest.raises(CommandError, match="fietsland"):
            self.call("fietsland", "zorgvast")
        with pytest.raises(CommandError, match="no company"):
            self.call("nobody")


class TestWhatIsWritten:
    def sign_in(self, email: str, password: str) -> Client:
        client = browser("fietsland.test")
        client.post("/accounts/login/", {"login": email, "password": password})
        return client

    def test_signing_in_and_out(
        self, company: ClientCompany, other_company: ClientCompany, agent: User, enter: Enter
    ) -> None:
        client = self.sign_in(agent.email, PASSWORD)
        client.post("/accounts/logout/")

        with enter(company):
            assert (written("session.started").actor_id, written("session.started").ip) == (agent.pk, "127.0.0.1")
            assert written("session.closed").actor_id == agent.pk
        with enter(other_company):
            assert not AuditEntry.objects.exists()

    def test_what_a_person_does_on_a_page_is_written_as_theirs(
        self, as_admin: Client, company: ClientCompany, admin: User, enter: Enter
    ) -> None:
        as_admin.get("/audit/")

        with enter(company):
            entry = written("audit.viewed")
            assert (entry.actor_id, entry.actor_name, entry.actor_kind) == (admin.pk, admin.name, "user")

    def test_a_failed_sign_in_names_the_account_and_never_an_address(
        self, company: ClientCompany, agent: User, enter: Enter
    ) -> None:
        self.sign_in(agent.email, "wrong")
        self.sign_in("stranger@example.test", "wrong")

        with enter(company):
            known, unknown = AuditEntry.objects.filter(action="session.refused").order_by("sequence")
            assert known.subject_id == str(agent.pk)
            assert (unknown.subject_id, unknown.actor_id) == ("", None)
            assert not any("@" in json.dumps(one.details) + one.reason for one in (known, unknown))

    def test_every_action_in_the_code_has_words(self) -> None:
        sources = [
            path.read_text()
            for app in ("tenants", "conversations", "billing", "privacy", "config")
            for path in (ROOT / app).rglob("*.py")
        ]
        calls = r'(?:audit\.record|record_opening)\(\s*"([a-z_]+\.[a-z_]+)"'
        used = {action for source in sources for action in re.findall(calls, source)}

        assert used - set(ACTIONS) == set(), "name these in tenants/accounts/audit_words.py"
        assert used > {"session.started", "conversation.opened", "agreement.recorded"}
        assert SUBJECTS


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
