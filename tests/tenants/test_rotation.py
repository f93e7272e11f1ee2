"""Keys change: stored secrets come under the newest one, on both sides, and stay readable throughout."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import models
from django.db.models.functions import Cast

from conversations.models import PhoneNumber
from tenants import secrets
from tenants.accounts.models import User
from tenants.models import ClientCompany, MetaApp
from tests.fixtures.companies import Enter


@pytest.fixture
def old_key(settings: Any) -> Iterator[str]:
    """The key of before; a newer one stands in front of it now."""
    before: str = settings.ENCRYPTION_KEYS[0]
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), before]
    secrets.forget_keys()
    yield before
    secrets.forget_keys()


def stored(queryset: models.QuerySet[Any], name: str) -> list[str]:
    return list(queryset.annotate(raw=Cast(name, models.TextField())).values_list("raw", flat=True))


def rotate() -> str:
    answer = StringIO()
    call_command("rotate_secrets", stdout=answer)
    return answer.getvalue()


def test_all_secrets_of_both_sides_come_under_the_newest_key(
    company: ClientCompany, agent: User, enter: Enter, old_key: str
) -> None:
    with enter(company):
        factor = {"secret": Fernet(old_key).encrypt(b"JBSWY3DPEHPK3PXP").decode(), "other": "kept"}
        Authenticator.objects.create(user=agent, type=Authenticator.Type.TOTP, data=factor)
    assert not secrets.is_newest(stored(MetaApp.objects.all(), "secret")[0])

    first, second = rotate(), rotate()

    with enter(company):
        assert all(map(secrets.is_newest, stored(PhoneNumber.objects.all(), "token")))
        assert PhoneNumber.objects.get().token == "sandbox-token-1"
        data = Authenticator.objects.get().data
        assert secrets.decrypt(data["secret"]) == "JBSWY3DPEHPK3PXP"
        assert secrets.is_newest(data["secret"])
        assert data["other"] == "kept"
    assert all(map(secrets.is_newest, stored(MetaApp.objects.all(), "secret")))
    assert set(MetaApp.objects.values_list("secret", flat=True)) == {"app-secret-1", "app-secret-2"}
    assert int(first.split()[0]) == 7
    assert second.startswith("0 ")


def test_an_empty_secret_stays_empty(company: ClientCompany, old_key: str) -> None:
    rotate()

    assert set(stored(MetaApp.objects.all(), "previous_secret")) == {""}
