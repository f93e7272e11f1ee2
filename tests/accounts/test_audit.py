"""The audit trail: written where things happen, proved by its chain, and read by those who answer for the company."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import Client

from tenants.accounts import audit_chain
from tenants.accounts.models import AuditEntry, User
from tenants.models import ClientCompany
from tests.accounts.trail import by_hand, tamper, write, written
from tests.fixtures.companies import Enter
from tests.fixtures.people import browser
from tests.fixtures.world import PASSWORD


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
