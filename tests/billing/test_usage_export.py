"""A month's usage as a file: each counted message once, priced as the page prices it, and recorded as taken away."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from billing.catalogue.services import rate_cards
from billing.models import UsageRecord
from billing.services import usage
from conversations.models import PhoneNumber
from tenants.accounts.models import AuditEntry, User
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


def counted(number: PhoneNumber, *, at: datetime, **fields: Any) -> None:
    given = {"category": "utility", "pricing_type": "regular", "market": "NL"} | fields
    UsageRecord.objects.create(
        phone_number_id=number.phone_number_id,
        message_id=uuid4(),
        wamid=uuid4().hex,
        first_status="delivered",
        delivered_at=at,
        **given,
    )


def rows_of(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.fixture
def month(company: ClientCompany, other_company: ClientCompany, number: PhoneNumber, enter: Enter) -> None:
    rate_cards.load_rates(rate_cards.DATA / "rates.csv")
    rate_cards.load_markets(rate_cards.DATA / "markets.csv")
    with enter(company):
        counted(number, at=NOON)
        counted(number, at=NOON + timedelta(hours=1), category="service", pricing_type="free_customer_service")
        counted(number, at=NOON + timedelta(hours=2), flagged="new_words")
        counted(number, at=datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC))  # one second before November in Amsterdam
        counted(number, at=datetime(2026, 10, 31, 23, 0, tzinfo=UTC), market="BE")
    with enter(other_company):
        counted(number, at=NOON)


def test_it_holds_the_messages_of_the_month_at_the_prices_of_the_page(
    month: None, as_admin: Client, company: ClientCompany, number: PhoneNumber, enter: Enter
) -> None:
    answer = as_admin.get("/billing/2026/11/export/")
    rows = rows_of(answer)

    assert answer["Content-Disposition"] == 'attachment; filename="usage-fietsland-2026-11.csv"'
    assert [(row["category"], row["charged"], row["remark"]) for row in rows] == [
        ("utility", "yes", ""),
        ("utility", "yes", ""),
        ("service", "no", ""),
        ("utility", "no", "new_words"),
    ]
    assert [row["market"] for row in rows] == ["BE", "NL", "NL", "NL"]
    assert rows[0]["delivered_at"] == "2026-11-01T00:00:00+01:00"
    assert {row["number"].lstrip("'") for row in rows} == {number.display_number}
    with enter(company):
        page = usage.month_of(company, at=NOON)
        assert AuditEntry.objects.get(action="usage.exported").details == {"month": "2026-11"}
    assert page.cost is not None
    assert abs(sum(Decimal(row["price"]) for row in rows) - page.cost) < Decimal("0.01")


def test_a_price_nobody_knows_stays_empty(
    as_admin: Client, company: ClientCompany, number: PhoneNumber, enter: Enter
) -> None:
    with enter(company):
        counted(number, at=NOON, category="unseen")

    assert [row["price"] for row in rows_of(as_admin.get("/billing/2026/11/export/"))] == [""]


def test_many_messages_of_one_second_are_all_there_once(
    as_admin: Client, company: ClientCompany, number: PhoneNumber, enter: Enter
) -> None:
    row = {"phone_number_id": number.phone_number_id, "first_status": "delivered", "category": "service"}
    with enter(company):
        UsageRecord.objects.bulk_create(
            UsageRecord(message_id=uuid4(), wamid=f"wamid.{n}", delivered_at=NOON, **row)
            for n in range(usage.EXPORT_PAGE + 3)
        )

    rows = rows_of(as_admin.get("/billing/2026/11/export/"))

    assert len({row["message"] for row in rows}) == len(rows) == usage.EXPORT_PAGE + 3


def test_prices_are_written_as_the_readers_spreadsheet_reads_them(
    month: None, as_admin: Client, admin: User, company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        User.objects.filter(pk=admin.pk).update(language="nl")

    answer = as_admin.get("/billing/2026/11/export/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=";"))

    assert {row["price"] for row in rows} == {"0,041400", "0,014200", "0"}


def test_it_is_for_admins_and_for_months_that_are(as_admin: Client, as_agent: Client, as_supervisor: Client) -> None:
    assert as_agent.get("/billing/2026/11/export/").status_code == 403
    assert as_supervisor.get("/billing/2026/11/export/").status_code == 403
    assert as_admin.get("/billing/2026/13/export/").status_code == 404
