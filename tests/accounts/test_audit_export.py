"""The trail as a file: whole however long it is, for admins only, and its taking away is recorded."""

import csv
import io
from typing import Any

from django.test import Client

from tenants.accounts import audit
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.services.audit_reading import EXPORT_PAGE
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter


def rows_of(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_is_for_admins(as_admin: Client, as_agent: Client, as_supervisor: Client, as_nobody: Client) -> None:
    assert as_admin.get("/audit/export/").status_code == 200
    assert as_agent.get("/audit/export/").status_code == 403
    assert as_supervisor.get("/audit/export/").status_code == 403
    assert as_nobody.get("/audit/export/").status_code == 302


def test_it_holds_what_was_done_here_beginning_with_its_own_taking_away(
    as_admin: Client, as_other_admin: Client, company: ClientCompany, agent: User, admin: User, enter: Enter
) -> None:
    with enter(company):
        audit.record("person.switched_off", actor=admin, subject=agent, reason='Left, "in a hurry"\nand a bag', n=3)

    answer = as_admin.get("/audit/export/")
    rows = rows_of(answer)

    assert answer["Content-Disposition"].startswith('attachment; filename="audit-fietsland-')
    assert [row["action"] for row in rows[:2]] == ["audit.exported", "person.switched_off"]
    assert rows[0]["Who"] == admin.name
    assert rows[1]["What"] == "Ended a person's access"
    assert rows[1]["Name"] == agent.name
    assert rows[1]["Reason"] == 'Left, "in a hurry"\nand a bag'
    assert rows[1]["details"] == '{"n": 3}'
    with enter(company):
        assert [row["hash"] for row in rows] == list(
            AuditEntry.objects.order_by("-sequence").values_list("hash", flat=True)
        )
    assert "person.switched_off" not in [row["action"] for row in rows_of(as_other_admin.get("/audit/export/"))]


def test_what_a_spreadsheet_would_calculate_is_text(
    as_admin: Client, company: ClientCompany, agent: User, enter: Enter
) -> None:
    with enter(company):
        for reason in ("=1+1", "@SUM(A1)", "+31", "-1", "\tx"):
            audit.record("person.switched_off", actor=agent, reason=reason)

    rows = rows_of(as_admin.get("/audit/export/?action=person.switched_off"))

    assert [row["Reason"] for row in rows] == ["'\tx", "'-1", "'+31", "'@SUM(A1)", "'=1+1"]


def test_a_long_trail_comes_whole_and_a_filter_narrows_it(
    as_admin: Client, company: ClientCompany, agent: User, enter: Enter
) -> None:
    with enter(company):
        for n in range(EXPORT_PAGE + 5):
            audit.record("search.run", actor=agent, found=n)

    rows = rows_of(as_admin.get("/audit/export/?action=search.run"))

    assert [row["details"] for row in rows] == [f'{{"found": {n}}}' for n in reversed(range(EXPORT_PAGE + 5))]
    with enter(company):
        assert AuditEntry.objects.get(action="audit.exported").details == {"filtered": True}


def test_a_filter_that_makes_no_sense_takes_nothing_away(
    as_admin: Client, company: ClientCompany, enter: Enter
) -> None:
    answer = as_admin.get("/audit/export/?since=yesterday")

    assert (answer.status_code, answer["Location"]) == (302, "/audit/?since=yesterday")
    with enter(company):
        assert not AuditEntry.objects.filter(action="audit.exported").exists()
