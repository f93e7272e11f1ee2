"""Who is blocked here is blocked at the platform, and the other way round."""

from collections.abc import Callable

from django.test import Client

from conversations.models import Contact, PhoneNumber
from tenants.accounts.models import AuditEntry
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter
from tests.fixtures.simulator import Simulator


def blocked_at_platform(simulator: Simulator, number: PhoneNumber) -> list[str]:
    rows = simulator.get("world")["numbers"]
    kept = next(one for one in rows if one["id"] == number.phone_number_id)["state"]
    return list(kept.get("blocked", []))


def test_blocking_keeps_platform_and_contact_in_step(
    as_admin: Client,
    simulator: Simulator,
    number: PhoneNumber,
    company: ClientCompany,
    enter: Enter,
    write_from: Callable[..., str],
) -> None:
    simulator.person("ana", phone="31612345678")
    simulator.say("ana", "You are fools", number=number.phone_number_id)
    write_from("31612345678", "You are fools")
    with enter(company):
        contact = Contact.objects.get(wa_id="31612345678")

    page = f"/contacts/{contact.pk}/"
    assert f"/numbers/{number.pk}/blocked/{contact.pk}/block/" in as_admin.get(page).content.decode()
    fields = {"reason": "insults", "next": page}
    assert as_admin.post(f"/numbers/{number.pk}/blocked/{contact.pk}/block/", fields).headers["Location"] == page
    with enter(company):
        contact.refresh_from_db()
        assert contact.blocked_at is not None
        assert AuditEntry.objects.get(action="contact.blocked").reason == "insults"
    assert blocked_at_platform(simulator, number) == ["ana"]
    assert contact.shown_name in as_admin.get(f"/numbers/{number.pk}/blocked/").content.decode()

    as_admin.post(f"/numbers/{number.pk}/blocked/{contact.pk}/unblock/")
    with enter(company):
        contact.refresh_from_db()
        assert contact.blocked_at is None
    assert blocked_at_platform(simulator, number) == []
