"""Integrators read how numbers do, and block people."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Channel, Contact, PhoneNumber
from conversations.services.numbers import number_states
from tenants.accounts.roles import Scope
from tenants.accounts.services import api_keys
from tenants.context import inside
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter
from tests.fixtures.simulator import Simulator

pytestmark = pytest.mark.usefixtures("db")


def caller(company: ClientCompany, *scopes: Scope) -> Client:
    with inside(company.schema_name):
        _key, secret = api_keys.create_key("Shop", scopes=list(scopes), created_by=None)
    return Client(headers={"host": f"{company.subdomain}.test", "Authorization": f"Bearer {secret}"})


@pytest.fixture
def ana(company: ClientCompany, number: PhoneNumber) -> Contact:
    with inside(company.schema_name):
        contact = Contact.objects.create(name="Ana", wa_id="31612345678")
        Channel.objects.create(contact=contact, phone_number=number, last_inbound_at=timezone.now())
    return contact


def test_a_number_says_its_state_limit_and_alarms(company: ClientCompany, number: PhoneNumber, enter: Enter) -> None:
    with enter(company):
        PhoneNumber.objects.update(messaging_limit="TIER_2K", figures={"reached": 12})
        number_states.change(number, PhoneNumber.State.STOPPED, reason="banned", source="probe")

    answer = caller(company, Scope.NUMBERS_READ).get("/api/v1/numbers")

    (row,) = answer.json()["results"]
    assert (row["state"], row["state_reason"], row["messaging_limit"], row["written_to_first"]) == (
        "stopped",
        "banned",
        2000,
        12,
    )
    assert [(alarm["kind"], alarm["severity"]) for alarm in row["alarms"]] == [("banned", "critical")]
    assert "token" not in row


def test_a_number_of_another_company_is_not_there(other_company: ClientCompany, number: PhoneNumber) -> None:
    assert caller(other_company, Scope.NUMBERS_READ).get(f"/api/v1/numbers/{number.pk}").status_code == 404


def test_a_key_without_the_scope_is_refused(company: ClientCompany, ana: Contact) -> None:
    key = caller(company, Scope.CONTACTS_READ)
    assert key.get("/api/v1/numbers").status_code == 403
    assert key.put(f"/api/v1/contacts/{ana.pk}/block").status_code == 403


def test_blocking_over_the_api_can_be_repeated_and_lifted(
    company: ClientCompany, number: PhoneNumber, ana: Contact, simulator: Simulator
) -> None:
    simulator.person("ana", phone="31612345678")
    simulator.say("ana", "Fools", number=number.phone_number_id)
    key, path = caller(company, Scope.CONTACTS_BLOCK), f"/api/v1/contacts/{ana.pk}/block"

    first = key.put(path, json.dumps({"reason": "insults"}), content_type="application/json")
    second = key.put(path, "{}", content_type="application/json")

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["blocked_at"] is not None
    assert key.delete(path).json()["blocked_at"] is None


def test_somebody_who_wrote_long_ago_cannot_be_blocked(company: ClientCompany, ana: Contact, enter: Enter) -> None:
    with enter(company):
        Channel.objects.update(last_inbound_at=timezone.now() - timedelta(days=2))

    answer = caller(company, Scope.CONTACTS_BLOCK).put(
        f"/api/v1/contacts/{ana.pk}/block", "{}", content_type="application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "not_recent")
