"""Signed agreements, real numbers that wait for one, and what grew old in a company."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from conversations.models import PhoneNumber
from privacy.models import DataProcessingAgreement
from privacy.services import agreements
from tenants.context import inside
from tenants.models import ClientCompany

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

Sign = Callable[..., DataProcessingAgreement]
RealNumber = Callable[..., PhoneNumber]


def pdf(marker: str = "") -> bytes:
    """A small document that differs by its marker."""
    return PDF.replace(b"%%EOF", f"% {marker}\n%%EOF".encode())


def today() -> date:
    """The day where both companies are; contracts count in such days."""
    return timezone.localdate(timezone=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture
def sign(database: None) -> Sign:
    """``sign(company, starts_on=…)`` records a signed agreement of a company."""

    def signed(company: ClientCompany, *, marker: str = "", **fields: Any) -> DataProcessingAgreement:
        given: dict[str, Any] = {
            "file": io.BytesIO(pdf(marker)),
            "file_name": "Verwerkersovereenkomst.pdf",
            "controller_signatory": "A. de Vries",
            "processor_signatory": "B. Jansen",
            "signed_on": today() - timedelta(days=1),
            "starts_on": today() - timedelta(days=1),
        }
        with inside(company.schema_name):
            return agreements.record_signed(company, **{**given, **fields})

    return signed


@pytest.fixture
def real_number(database: None) -> RealNumber:
    """``real_number(company)`` connects one that is not the simulator's; it waits for an agreement."""

    def connected(company: ClientCompany, **fields: Any) -> PhoneNumber:
        with inside(company.schema_name):
            sandbox = PhoneNumber.objects.get(sandbox=True)
            given = {
                "phone_number_id": f"3{sandbox.phone_number_id[1:]}",
                "waba_id": sandbox.waba_id,
                "display_number": "+31201000099",
                "meta_app_id": sandbox.meta_app_id,
                "token": "real-token",
                "state": PhoneNumber.State.SETUP,
            }
            return PhoneNumber.objects.create(**{**given, **fields})

    return connected
