"""The work index: a mark commits with its work, no drain loses one, and the sweep finds what hints missed."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from config.celery import PACKAGES, app
from tenants import wake, work
from tenants.context import inside, schema_of
from tenants.errors import WrongSchema
from tenants.models import ClientCompany, WorkMark
from tenants.tasks import CompanyTask, company_task, sweep
from tenants.work import Due, Kind
from tests.fixtures.companies import Enter


@company_task(name="tests.where_am_i", queue="default")
def where_am_i(schema_name: str, *, fail: bool = False) -> str:
    if fail:
        raise ZeroDivisionError
    return str(connection.schema_name)  # type: ignore[attr-defined]


def flags() -> int:
    return len(list(wake.client().scan_iter(f"balie:{settings.INSTALLATION}:awake:*")))


def test_a_mark_is_due_for_its_company_alone_and_once_however_often_it_is_made(
    company: ClientCompany, other_company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        work.mark(Kind.INBOUND)
        work.mark(Kind.INBOUND)
        work.mark(Kind.OUTBOUND, key="one")
        work.mark(Kind.OUTBOUND, key="two")
    with enter(other_company):
        assert work.take(Kind.INBOUND) == []

    ours = company.schema_name
    assert work.due() == [Due(ours, "inbound", ""), Due(ours, "outbound", "one"), Due(ours, "outbound", "two")]


def test_a_mark_without_a_company_is_refused(company: ClientCompany) -> None:
    with pytest.raises(WrongSchema):
        work.mark(Kind.INBOUND)


def test_work_that_is_rolled_back_takes_its_mark_along(company: ClientCompany, enter: Enter) -> None:
    with enter(company):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            work.mark(Kind.INBOUND)
            1 / 0  # noqa: B018
        assert work.take(Kind.INBOUND) == []


def test_later_work_is_not_due_yet(company: ClientCompany, enter: Enter) -> None:
    with enter(company):
        work.mark(Kind.RETENTION, due_at=timezone.now() + timedelta(minutes=5))
        work.mark(Kind.HOUSEKEEPING, due_at=timezone.now() - timedelta(minutes=5))

    assert [due.kind for due in work.due()] == ["housekeeping"]


def test_a_mark_made_while_a_drain_finishes_stays(committed: None, company: ClientCompany, enter: Enter) -> None:
    with enter(company):
        work.mark(Kind.INBOUND)
        seen = work.take(Kind.INBOUND)
        in_time, commit = threading.Event(), threading.Event()

        def write_meanwhile() -> None:
            try:
                with inside(company.schema_name), transaction.atomic():
                    work.mark(Kind.INBOUND)
                    in_time.set()
                    commit.wait(60)
            finally:
                connection.close()

        writer = threading.Thread(target=write_meanwhile)
        writer.start()
        in_time.wait(60)
        work.done(seen)
        commit.set()
        writer.join()

        assert work.take(Kind.INBOUND) != []
    assert work.due() == [Due(company.schema_name, "inbound", "")]


def test_one_wake_up_is_under_way_at_a_time_until_the_drain_begins(
    committed: None, company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        work.mark(Kind.INBOUND)
        first = flags()
        work.mark(Kind.INBOUND)
        second = flags()
        work.mark(Kind.OUTBOUND, key="one")
        third = flags()
    wake.started(company.schema_name, "inbound")

    assert (first, second, third, flags()) == (1, 1, 2, 1)


def test_the_sweep_wakes_everybody_who_is_due(
    committed: None, company: ClientCompany, other_company: ClientCompany
) -> None:
    for one in (company, other_company):
        WorkMark.objects.create(schema_name=one.schema_name, kind="media", due_at=timezone.now())
    WorkMark.objects.create(schema_name=company.schema_name, kind="retention", due_at=timezone.now() + timedelta(1))

    sweep()

    assert flags() == 2


def test_with_valkey_away_marking_is_quick_and_the_mark_stays(
    committed: None, company: ClientCompany, enter: Enter, settings: object
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"  # type: ignore[attr-defined]  # nobody listens
    wake.reset()
    began = timezone.now()
    with enter(company):
        for _ in range(50):
            work.mark(Kind.INBOUND)
    took = timezone.now() - began
    away = wake.away()
    wake.reset()

    assert took < timedelta(seconds=5)
    assert away
    assert work.due() == [Due(company.schema_name, "inbound", "")]


def test_every_kind_of_work_has_a_task_with_its_queue() -> None:
    app.autodiscover_tasks(PACKAGES, force=True)

    assert set(wake.TASKS) == {str(kind) for kind in Kind}
    for name, _queue in wake.TASKS.values():
        assert isinstance(app.tasks[name], CompanyTask), name


def test_every_thread_publishes_through_the_same_application() -> None:
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(current_app.main))
    thread.start()
    thread.join()

    assert found == ["balie"]


def test_a_task_runs_in_the_company_it_names(
    company: ClientCompany, other_company: ClientCompany, enter: Enter
) -> None:
    with enter(other_company):
        assert where_am_i(company.schema_name) == company.schema_name
        with pytest.raises(ZeroDivisionError):
            where_am_i(company.schema_name, fail=True)
        assert connection.schema_name == other_company.schema_name  # type: ignore[attr-defined]


@pytest.mark.parametrize("arguments", [[], [""], ["public"], ["fietsland"], [schema_of(uuid4())]])
def test_a_task_without_a_company_refuses(company: ClientCompany, enter: Enter, arguments: list[str]) -> None:
    with enter(company), pytest.raises((TypeError, WrongSchema)):
        where_am_i(*arguments)
