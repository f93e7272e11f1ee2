"""Every part of a client's inbox answers at the desk, also to a POST without anything in it: nothing breaks."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from conversations.models import Message
from conversations.views.desk.inside import APPS
from tenants.accounts.models import User
from tenants.accounts.roles import Role
from tenants.context import inside
from tenants.models import ClientCompany
from tests.desk.conftest import HX, Waits, give

pytestmark = pytest.mark.usefixtures("db")


def paths_of(ids: dict[str, Any]) -> list[str]:
    """The addresses of the inbox and the briefing, with ids put in."""
    found: list[str] = []

    def walk(patterns: Any, prefix: str, app: str | None) -> None:
        for one in patterns:
            route = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one.url_patterns, route, one.app_name or app)
            elif isinstance(one, URLPattern) and app in APPS:
                found.append(re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(ids.get(part[1], uuid4())), route))

    walk(get_resolver(settings.ROOT_URLCONF).url_patterns, "", None)
    return found


def test_each_part_of_the_inbox_answers_at_the_desk(
    as_staff: Client, staff_person: User, company: ClientCompany, waits: Waits
) -> None:
    give(staff_person, company, role=Role.ADMIN)
    row = waits(company, "Marieke")
    as_staff.raise_request_exception = False
    with inside(company.schema_name):
        message = Message.objects.filter(conversation=row).values_list("pk", flat=True).first()
    ids = {"conversation_id": row.pk, "contact_id": row.contact_id, "message_id": message, "kind": "phone", "index": 0}
    broken = {}
    for path in paths_of(ids | {"key": "x"}):
        if path.startswith("inbox/"):
            here = f"/desk/{company.pk}/{path}"
            told = as_staff.get(here, headers=HX).status_code, as_staff.post(here, headers=HX).status_code
            if max(told) >= 500:
                broken[path] = told

    assert broken == {}
