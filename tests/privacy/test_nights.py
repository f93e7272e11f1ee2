"""A night of retention: every company once, in batches, to the end, and never another company's rows."""

from datetime import timedelta

import pytest
from celery import current_app
from django.core.files import storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.models import (
    MediaFile,
    WebhookCall,
)
from privacy.models import RetentionPolicy, RetentionRun
from privacy.services import nights
from tenants import work
from tenants.accounts.models import Invitation, User
from tenants.models import ClientCompany, WorkMark
from tests.fixtures.companies import Enter
from tests.fixtures.work import RunDue
from tests.privacy import aging
from tests.privacy.aging import ago
from tests.privacy.counting import contents, run_of

State = RetentionRun.State


class TestANight:
    def test_one_company_never_touches_another(
        self, company: ClientCompany, other_company: ClientCompany, enter: Enter
    ) -> None:
        for one in (company, other_company):
            with enter(one):
                aging.thread(closed=400, with_file=True)
                aging.journal(received=20)
        with enter(other_company):
            before = contents()
            key = MediaFile.objects.get().storage_key

        with enter(company):
            nights.retain_now()
            assert set(contents().values()) == {0}

        with enter(other_company):
            assert contents() == before
            assert storage.default_storage.exists(key)
            assert not RetentionRun.objects.exists()

    def test_every_company_is_marked_in_one_statement_and_done_once(
        self, company: ClientCompany, other_company: ClientCompany, enter: Enter, run_due: RunDue
    ) -> None:
        for one in (company, other_company):
            with enter(one):
                aging.journal(received=20)
        with CaptureQueriesContext(connection) as queries:
            nights.plan()
        nights.plan()

        assert len([one for one in queries if "INSERT" in one["sql"]]) == 1
        assert all("c_" not in one["sql"] for one in queries), "no company is looked into"
        assert WorkMark.objects.filter(kind="retention").count() == ClientCompany.objects.count()
        assert run_due("retention") == ClientCompany.objects.count()
        assert not WorkMark.objects.filter(kind="retention").exists()
        for one in (company, other_company):
            with enter(one):
                assert not WebhookCall.objects.exists()
                assert run_of("journal").deleted == 1

    def test_the_scheduled_task_marks_and_cleans_the_agency_side(self, committed: None, company: ClientCompany) -> None:
        staff = User.objects.all()[0]
        Invitation.objects.create(user=staff, token_hash="old", expires_at=ago(31))
        current_app.loader.import_default_modules()

        current_app.tasks["privacy.plan_retention"]()

        assert not Invitation.objects.exists()
        assert WorkMark.objects.filter(schema_name=company.schema_name, kind="retention").exists()

    def test_a_company_without_a_mark_is_left_alone(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            aging.journal(received=20)

            nights.retain()

            assert WebhookCall.objects.exists()

    def test_a_run_that_makes_room_for_others_goes_on_in_the_same_record(
        self, company: ClientCompany, enter: Enter
    ) -> None:
        with enter(company):
            aging.journal(received=20, number=5)
            work.mark(work.Kind.RETENTION)

            turns = 0
            while work.take(work.Kind.RETENTION):
                nights.retain(seconds=0, batch=2)
                turns += 1

            assert turns > 3
            assert not WebhookCall.objects.exists()
            run = RetentionRun.objects.get(data_class="journal")
            assert (run.state, run.candidates, run.deleted) == (State.FINISHED, 5, 5)

    def test_a_run_that_was_killed_goes_on_in_the_same_record(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            aging.journal(received=20, number=5)
            work.mark(work.Kind.RETENTION)
            nights.retain(seconds=0, batch=2)  # the first classes
            while not RetentionRun.objects.filter(data_class="journal", deleted__gt=0).exists():
                nights.retain(seconds=0, batch=2)
            WorkMark.objects.update(due_at=timezone.now() + timedelta(minutes=30))  # as a killed worker leaves it
            nights.retain()
            assert WebhookCall.objects.count() == 3, "while somebody may still be at it, nobody else begins"

            WorkMark.objects.update(due_at=timezone.now() - timedelta(seconds=1))
            nights.retain()

            assert not WebhookCall.objects.exists()
            run = RetentionRun.objects.get(data_class="journal")
            assert (run.state, run.candidates, run.deleted) == (State.FINISHED, 5, 5)
            assert not WorkMark.objects.filter(kind="retention").exists()

    def test_an_unknown_policy_deletes_nothing_and_says_so(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            RetentionPolicy.objects.create(data_class="everything", days=0)
            aging.thread(closed=30)
            before = contents()

            nights.retain_now()

            assert contents() == before
            run = run_of("everything")
            assert (run.state, run.deleted, run.errors) == (State.FAILED, 0, [{"code": "unknown_policy"}])

    def test_a_second_run_finds_nothing(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            aging.thread(closed=400)
            nights.retain_now()

            nights.retain_now()

            assert run_of("message_text").candidates == 0

    @pytest.mark.parametrize("batch", [1, 3, 500])
    def test_the_size_of_a_batch_changes_nothing(self, company: ClientCompany, enter: Enter, batch: int) -> None:
        with enter(company):
            aging.thread(closed=400, messages=7)

            nights.retain_now(batch=batch)

            assert set(contents().values()) == {0}
