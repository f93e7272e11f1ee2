"""Who is blocked here is blocked at the platform, and the other way round."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from conversations.models import Channel, Contact, PhoneNumber
from tenants.accounts.models import AuditEntry
from tenants.ids import uuid7
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


def test_who_is_blocked_at_one_number_can_be_blocked_at_another_and_lifting_it_lifts_all(
    as_admin: Client, simulator: Simulator, number: PhoneNumber, company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        second = PhoneNumber.objects.get(pk=number.pk)
        second.pk, second.phone_number_id, second.display_number = uuid7(), "109000000000777", "+31 85 000 0777"
        second.save(force_insert=True)
        person = Contact.objects.create(name="Ana", wa_id="31612345678")
        now = timezone.now()
        for one, at in ((number, now - timedelta(hours=1)), (second, now)):
            Channel.objects.create(contact=person, phone_number=one, last_inbound_at=at)
        Contact.objects.filter(pk=person.pk).update(blocked_at=now - timedelta(minutes=30))
    simulator.post("world", **_second(number, second))
    simulator.person("ana", phone="31612345678")
    for one in (number, second):
        simulator.say("ana", "You are fools", number=one.phone_number_id)

    listed = as_admin.get(f"/numbers/{second.pk}/blocked/").content.decode()
    as_admin.post(f"/numbers/{second.pk}/blocked/{person.pk}/block/", {"reason": "insults"})

    assert person.name not in listed  # wrote there after the block
    assert blocked_at_platform(simulator, second) == ["ana"]
    assert person.name in as_admin.get(f"/numbers/{second.pk}/blocked/").content.decode()

    as_admin.post(f"/numbers/{number.pk}/blocked/{person.pk}/block/", {"reason": "there too"})
    as_admin.post(f"/numbers/{number.pk}/blocked/{person.pk}/unblock/")

    assert blocked_at_platform(simulator, number) == blocked_at_platform(simulator, second) == []
    with enter(company):
        person.refresh_from_db()
        assert person.blocked_at is None


def _second(number: PhoneNumber, second: PhoneNumber) -> dict[str, Any]:
    told = {"id": second.phone_number_id, "waba_id": number.waba_id, "verified_name": "Fietsland"}
    return {"numbers": [told | {"display_phone_number": second.display_number}]}
