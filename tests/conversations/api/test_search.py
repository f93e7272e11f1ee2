"""Integrators search messages; what is sensitive stays out, odd questions are refused with words."""

import pytest
from django.utils import timezone

from conversations.models import Conversation, Message
from conversations.services import search
from tenants.accounts.models import AuditEntry
from tenants.accounts.roles import Scope
from tenants.context import inside
from tenants.models import ClientCompany
from tests.conversations.api.conftest import Integrator, integrator_of

pytestmark = pytest.mark.usefixtures("db")


def wrote(company: ClientCompany, conversation: Conversation, *bodies: str) -> None:
    with inside(company.schema_name):
        for number, body in enumerate(bodies):
            Message.objects.create(
                conversation=conversation,
                channel=conversation.channel,
                phone_number=conversation.phone_number,
                direction="in",
                sender_kind="contact",
                type="text",
                body=body,
                at=timezone.now(),
                sequence=number,
            )
        search.index()


def test_messages_are_found_page_by_page_and_the_search_is_recorded(
    integrator: Integrator, company: ClientCompany, conversation: Conversation
) -> None:
    wrote(company, conversation, "one parcel", "two parcels", "three parcels")

    first = integrator.get("/api/v1/search?q=parcel&limit=2").json()
    second = integrator.get(f"/api/v1/search?q=parcel&limit=2&cursor={first['next'].replace('+', '%2B')}").json()

    lines = [hit["line"] for hit in first["results"] + second["results"]]
    assert lines == ["three parcels", "two parcels", "one parcel"]
    assert second["next"] is None
    with inside(company.schema_name):
        assert AuditEntry.objects.filter(action="search.run").count() == 2


def test_sensitive_threads_other_companies_and_other_scopes_stay_out(
    integrator: Integrator, other_integrator: Integrator, company: ClientCompany, conversation: Conversation
) -> None:
    wrote(company, conversation, "parcel")
    without_scope = integrator_of(company, scopes=[Scope.CONTACTS_READ])

    assert other_integrator.get("/api/v1/search?q=parcel").json()["results"] == []
    assert without_scope.get("/api/v1/search?q=parcel").status_code == 403
    with inside(company.schema_name):
        Conversation.objects.update(sensitive=True)
    assert integrator.get("/api/v1/search?q=parcel").json()["results"] == []


@pytest.mark.parametrize(
    "asked", ["", "q=", "q=!!", "q=x&cursor=1", "q=x&since=x", "q=x&limit=9999", "q=x&direction=up"]
)
def test_odd_questions_are_refused(asked: str, integrator: Integrator) -> None:
    answer = integrator.get(f"/api/v1/search?{asked}")

    assert answer.status_code == 422
    assert answer.json()["code"]
