"""Danger at a client stands over every page of the agency for who serves it: whose and since when, nothing else."""

import json
from typing import Any

from django.test import Client

from conversations.models import Conversation, InboxSettings
from conversations.services.guard import guard_reviewing
from tenants import live, wake
from tenants.accounts.models import User
from tenants.context import inside
from tenants.models import ClientCompany, StaffGrant
from tests.architecture.html_rules import assert_clean
from tests.desk.conftest import Waits, ago, row_at

BAR = "/desk/danger/"


def test_who_serves_the_client_sees_whose_danger_it_is_and_where_and_not_what_was_written(
    granted_both: None, company: ClientCompany, other_company: ClientCompany, waits: Waits, as_staff: Client
) -> None:
    assert as_staff.get(BAR).content.decode().strip() == ""
    later = waits(company, "Marieke", said="er is brand", danger_at=ago(3))
    first = waits(other_company, "Joost", danger_at=ago(9))

    shown = as_staff.get(BAR).content.decode()

    assert shown.index(f'href="/desk/{other_company.pk}/inbox/{first.pk}/"') < shown.index(f"/inbox/{later.pk}/")
    assert company.name in shown and other_company.name in shown
    assert "Marieke" not in shown and "brand" not in shown
    assert_clean(f'<html lang="en"><title>x</title><main>{shown}</main></html>')
    for page in ("/desk/", "/"):
        assert f'id="danger-bar" role="alert" data-url="{BAR}"' in as_staff.get(page, follow=True).content.decode()


def test_without_a_grant_or_a_clearance_there_is_none(
    granted: StaffGrant, company: ClientCompany, other_company: ClientCompany, waits: Waits, as_staff: Client
) -> None:
    waits(other_company, "Joost", danger_at=ago(9))
    kept = waits(company, "Marieke", danger_at=ago(3), sensitive=True)

    assert as_staff.get(BAR).content.decode().strip() == ""
    assert as_staff.get(f"/desk/concerns/?ids={kept.pk}").json() == {"found": []}


def test_the_desk_hears_at_once_that_danger_began_and_that_it_is_over(
    granted: StaffGrant, company: ClientCompany, staff_person: User, as_staff: Client, write_from: Any
) -> None:
    with inside(company.schema_name):
        InboxSettings.objects.update_or_create(pk=1, defaults={"danger_words": {"nl": ["gaslek"]}})
    with wake.client().pubsub(ignore_subscribe_messages=True) as desk:
        desk.subscribe(live.channel(live.desk_topic(company.pk)))
        desk.get_message(timeout=5)
        write_from(None, "Help, een gaslek")
        with inside(company.schema_name):
            row = Conversation.objects.get()
        assert ("dangers", [str(row.pk)]) in _heard(desk)
        assert f'data-danger-of="{row.pk}"' in as_staff.get(BAR).content.decode()

        me = row_at(company, staff_person)
        with inside(company.schema_name):
            guard_reviewing.end_danger(row, by=me, note="Called them")
        assert ("dangers", [str(row.pk)]) in _heard(desk)
    assert as_staff.get(BAR).content.decode().strip() == ""


def _heard(desk: Any) -> list[tuple[str, list[str]]]:
    told = []
    while message := desk.get_message(timeout=0.3):
        said = json.loads(message["data"])
        told.append((said["name"], said["ids"]))
    return told
