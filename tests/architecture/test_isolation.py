"""Whatever address a person of one company calls with another company's ids, nothing is there."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import (
    Channel,
    Contact,
    Conversation,
    Direction,
    MediaFile,
    Message,
    MessageTemplate,
    PhoneNumber,
)
from privacy.models import DataProcessingAgreement
from tenants.accounts.models import ApiKey, User
from tenants.accounts.roles import Scope
from tenants.accounts.services import api_keys
from tenants.context import inside
from tenants.models import ClientCompany
from tests.architecture.routes import COMPANY

pytestmark = pytest.mark.usefixtures("db")

WITH_IDS = sorted(path for path in COMPANY if "<uuid:" in path)


@pytest.fixture
def strange_ids(other_company: ClientCompany, other_number: PhoneNumber, other_agent: User) -> dict[str, UUID]:
    """Ids of real rows of the other company, by the name of the address part that takes them."""
    now = timezone.now() - timedelta(minutes=5)
    with inside(other_company.schema_name):
        contact = Contact.objects.create(name="Vreemd", wa_id="31600000001")
        channel = Channel.objects.create(contact=contact, phone_number=other_number, last_inbound_at=now)
        conversation = Conversation.objects.create(
            contact=contact, phone_number=other_number, channel=channel, opened_at=now, last_message_at=now
        )
        media = MediaFile.objects.create(
            phone_number_id=other_number.pk, direction="in", kind="image", received_at=now, state="stored"
        )
        message = Message.objects.create(
            conversation=conversation,
            channel=channel,
            phone_number=other_number,
            direction=Direction.INBOUND,
            sender_kind="contact",
            type="image",
            media=media,
            wamid="wamid.strange",
            at=now,
            sequence=1,
        )
        template = MessageTemplate.objects.create(
            waba_id=other_number.waba_id, name="hallo", language="nl", category="UTILITY", status="APPROVED"
        )
        agreement = DataProcessingAgreement.objects.create(
            version=1, controller_name="Zorgvast", processor_name="Balans", file_key="theirs.pdf"
        )
        key, _secret = api_keys.create_key("theirs", scopes=list(Scope), created_by=None)
    return {
        "conversation_id": conversation.pk,
        "message_id": message.pk,
        "media_id": media.pk,
        "template_id": template.pk,
        "user_id": other_agent.pk,
        "key_id": key.pk,
        "agreement_id": agreement.pk,
        "pk": conversation.pk,
    }


def filled(path: str, ids: dict[str, UUID]) -> str:
    any_id = ids["conversation_id"]
    return "/" + re.sub(r"<uuid:(\w+)>", lambda match: str(ids.get(match[1], any_id)), path)


@pytest.mark.parametrize("path", [p for p in WITH_IDS if not p.startswith("api/")])
def test_a_page_with_another_companys_ids_is_not_there(
    path: str, as_admin: Client, strange_ids: dict[str, UUID], other_company: ClientCompany
) -> None:
    before = state_of(other_company)
    address = filled(path, strange_ids)

    for answer in (as_admin.get(address), as_admin.post(address, {"body": "x", "reason": "x", "role": "admin"})):
        assert answer.status_code in (404, 405), address
    assert state_of(other_company) == before


@pytest.mark.parametrize("path", [p for p in WITH_IDS if p.startswith("api/")])
def test_an_api_call_with_another_companys_ids_finds_nothing(
    path: str, company: ClientCompany, strange_ids: dict[str, UUID]
) -> None:
    with inside(company.schema_name):
        _key, secret = api_keys.create_key("ours", scopes=list(Scope), created_by=None)
    client = Client(headers={"host": "fietsland.test", "Authorization": f"Bearer {secret}"})

    for name in strange_ids:
        address = filled(path, strange_ids | {"pk": strange_ids[name]})
        answers = [call(address).status_code for call in (client.get, client.put, client.delete)]
        assert set(answers) <= {404, 405}, address
        assert 404 in answers, address


def state_of(company: ClientCompany) -> Any:
    """What a stray write would change."""
    with inside(company.schema_name):
        return (
            list(User.objects.order_by("pk").values_list("role", "is_active")),
            list(ApiKey.objects.values_list("revoked_at", flat=True)),
            list(Message.objects.values_list("status", "removed_at")),
            list(Conversation.objects.values_list("status", "assignee", "version")),
        )
