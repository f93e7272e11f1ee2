"""What is done with a client's conversation from the desk: the same dialogs, under the desk's addresses."""

import pytest
from django.test import Client

from conversations.models import Conversation
from tenants.context import inside
from tenants.models import ClientCompany, StaffGrant
from tests.desk.conftest import HX, Waits

pytestmark = pytest.mark.usefixtures("db")


def test_snoozing_asking_and_going_on_stay_on_the_desk(
    as_staff: Client, company: ClientCompany, granted: StaffGrant, waits: Waits
) -> None:
    row, following = waits(company, "Marieke"), waits(company, "Joost")
    place = f"/desk/{company.pk}/inbox/{row.pk}/"

    dialog = as_staff.get(f"{place}snooze/", headers=HX).content.decode()
    price = as_staff.get(f"/desk/{company.pk}/billing/estimate/?category=UTILITY&conversation={row.pk}", headers=HX)
    asks = as_staff.get(f"{place}ask/", headers=HX).content.decode()
    leads = as_staff.get(f"{place}next/", headers=HX)
    done = as_staff.post(f"{place}snooze/", {"preset": "tomorrow"}, headers=HX)

    assert f'action="{place}snooze/"' in dialog and f"/desk/{company.pk}/billing/estimate/" in dialog
    assert price.status_code == 200 and "cost-line" in price.content.decode()
    assert f'action="{place}ask/"' in asks
    assert leads["X-Next"] == f"/desk/{company.pk}/inbox/{following.pk}/"
    assert done.status_code == 200 and "Snoozed until" in done.content.decode()
    with inside(company.schema_name):
        assert Conversation.objects.get(pk=row.pk).hold == "snoozed"
