"""Contacts as pages: found by few letters, masked for agents, revealed with a reason, merged and parted by hand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations.models import Contact, ContactMerge
from conversations.services.contacts import contacts
from tenants.accounts.models import AuditEntry
from tests.fixtures.people import browser_of

URL = {"urlconf": "config.urls_company"}


def at(name, *args):
    return reverse(f"conversations:{name}", args=args, **URL)


@pytest.fixture
def people(company, enter):
    """Somebody with a number, somebody with a username only, a group, and somebody who never wrote."""
    now = timezone.now()
    with enter(company):
        return {
            "ana": Contact.objects.create(name="Ana de Vries", wa_id="31612345678", last_message_at=now),
            "bo": Contact.objects.create(
                name="Ana de Vries", bsuid="NL.1", username="ana.v", last_message_at=now - timedelta(days=1)
            ),
            "club": Contact.objects.create(name="Fietsclub", kind="group", group_id="G1", last_message_at=now),
            "quiet": Contact.objects.create(name="Zwijger", wa_id="31687654321", opted_out_at=now),
        }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ana de Vries", "Fietsclub", "Ana de Vries", "Zwijger"]),
        ("ana", ["Ana de Vries", "Ana de Vries"]),
        ("@ana.v", ["Ana de Vries"]),
        ("5678", ["Ana de Vries"]),
        ("678", []),  # three digits find half the world
        ("ana zwijger", []),
        ("\x00%_", []),
    ],
)
def test_people_are_found_by_name_username_and_last_digits(people, company, enter, query, found):
    with enter(company):
        assert sorted(row.name for row in contacts.page(query=query).rows) == sorted(found)


def test_pages_follow_each_other_without_gap_or_repeat(company, enter):
    now = timezone.now()
    with enter(company):
        Contact.objects.bulk_create(
            Contact(name=f"P{n}", last_message_at=None if n % 3 == 0 else now - timedelta(minutes=n // 2))
            for n in range(25)
        )
        seen, after = [], None
        while True:
            page = contacts.page(after=after, limit=4)
            seen += [row.name for row in page.rows]
            if page.next is None:
                break
            after = contacts.Key.read(str(page.next))
        assert sorted(seen) == sorted(f"P{n}" for n in range(25))
        assert seen[-1] in {f"P{n}" for n in range(0, 25, 3)}


def test_the_list_costs_the_same_for_one_and_for_forty(people, company, agent, enter, django_assert_max_num_queries):
    client = browser_of(agent, company=company)
    client.get(at("contacts"))
    with enter(company):
        Contact.objects.bulk_create(Contact(name=f"P{n}") for n in range(40))
    with django_assert_max_num_queries(14):
        page = client.get(at("contacts"))
    assert page.status_code == 200
    assert b"P39" in page.content


def test_an_agent_sees_a_masked_number_and_may_not_reveal_it(people, company, agent):
    client = browser_of(agent, company=company)
    page = client.get(at("contact_page", people["ana"].pk))
    assert page.status_code == 200
    assert b"31612345678" not in page.content
    assert client.post(at("reveal_contact", people["ana"].pk), {"reason": "x"}).status_code == 403


def test_a_number_cannot_be_found_out_one_digit_after_the_other(people, company, enter, agent, supervisor):
    def found(user, query):
        with enter(company):
            return [row.wa_id for row in contacts.page(query=query, user=user).rows]

    number = people["ana"].wa_id
    assert found(agent, "5678") == [number]
    assert found(agent, "45678") == found(agent, "95678") == [number]  # the fifth digit says nothing
    assert found(supervisor, "95678") == []
    for known in ("0612345678", "+31612345678", "0031612345678", "12345678"):
        assert found(agent, known) == [number], known
    assert found(agent, "0612345679") == []


def test_a_number_is_revealed_for_a_reason_that_is_recorded(people, company, supervisor, enter):
    client = browser_of(supervisor, company=company)

    without = client.post(at("reveal_contact", people["ana"].pk), {"reason": "  "})
    assert without.status_code == 422
    assert b"31612345678" not in without.content
    assert client.post(at("reveal_contact", people["ana"].pk), {"reason": "\x00"}).status_code == 422

    page = client.post(at("reveal_contact", people["ana"].pk), {"reason": "Terugbellen"})
    assert b"+31612345678" in page.content
    with enter(company):
        entry = AuditEntry.objects.get(action="contact.revealed")
        assert (entry.reason, entry.actor_id) == ("Terugbellen", supervisor.pk)


def test_two_contacts_are_made_one_and_two_again_by_hand(people, company, supervisor, enter):
    client = browser_of(supervisor, company=company)
    merge = at("merge_contact", people["ana"].pk)
    assert str(people["bo"].pk) in client.get(merge).content.decode()  # of the same name: perhaps the same
    assert client.post(merge, {"other": people["bo"].pk, "reason": ""}).status_code == 422

    client.post(merge, {"other": people["bo"].pk, "reason": "Zei het zelf"})

    with enter(company):
        done = ContactMerge.objects.get()
        assert (done.kept_id, done.other_id) == (people["ana"].pk, people["bo"].pk)
    assert client.get(at("contact_page", people["bo"].pk))["Location"] == at("contact_page", people["ana"].pk)
    client.post(at("undo_merge", people["ana"].pk, done.pk))
    with enter(company):
        assert Contact.objects.get(pk=people["bo"].pk).merged_into is None


def test_an_agent_does_not_merge(people, company, agent):
    client = browser_of(agent, company=company)
    assert client.get(at("merge_contact", people["ana"].pk)).status_code == 403


def test_a_contact_of_another_company_is_not_there(people, other_company, other_agent):
    client = browser_of(other_agent, company=other_company)
    assert client.get(at("contact_page", people["ana"].pk)).status_code == 404
