"""Agreements: recorded once, kept as signed, and the reason why real numbers work."""

import io
import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files import storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from conversations.desk.models import CompanySummary
from conversations.models import PhoneNumber
from conversations.services.numbers import numbers
from privacy.errors import AgreementDatesOdd, AgreementFileOdd, AgreementFileTooBig, NoAgreementInForce
from privacy.models import DataProcessingAgreement
from privacy.services import agreement_files, agreements
from tenants.accounts.models import AuditEntry
from tenants.models import ClientCompany, MetaApp, WorkMark
from tests.fixtures.companies import Enter
from tests.fixtures.work import RunDue
from tests.privacy.conftest import RealNumber, Sign, pdf, today

Status = DataProcessingAgreement.Status
State = PhoneNumber.State


def state_of(number: PhoneNumber) -> tuple[str, str]:
    number.refresh_from_db()
    return number.state, number.state_reason


def change_by_hand(sql: str, *parameters: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


class TestNumbers:
    def test_a_real_number_goes_live_under_a_signed_agreement_only(
        self, company: ClientCompany, other_company: ClientCompany, real_number: RealNumber, sign: Sign, enter: Enter
    ) -> None:
        ours, theirs = real_number(company), real_number(other_company, phone_number_id="399", display_number="+32200")

        sign(company)

        with enter(company):
            assert state_of(ours) == (State.LIVE, "")
        with enter(other_company):
            assert state_of(theirs) == (State.SETUP, "")
        kinds = set(WorkMark.objects.filter(schema_name=company.schema_name).values_list("kind", flat=True))
        assert kinds == {"inbound", "media", "outbound"}
        assert not WorkMark.objects.filter(schema_name=other_company.schema_name).exists()

    def test_a_sandbox_number_is_live_without_an_agreement(
        self, company: ClientCompany, number: PhoneNumber, enter: Enter
    ) -> None:
        with enter(company):
            agreements.follow_calendar(company)

            assert state_of(number) == (State.LIVE, "")

    def test_a_draft_lets_nothing_work(self, company: ClientCompany, real_number: RealNumber, enter: Enter) -> None:
        number = real_number(company)
        with enter(company):
            drafted = agreements.draft(company)
            agreements.follow_calendar(company)

            assert CompanySummary.objects.get(company=company).number_reason == "no_agreement"
            assert (drafted.controller_name, drafted.processor_name) == ("Fietsland", "Balans")
            assert agreements.draft(company).pk == drafted.pk
            assert state_of(number) == (State.SETUP, "no_agreement")

    def test_an_agreement_that_begins_later_lets_numbers_work_from_its_first_day(
        self, company: ClientCompany, real_number: RealNumber, sign: Sign, enter: Enter
    ) -> None:
        number = real_number(company)

        agreement = sign(company, starts_on=today() + timedelta(days=10))

        with enter(company):
            assert state_of(number) == (State.SETUP, "no_agreement")
            assert agreements.in_force(today()) is None
            assert agreements.coming(today()) == agreement
            assert agreements.in_force(today() + timedelta(days=10)) == agreement
        mark = WorkMark.objects.get(schema_name=company.schema_name, kind="agreement")
        assert mark.due_at == datetime.combine(
            today() + timedelta(days=10), time(), tzinfo=ZoneInfo("Europe/Amsterdam")
        )

    def test_a_real_number_stops_when_the_agreement_is_over(
        self, company: ClientCompany, real_number: RealNumber, sign: Sign, enter: Enter, number: PhoneNumber
    ) -> None:
        real = real_number(company)
        sign(company, starts_on=today() - timedelta(days=30))
        with enter(company):
            agreements.end(company, on=today())
            assert state_of(real) == (State.LIVE, "")

            agreements.end(company, on=today() - timedelta(days=1))

            assert state_of(real) == (State.SETUP, "no_agreement")
            assert state_of(number) == (State.LIVE, "")
            assert agreements.history()[0].status == Status.ENDED
            assert CompanySummary.objects.get(company=company).number_reason == "no_agreement"
            with pytest.raises(NoAgreementInForce):
                agreements.end(company, on=today())

    def test_a_number_connected_under_an_agreement_goes_live_through_the_work_index(
        self, company: ClientCompany, other_company: ClientCompany, sign: Sign, enter: Enter, run_due: RunDue
    ) -> None:
        app = MetaApp.objects.create(
            app_id="77", name="Real", secret="s", verify_token="v", graph_url="http://127.0.0.1:9"
        )
        sign(company)
        for one, number_id in ((company, "501"), (other_company, "502")):
            numbers.connect_number(
                one, phone_number_id=number_id, waba_id="601", display_number="+31201", app=app, token="t"
            )

        run_due("agreement")

        with enter(company):
            assert PhoneNumber.objects.get(phone_number_id="501").state == State.LIVE
        with enter(other_company):
            assert state_of(PhoneNumber.objects.get(phone_number_id="502")) == (State.SETUP, "no_agreement")

    def test_a_number_that_the_platform_stopped_stays_stopped(
        self, company: ClientCompany, real_number: RealNumber, sign: Sign, enter: Enter
    ) -> None:
        number = real_number(company, state=State.STOPPED, state_reason="banned")

        sign(company)

        with enter(company):
            assert state_of(number) == (State.STOPPED, "banned")


class TestVersions:
    def test_a_newer_version_takes_over_on_its_first_day(
        self, company: ClientCompany, real_number: RealNumber, sign: Sign, enter: Enter
    ) -> None:
        number = real_number(company)
        first = sign(company, starts_on=today() - timedelta(days=90))

        second = sign(company, marker="second", starts_on=today() + timedelta(days=5))

        with enter(company):
            first.refresh_from_db()
            assert (first.status, first.ends_on) == (Status.SUPERSEDED, today() + timedelta(days=4))
            assert second.version == first.version + 1
            assert agreements.in_force(today()) == first
            assert agreements.in_force(today() + timedelta(days=5)) == second
            assert state_of(number) == (State.LIVE, "")

    def test_the_same_file_with_the_same_dates_is_one_agreement(
        self, company: ClientCompany, sign: Sign, enter: Enter
    ) -> None:
        assert sign(company).pk == sign(company).pk
        with enter(company):
            assert DataProcessingAgreement.objects.count() == 1
            assert AuditEntry.objects.filter(action="agreement.recorded").count() == 1

    @pytest.mark.parametrize(
        "dates",
        [
            {"signed_on": today() + timedelta(days=2)},
            {"starts_on": today(), "ends_on": today() - timedelta(days=1)},
        ],
    )
    def test_dates_that_do_not_fit_are_refused_and_leave_nothing(
        self, company: ClientCompany, sign: Sign, enter: Enter, dates: dict[str, Any]
    ) -> None:
        with pytest.raises(AgreementDatesOdd):
            sign(company, **dates)
        with enter(company):
            assert not DataProcessingAgreement.objects.exists()

    def test_a_version_that_begins_before_the_last_one_is_refused_and_its_file_is_not_kept(
        self, company: ClientCompany, sign: Sign, enter: Enter
    ) -> None:
        first = sign(company)
        folder = f"{company.schema_name}/agreements"
        files = storage.default_storage.listdir(folder)

        with pytest.raises(AgreementDatesOdd):
            sign(company, marker="earlier", starts_on=today() - timedelta(days=50))

        with enter(company):
            assert DataProcessingAgreement.objects.get() == first
        assert storage.default_storage.listdir(folder) == files


class TestASignedVersion:
    def test_keeps_its_terms_against_raw_sql(self, company: ClientCompany, sign: Sign, enter: Enter) -> None:
        agreement = sign(company)
        with enter(company):
            for column in ("controller_signatory", "file_sha256", "file_key", "processor_name"):
                with pytest.raises(DatabaseError, match="do not change"):
                    change_by_hand(f"UPDATE privacy_dataprocessingagreement SET {column} = 'x'")  # noqa: S608
            with pytest.raises(DatabaseError, match="do not change"):
                change_by_hand("UPDATE privacy_dataprocessingagreement SET starts_on = starts_on - 1")
            with pytest.raises(DatabaseError, match="only moves on"):
                change_by_hand("UPDATE privacy_dataprocessingagreement SET status = 'draft'")
            with pytest.raises(DatabaseError, match="is kept"):
                change_by_hand("DELETE FROM privacy_dataprocessingagreement")
            change_by_hand("UPDATE privacy_dataprocessingagreement SET ends_on = %s", today())

            agreement.refresh_from_db()
            assert agreement.controller_signatory == "A. de Vries"

    def test_an_ended_one_does_not_come_back(self, company: ClientCompany, sign: Sign, enter: Enter) -> None:
        sign(company, starts_on=today() - timedelta(days=9))
        with enter(company):
            agreements.end(company, on=today() - timedelta(days=1))

            with pytest.raises(DatabaseError, match="only moves on"):
                change_by_hand("UPDATE privacy_dataprocessingagreement SET status = 'signed'")

    def test_a_draft_may_change_and_go(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            agreements.draft(company)
            change_by_hand("UPDATE privacy_dataprocessingagreement SET controller_name = 'Other'")
            change_by_hand("DELETE FROM privacy_dataprocessingagreement")

            assert not DataProcessingAgreement.objects.exists()


class TestTheFile:
    @pytest.mark.parametrize(
        "data", [b"", b"MZ\x90\x00 a program", b"<html>%%EOF", b"%PDF-1.7 cut off", b"hello %PDF-1.7 %%EOF"]
    )
    def test_that_is_no_pdf_is_refused(self, company: ClientCompany, sign: Sign, data: bytes) -> None:
        with pytest.raises(AgreementFileOdd):
            sign(company, file=io.BytesIO(data))

    def test_that_is_too_big_is_refused(self, company: ClientCompany, sign: Sign) -> None:
        data = pdf() + b"0" * agreement_files.MAX_BYTES

        with pytest.raises(AgreementFileTooBig):
            sign(company, file=io.BytesIO(data))

    def test_stands_under_the_company_with_its_hash(self, company: ClientCompany, sign: Sign, enter: Enter) -> None:
        agreement = sign(company, file_name="..\\..\\etc/pass\x00wd.exe")

        assert agreement.file_key.startswith(f"{company.schema_name}/agreements/")
        assert agreement.file_name == "passwd.pdf"
        with enter(company):
            assert agreement_files.read(agreement) == pdf()


class TestTheCommand:
    def call(self, path: Path, *more: str, company: str = "fietsland") -> dict[str, Any]:
        out = io.StringIO()
        names = ("--controller-signatory=A. de Vries", "--processor-signatory=B. Jansen")
        call_command("record_agreement", company, str(path), *names, *more, "--json", stdout=out)
        answer: dict[str, Any] = json.loads(out.getvalue())
        return answer

    def test_records_once(
        self,
        company: ClientCompany,
        real_number: RealNumber,
        tmp_path: Path,
        enter: Enter,
        other_company: ClientCompany,
    ) -> None:
        real_number(company)
        path = tmp_path / "signed.pdf"
        path.write_bytes(pdf())

        first = self.call(path, "--signed-on=2026-01-31")
        second = self.call(path, "--signed-on=2026-01-31")

        assert first == second
        assert (first["version"], first["status"], first["starts_on"]) == (1, "signed", "2026-01-31")
        assert "+31201000099" in first["live_numbers"]
        with enter(other_company):
            assert not DataProcessingAgreement.objects.exists()

    def test_says_why_not(self, company: ClientCompany, tmp_path: Path) -> None:
        path = tmp_path / "signed.pdf"
        path.write_text("not a PDF")

        with pytest.raises(CommandError, match="not a PDF"):
            self.call(path, "--signed-on=2026-01-31")
        with pytest.raises(CommandError, match="no company"):
            self.call(path, "--signed-on=2026-01-31", company="nobody")
        with pytest.raises(CommandError, match="cannot be read"):
            self.call(tmp_path / "none.pdf", "--signed-on=2026-01-31")
