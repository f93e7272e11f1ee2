"""Who is erased here is forgotten at the platform as well, however long that takes."""

import hashlib
from datetime import timedelta

from django.utils import timezone

from conversations.models import Channel, Contact, PlatformErasure
from conversations.services.contacts import platform_erasure
from privacy.services import nights
from tenants.accounts.models import AuditEntry
from tenants.models import WorkMark

LONG_AGO = timedelta(days=3000)


def erase(number, bsuid):
    """A person whose time is up, and the night that comes."""
    contact = Contact.objects.create(name="Weg", bsuid=bsuid, last_message_at=timezone.now() - LONG_AGO)
    Contact.objects.filter(pk=contact.pk).update(created_at=timezone.now() - LONG_AGO)
    Channel.objects.create(contact=contact, phone_number=number)
    nights.retain_now()
    assert not Contact.objects.filter(pk=contact.pk).exists()


def test_the_platform_forgets_who_is_erased(simulator, company, other_company, number, enter):
    person = simulator.person("ana", phone="31612345678")
    simulator.say("ana", "Hallo", number=number.phone_number_id)
    with enter(company):
        erase(number, person["bsuid"])
        mark = WorkMark.objects.get(schema_name=company.schema_name, kind="housekeeping", key="forget")

        assert platform_erasure.carry_out()

        done = PlatformErasure.objects.get()
        assert (done.known, done.bsuid) == (True, "")
        assert done.digest == hashlib.sha256(person["bsuid"].encode()).hexdigest()
        assert AuditEntry.objects.filter(action="contact.erased_at_platform").count() == 1
    assert mark.due_at <= timezone.now()
    with enter(other_company):
        assert not PlatformErasure.objects.exists()


def test_what_the_platform_cannot_do_now_is_asked_again_later(simulator, company, number, enter):
    person = simulator.person("ana", phone="31612345678")
    simulator.post(f"tokens/{number.waba_id}/revoke")
    with enter(company):
        erase(number, person["bsuid"])

        assert not platform_erasure.carry_out()
        waiting = PlatformErasure.objects.get()
        assert (waiting.done_at, waiting.problem, waiting.attempts) == (None, "refused_190", 1)
        assert waiting.due_at > timezone.now()

        simulator.post(f"tokens/{number.waba_id}/restore")
        PlatformErasure.objects.update(due_at=timezone.now())
        assert platform_erasure.carry_out()


def test_somebody_without_an_id_of_the_platform_is_in_no_book(company, number, enter):
    with enter(company):
        contact = Contact.objects.create(wa_id="31612345678")
        Channel.objects.create(contact=contact, phone_number=number)
        assert platform_erasure.ask_for([contact.pk]) == 0
        assert platform_erasure.carry_out()
