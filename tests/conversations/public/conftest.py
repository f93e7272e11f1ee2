"""Somebody without an account, and the company's settings of what they see."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations.models import InboxSettings
from tenants.context import inside
from tenants.models import ClientCompany

Shown = Callable[..., None]


@pytest.fixture
def stranger() -> Client:
    return Client(headers={"host": "fietsland.test"})


@pytest.fixture
def shown(company: ClientCompany, other_company: ClientCompany) -> Shown:
    """``shown(other_mail="…")`` switches the page on, with these settings."""

    def switched(**settings: Any) -> None:
        with inside(company.schema_name):
            InboxSettings.objects.update_or_create(pk=1, defaults={"public_page": True, **settings})

    return switched
