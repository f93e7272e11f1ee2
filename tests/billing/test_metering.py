"""Usage is counted once, when it was delivered, in whatever order the news comes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from billing.catalogue.services import plans, rate_cards
from billing.models import UsageRecord
from billing.services import metering, subscriptions, usage
from conversations.integrations.services import events
from conversations.integrations.services.events import Fact
from tenants.models import ClientCompany
from tests.architecture import html_rules
from tests.fixtures.companies import Enter

pytestmark = pytest.mark.usefixtures("committed")

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
REGULAR = {"category": "service", "type": "regular", "model": "PMP", "billable": True}
FREE = {"category": "service", "type": "free_customer_service", "model": "PMP", "billable": False}


def news(status: str, *, wamid: str = "wamid.1", at: datetime = NOON, pricing: Any = None, market: str = "NL") -> Fact:
    data = {"status": status, "wamid": wamid, "recipient": "", "phone_number_id": "1065", "market": market}
    return Fact("message.status", uuid4(), at, data=data | ({"pricing": pricing} if pricing else {}))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_any_order_of_news_counts_one_message_at_its_delivery(
    order: tuple[int, ...], company: ClientCompany, enter: Enter
) -> None:
    facts = [
        news("sent", pricing=REGULAR),
        news("delivered", at=NOON + timedelta(seconds=2), pricing=REGULAR),
        news("read", at=NOON + timedelta(seconds=9)),
    ]
    with enter(company):
        for index in order:
            events.record([facts[index]])
            metering.meter()

        record = UsageRecord.objects.get()
    assert (record.category, record.pricing_type, record.first_status) == ("service", "regular", "delivered")
    assert record.delivered_at == NOON + timedelta(seconds=2)
    assert not record.flagged
    assert not record.conflict


def test_a_message_that_was_read_at_once_counts_without_delivered(company: ClientCompany, enter: Enter) -> None:
    with enter(company):
        events.record([news("sent", pricing=REGULAR), news("read", at=NOON + timedelta(seconds=1))])
        metering.meter()

        assert UsageRecord.objects.get().first_status == "read"


def test_a_message_that_only_left_is_no_usage_yet(company: ClientCompany, enter: Enter) -> None:
    with enter(company):
        events.record([news("sent", pricing=REGULAR), news("failed")])
        metering.meter()

        assert usage.month_of(company, at=NOON).delivered == 0


def test_metering_twice_is_once_and_stays_in_its_company(
    company: ClientCompany, other_company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        events.record([news("delivered", pricing=REGULAR)])
        first, second = metering.meter(), metering.meter()
        assert UsageRecord.objects.count() == 1
    with enter(other_company):
        assert metering.meter() == 0
        assert not UsageRecord.objects.exists()
    assert (first, second) == (1, 0)


def test_a_second_price_is_a_conflict_and_the_first_counts(company: ClientCompany, enter: Enter) -> None:
    with enter(company):
        events.record([news("delivered", pricing=REGULAR), news("read", pricing=FREE)])
        metering.meter()

        record = UsageRecord.objects.get()
    assert (record.pricing_type, record.conflict) == ("regular", True)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_price_of_the_delivery_wins_over_what_was_announced_with_sent(
    order: tuple[int, int], company: ClientCompany, enter: Enter
) -> None:
    facts = [news("sent", pricing=FREE), news("delivered", at=NOON + timedelta(seconds=2), pricing=REGULAR)]
    with enter(company):
        for index in order:
            events.record([facts[index]])
            metering.meter()

        record = UsageRecord.objects.get()
    assert (record.pricing_type, record.price_status, record.conflict) == ("regular", "delivered", False)


def test_an_unknown_price_bills_nothing_and_is_kept_for_a_person(company: ClientCompany, enter: Enter) -> None:
    odd = {"category": "holographic", "type": "regular"}
    with enter(company):
        events.record([news("delivered", pricing=odd)])
        metering.meter()
        month = usage.month_of(company, at=NOON)

        assert UsageRecord.objects.get().raw == odd
    [line] = month.lines
    assert (line.delivered, line.charged, line.flagged, line.cost) == (1, 0, 1, Decimal(0))


def test_the_month_is_the_companys_own(company: ClientCompany, enter: Enter) -> None:
    """23:30 UTC on 31 October is 1 November in Amsterdam (after summer time ended, 00:30)."""
    ClientCompany.objects.filter(pk=company.pk).update(time_zone="Europe/Amsterdam")
    company.refresh_from_db()
    edge = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    with enter(company):
        events.record([news("delivered", at=edge, pricing=REGULAR)])
        metering.meter()

        assert usage.month_of(company, at=NOON).delivered == 1
        assert usage.month_of(company, at=datetime(2026, 10, 15, tzinfo=UTC)).delivered == 0


def test_the_month_is_priced_by_market_and_an_unknown_market_is_said(company: ClientCompany, enter: Enter) -> None:
    rate_cards.load_rates(rate_cards.DATA / "rates.csv")
    rate_cards.load_markets(rate_cards.DATA / "markets.csv")
    with enter(company):
        events.record(
            [
                news("delivered", wamid="a", pricing=REGULAR),
                news("delivered", wamid="b", pricing=REGULAR, market="DE"),
                news("delivered", wamid="c", pricing=FREE),
            ]
        )
        metering.meter()
        known = usage.month_of(company, at=NOON)
        events.record([news("delivered", wamid="d", pricing=REGULAR, market="PL")])
        metering.meter()
        unknown = usage.month_of(company, at=NOON)

    [line] = known.lines
    assert (line.delivered, line.charged, line.free) == (3, 2, 1)
    assert known.cost == Decimal("0.09")  # 0.0414 + 0.0456
    assert unknown.cost is None


def test_loading_a_rate_card_twice_changes_nothing_and_a_bad_line_loads_nothing(tmp_path: Any) -> None:
    rate_cards.load_rates(rate_cards.DATA / "rates.csv")
    before = rate_cards.RateCard.objects.count()
    rate_cards.load_rates(rate_cards.DATA / "rates.csv")
    bad = tmp_path / "bad.csv"
    bad.write_text(
        "currency,market,category,amount,effective_from,source\nEUR,X,utility,0.1,2026-01-01,s\nEUR,Y,utility,much,2026-01-01,s\n"
    )

    with pytest.raises(rate_cards.BadRateCard, match="line 3"):
        rate_cards.load_rates(bad)

    assert rate_cards.RateCard.objects.count() == before


def test_a_new_plan_ends_the_running_one(company: ClientCompany, enter: Enter) -> None:
    first = plans.publish_version(company.agency, name="Basis", effective_from=date(2026, 1, 1), per_number=Decimal(39))
    second = plans.publish_version(
        company.agency, name="Basis", effective_from=date(2026, 6, 1), per_number=Decimal(49)
    )
    with enter(company):
        begun = subscriptions.subscribe(first, starts_on=date(2026, 2, 1))
        again = subscriptions.subscribe(first, starts_on=date(2026, 3, 1))
        subscriptions.subscribe(second, starts_on=date(2026, 6, 1))
        begun.refresh_from_db()
        running = subscriptions.running()

    assert again.pk == begun.pk
    assert begun.ends_on == date(2026, 6, 1)
    assert running is not None
    assert running.plan_version_id == second.pk
    assert (first.version, second.version) == (1, 2)


def test_the_page_shows_an_earlier_month_and_refuses_an_odd_one(as_admin: Client) -> None:
    assert as_admin.get("/billing/2026/10/").status_code == 200
    assert as_admin.get("/billing/2026/13/").status_code == 404
    assert as_admin.get("/billing/1900/1/").status_code == 404


def test_the_page_says_what_the_platform_counted_in_words_and_money_as_the_reader_writes_it(
    as_admin: Client, company: ClientCompany, enter: Enter
) -> None:
    rate_cards.load_rates(rate_cards.DATA / "rates.csv")
    rate_cards.load_markets(rate_cards.DATA / "markets.csv")
    with enter(company):
        events.record([news("delivered", pricing=REGULAR | {"category": "utility"})])
        metering.meter()

    page = as_admin.get(f"/billing/{NOON.year}/{NOON.month}/").content.decode()

    assert 'Service <span class="soft small" translate="no">utility</span>' in page
    assert "€\xa00.04" in page
    assert html_rules.breaches_in(page) == []
