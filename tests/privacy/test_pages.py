"""The privacy pages: what is agreed, what is kept and deleted, and how an admin changes it."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files import storage
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from conversations.models import PhoneNumber
from privacy.models import DataProcessingAgreement
from privacy.registry.models import SubProcessor
from privacy.services import nights
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.roles import Role
from tenants.accounts.services import grants
from tenants.context import in_public
from tenants.models import ClientCompany, StaffMembership
from tests.architecture.html_rules import assert_clean
from tests.fixtures.companies import Enter
from tests.fixtures.people import browser_of
from tests.privacy import aging
from tests.privacy.conftest import RealNumber, Sign, pdf, today


def upload(data: bytes | None = None, **fields: Any) -> dict[str, Any]:
    given = {
        "file": SimpleUploadedFile("signed.pdf", pdf() if data is None else data, content_type="application/pdf"),
        "controller_signatory": "A. de Vries",
        "processor_signatory": "B. Jansen",
        "signed_on": today().isoformat(),
        "starts_on": today().isoformat(),
    }
    return given | fields


def file_of(agreement: DataProcessingAgreement) -> str:
    return f"/privacy/agreements/{agreement.pk}/file/"


@pytest.mark.parametrize(
    "path",
    [
        "/privacy/",
        "/privacy/runs/",
        "/privacy/agreements/new/",
        "/privacy/agreements/end/",
        "/privacy/retention/message_text/",
    ],
)
def test_pages_are_for_admins_and_clean(
    as_admin: Client, as_agent: Client, as_supervisor: Client, as_nobody: Client, path: str
) -> None:
    answer = as_admin.get(path)

    assert answer.status_code == 200
    assert_clean(answer.content.decode())
    assert as_agent.get(path).status_code == 403
    assert as_supervisor.get(path).status_code == 403
    assert as_nobody.get(path).status_code == 302


class TestAgreements:
    def test_an_admin_records_one_and_the_number_goes_live(
        self, as_admin: Client, company: ClientCompany, real_number: RealNumber, admin: User, enter: Enter
    ) -> None:
        number = real_number(company)
        assert "1 number waits for it" in as_admin.get("/privacy/").content.decode()

        answer = as_admin.post("/privacy/agreements/new/", upload(), follow=True)

        page = answer.content.decode()
        assert "The agreement is recorded." in page
        assert "A. de Vries" in page
        assert "waits for it" not in page
        with enter(company):
            number.refresh_from_db()
            assert number.state == PhoneNumber.State.LIVE
            agreement = DataProcessingAgreement.objects.get()
            assert agreement.recorded_by == admin.name
            assert AuditEntry.objects.get(action="agreement.recorded").actor_id == admin.pk
        assert agreement.file_sha256 in page

    def test_staff_of_the_agency_may_with_a_grant_as_admin_only(
        self, company: ClientCompany, staff_person: User, enter: Enter
    ) -> None:
        with in_public():
            membership = StaffMembership.objects.get(user=staff_person)
        for role, status in ((Role.AGENT, 403), (Role.ADMIN, 302)):
            grants.give(membership, company=company, role=role, given_by="Owner")
            with enter(company):
                user = User.objects.get(staff_id=staff_person.pk)
            answer = browser_of(user, company=company).post("/privacy/agreements/new/", upload())
            assert answer.status_code == status

        with enter(company):
            assert AuditEntry.objects.get(action="agreement.recorded").on_behalf_of == "Balans"

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"file": SimpleUploadedFile("a.pdf", b"MZ not a PDF")}, "not a PDF"),
            ({"file": SimpleUploadedFile("a.pdf", b"")}, "not a PDF"),
            ({"signed_on": (today() + timedelta(days=3)).isoformat()}, "do not fit"),
            ({"starts_on": "soon"}, "valid date"),
            ({"controller_signatory": "  "}, "required"),
        ],
    )
    def test_what_does_not_fit_is_said_in_its_place_and_nothing_is_stored(
        self, as_admin: Client, company: ClientCompany, enter: Enter, fields: dict[str, Any], words: str
    ) -> None:
        if "file" in fields:
            fields["file"].seek(0)
        answer = as_admin.post("/privacy/agreements/new/", upload(**fields))

        assert answer.status_code == 422
        assert words in answer.content.decode()
        with enter(company):
            assert not DataProcessingAgreement.objects.exists()

    def test_the_file_comes_as_a_download_that_runs_nothing_and_each_look_is_recorded(
        self, as_admin: Client, as_agent: Client, company: ClientCompany, sign: Sign, enter: Enter
    ) -> None:
        agreement = sign(company, file_name='Ünder "signed".pdf')

        answer = as_admin.get(file_of(agreement))

        assert answer.content == pdf()
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment;")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert as_agent.get(file_of(agreement)).status_code == 403
        with enter(company):
            assert AuditEntry.objects.filter(action="agreement.opened").count() == 1

    def test_another_companys_file_is_not_there(
        self, as_other_admin: Client, company: ClientCompany, sign: Sign
    ) -> None:
        assert as_other_admin.get(file_of(sign(company))).status_code == 404

    def test_a_file_that_is_no_longer_the_signed_one_is_not_shown(
        self, as_admin: Client, company: ClientCompany, sign: Sign, enter: Enter
    ) -> None:
        agreement = sign(company)
        storage.default_storage.delete(agreement.file_key)
        storage.default_storage.save(agreement.file_key, ContentFile(pdf("changed")))

        answer = as_admin.get(file_of(agreement), follow=True)

        assert b"no longer the one that was signed" in answer.content
        storage.default_storage.delete(agreement.file_key)
        assert b"missing or no longer" in as_admin.get(file_of(agreement), follow=True).content

    def test_its_end_is_recorded(self, as_admin: Client, company: ClientCompany, sign: Sign, enter: Enter) -> None:
        assert as_admin.post("/privacy/agreements/end/", {"on": today().isoformat()}).status_code == 422
        agreement = sign(company)

        early = {"on": (today() - timedelta(days=100)).isoformat()}
        assert as_admin.post("/privacy/agreements/end/", early).status_code == 422
        assert as_admin.post("/privacy/agreements/end/", {"on": today().isoformat()}).status_code == 302

        with enter(company):
            agreement.refresh_from_db()
            assert agreement.ends_on == today()


def test_sub_processors_are_those_of_the_agency_that_are_in_use(as_admin: Client, company: ClientCompany) -> None:
    given = {"agency": company.agency, "service": "Hosting", "countries": "DE", "starts_on": today()}
    SubProcessor.objects.create(name="Datacentrum Noord", **given)
    SubProcessor.objects.create(name="Gone Mail", **given | {"ends_on": today() - timedelta(days=1)})

    page = as_admin.get("/privacy/").content.decode()

    assert "Datacentrum Noord" in page
    assert "Gone Mail" not in page


def test_the_overview_asks_little(
    as_admin: Client, company: ClientCompany, sign: Sign, enter: Enter, django_assert_max_num_queries: Any
) -> None:
    sign(company)
    with enter(company):
        for _n in range(3):
            nights.retain_now()
    as_admin.get("/privacy/")

    with django_assert_max_num_queries(20):
        as_admin.get("/privacy/")


def test_the_command_counts_without_deleting_and_deletes_without_counting_twice(
    company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        aging.journal(received=20, number=4)

    def call(*more: str) -> dict[str, Any]:
        out = io.StringIO()
        call_command("retention", "fietsland", *more, "--json", stdout=out)
        answer: dict[str, Any] = json.loads(out.getvalue())
        return answer

    assert call("--dry-run")["journal"]["journal"] == {"rows": 4, "bytes": 0}
    assert call("--dry-run")["journal"]["journal"]["rows"] == 4
    assert call()["journal"] == {"deleted": 4, "bytes": 0, "state": "finished", "errors": []}
    assert call()["journal"]["deleted"] == 0
