"""Choosing how long data is kept, and seeing what the last nights deleted."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from privacy.models import RetentionPolicy, RetentionRun
from privacy.services import nights
from tenants.accounts.models import AuditEntry, User
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter
from tests.privacy import aging


class TestRetention:
    address = "/privacy/retention/message_text/"

    def change(self, client: Client, **fields: Any) -> Any:
        return client.post(self.address, {"number": 24, "unit": "months", "reason": "The sector asks for it"} | fields)

    def test_a_period_is_chosen_with_a_reason(
        self, as_admin: Client, as_other_admin: Client, company: ClientCompany, admin: User, enter: Enter
    ) -> None:
        assert self.change(as_admin).status_code == 302

        with enter(company):
            policy = RetentionPolicy.objects.get()
            assert (policy.data_class, policy.days, policy.changed_by) == ("message_text", 730, admin.name)
            entry = AuditEntry.objects.get(action="retention.changed")
            assert (entry.details["days_before"], entry.details["days_now"]) == (365, 730)
        assert "24 months" in as_admin.get("/privacy/").content.decode()
        assert "The sector asks for it" not in as_other_admin.get("/privacy/").content.decode()

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"number": 85}, "shorter or longer"),
            ({"number": 29, "unit": "days"}, "shorter or longer"),
            ({"number": 0}, "greater than or equal"),
            ({"reason": "   "}, "required"),
            ({"unit": "years"}, "valid choice"),
        ],
    )
    def test_what_may_not_be_chosen_is_said_in_its_place(
        self, as_admin: Client, company: ClientCompany, enter: Enter, fields: dict[str, Any], words: str
    ) -> None:
        answer = self.change(as_admin, **fields)

        assert answer.status_code == 422
        assert words in answer.content.decode()
        with enter(company):
            assert not RetentionPolicy.objects.exists()

    @pytest.mark.parametrize("number", [1, 84])
    def test_the_bounds_themselves_may_be_chosen(self, as_admin: Client, number: int) -> None:
        assert self.change(as_admin, number=number).status_code == 302

    @pytest.mark.parametrize("kind", ["consent_proof", "usage", "nothing", "none", "agreement"])
    def test_what_the_law_decides_has_no_page(self, as_admin: Client, kind: str) -> None:
        assert as_admin.get(f"/privacy/retention/{kind}/").status_code == 404
        assert as_admin.post(f"/privacy/retention/{kind}/reset/").status_code == 404

    def test_shortening_tells_how_much_leaves_tonight_before_it_is_saved(
        self, as_admin: Client, company: ClientCompany, enter: Enter
    ) -> None:
        with enter(company):
            aging.thread(closed=100, messages=3)

        asked = self.change(as_admin, number=2)
        with enter(company):
            assert not RetentionPolicy.objects.exists()
        saved = self.change(as_admin, number=2, sure="on")

        assert "Tonight 5 rows are deleted for good." in asked.content.decode()
        assert saved.status_code == 302

    def test_the_usual_period_comes_back(self, as_admin: Client, company: ClientCompany, enter: Enter) -> None:
        self.change(as_admin)

        assert as_admin.post(f"{self.address}reset/").status_code == 302

        with enter(company):
            assert not RetentionPolicy.objects.exists()
            assert AuditEntry.objects.filter(action="retention.changed").count() == 2

    def test_the_page_shows_what_the_last_run_did(
        self, as_admin: Client, as_other_admin: Client, company: ClientCompany, enter: Enter
    ) -> None:
        with enter(company):
            aging.journal(received=20, number=1234)
            nights.retain_now()

        page = as_admin.get("/privacy/").content.decode()

        assert "1,234 rows" in page
        assert "Deleting is late" not in page
        assert "1,234" in as_admin.get("/privacy/runs/").content.decode()
        assert "No run yet" in as_other_admin.get("/privacy/runs/").content.decode()

    def test_a_good_run_that_is_two_days_old_is_late(
        self, as_admin: Client, company: ClientCompany, enter: Enter
    ) -> None:
        ClientCompany.objects.update(created_at=timezone.now() - timedelta(days=90))
        assert "Deleting is late" in as_admin.get("/privacy/").content.decode()
        with enter(company):
            nights.retain_now()
            assert "Deleting is late" not in as_admin.get("/privacy/").content.decode()
            ago = timezone.now() - timedelta(hours=49)
            RetentionRun.objects.update(started_at=ago, finished_at=ago)
            RetentionRun.objects.create(
                data_class="journal", policy_days=14, cut_off=ago, state="failed", finished_at=timezone.now()
            )

        page = as_admin.get("/privacy/").content.decode()

        assert "Deleting is late" in page
        assert "not finished" in page

    def test_runs_are_paged_by_key(self, as_admin: Client, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            for _n in range(5):
                nights.retain_now()

        first = as_admin.get("/privacy/runs/")
        second = as_admin.get("/privacy/runs/", {"before": first.context["next"]})

        shown = [run.pk for page in (first, second) for run, _class in page.context["runs"]]
        assert len(shown) == len(set(shown)) == 65
        assert as_admin.get("/privacy/runs/", {"before": "x"}).status_code == 404
