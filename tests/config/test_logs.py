"""What a log line never says: what opens doors, and what stood in a row."""

import json
import logging

import pytest
from django.db import IntegrityError, transaction

from config.logs import LineFormatter
from conversations.models import Contact
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter


def line(message: str, *arguments: object, exc_info: object = None) -> dict[str, str]:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, message, arguments, exc_info)  # type: ignore[arg-type]
    read: dict[str, str] = json.loads(LineFormatter().format(record))
    return read


@pytest.mark.parametrize(
    "address",
    [
        "/answer/TOKEN/",
        "/enter/TOKEN/?next=/inbox/",
        "/accounts/invitation/TOKEN/",
        "/accounts/password/reset/key/1-TOKEN/",
    ],
)
def test_no_token_of_an_address(address: str) -> None:
    said = line("Internal Server Error: %s", address)["message"]

    assert "TOKEN" not in said
    assert said.startswith("Internal Server Error: /")


def test_no_value_of_a_row_that_was_refused(company: ClientCompany, enter: Enter) -> None:
    number = "31612345678"
    with enter(company):
        Contact.objects.create(name="Ana", wa_id=number)
        try:
            with transaction.atomic():
                Contact.objects.create(name="Bo", wa_id=number)
        except IntegrityError as error:
            said = line("failed", exc_info=(type(error), error, error.__traceback__))

    assert number not in said["traceback"]
    assert "IntegrityError" in said["traceback"]
