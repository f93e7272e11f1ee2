"""Integrators send messages: once per key, only where it is allowed, with a clear word when it is not."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from conversations.integrations.models import IdempotencyRecord
from conversations.models import Contact, Conversation, MediaFile, Message, MessageTemplate, PhoneNumber
from tenants.accounts.models import AuditEntry
from tenants.accounts.roles import Scope
from tenants.models import ClientCompany
from tests.conversations.api.conftest import Integrator, begin, integrator_of, problem_of
from tests.fixtures.companies import Enter


def text_to(conversation: Conversation, body: str = "Uw fiets is klaar.") -> dict[str, object]:
    return {"conversation_id": str(conversation.pk), "text": {"body": body}, "external_id": "order-1042"}


@pytest.mark.usefixtures("db")
class TestOneMessage:
    def test_is_queued_and_answered_at_once(
        self, integrator: Integrator, conversation: Conversation, company: ClientCompany, enter: Enter
    ) -> None:
        answer = integrator.send(text_to(conversation))

        assert answer.status_code == 202
        told = answer.json()
        assert (told["status"], told["external_id"], told["sender_kind"]) == ("queued", "order-1042", "api")
        with enter(company):
            assert Message.objects.get(pk=told["id"]).body == "Uw fiets is klaar."
        assert integrator.get(f"/api/v1/messages/{told['id']}").json()["status"] == "queued"

    def test_the_same_key_and_body_give_the_same_answer_and_one_message(
        self, integrator: Integrator, conversation: Conversation, company: ClientCompany, enter: Enter
    ) -> None:
        first, second = integrator.send(text_to(conversation)), integrator.send(text_to(conversation))

        assert second.json() == first.json()
        assert second.headers["Idempotent-Replayed"] == "true"
        with enter(company):
            assert Message.objects.count() == 1

    def test_the_same_key_with_another_body_is_refused(
        self, integrator: Integrator, conversation: Conversation
    ) -> None:
        integrator.send(text_to(conversation))

        refused = integrator.send(text_to(conversation, "Iets anders"))

        assert problem_of(refused, status=422) == "idempotency_key_reused"

    def test_the_same_key_in_another_company_is_another_key(
        self,
        integrator: Integrator,
        other_integrator: Integrator,
        conversation: Conversation,
        other_company: ClientCompany,
        other_number: PhoneNumber,
        enter: Enter,
    ) -> None:
        with enter(other_company):
            elsewhere = begin(other_number, wa_id="31687654321", name="Bo")
        integrator.send(text_to(conversation))

        assert other_integrator.send(text_to(elsewhere)).status_code == 202

    @pytest.mark.parametrize("key", [None, "", "x" * 201, "tab\there"])
    def test_without_a_proper_key_nothing_is_sent(
        self, key: str | None, integrator: Integrator, conversation: Conversation, company: ClientCompany, enter: Enter
    ) -> None:
        refused = integrator.send(text_to(conversation), key=key)

        assert problem_of(refused, status=400) == "idempotency_key_missing"
        with enter(company):
            assert not Message.objects.exists()

    def test_a_closed_window_is_a_problem_and_the_key_may_try_again(
        self, integrator: Integrator, company: ClientCompany, number: PhoneNumber, enter: Enter
    ) -> None:
        with enter(company):
            silent = begin(number, wa_id="31612340000", name="Stil", hours_ago=24)

        assert problem_of(integrator.send(text_to(silent)), status=409) == "window_closed"
        with enter(company):
            assert not IdempotencyRecord.objects.exists()
            assert not Message.objects.exists()

    def test_a_number_nobody_knows_needs_a_template(
        self, integrator: Integrator, company: ClientCompany, enter: Enter
    ) -> None:
        refused = integrator.send({"to": "+31612999999", "text": {"body": "Hallo"}})

        assert problem_of(refused, status=409) == "window_closed"

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"text": {"body": "x"}},
            {"to": "0612345678", "text": {"body": "x"}},
            {"to": "+31612345678", "text": {"body": "x" * 4097}},
            {"to": "+31612345678", "text": {"body": ""}},
            {"to": "+31612345678", "text": {"body": "x"}, "metadata": {"_inner": "x"}},
            {"to": "+31612345678", "contact_id": str(uuid4()), "text": {"body": "x"}},
            {
                "to": "+31612345678",
                "text": {"body": "x"},
                "template": {"name": "a", "language": "nl", "purpose": "service"},
            },
            {"conversation_id": "not-an-id", "text": {"body": "x"}},
            ["a", "list"],
        ],
    )
    def test_a_body_that_says_too_little_or_too_much_is_refused(self, body: object, integrator: Integrator) -> None:
        refused = integrator.send(body)

        assert problem_of(refused, status=422) == "invalid"
        assert refused.json()["errors"]

    @pytest.mark.parametrize("said", ["שלום 👋🏽 \u202e", "<script>alert(1)</script>", "=1+1"])
    def test_a_text_of_any_signs_is_kept_and_comes_back(
        self, said: str, integrator: Integrator, conversation: Conversation
    ) -> None:
        sent = integrator.send(text_to(conversation, said))

        assert sent.status_code == 202
        assert integrator.get(f"/api/v1/messages/{sent.json()['id']}").json()["text"] == said

    def test_a_zero_byte_is_refused_with_its_place(self, integrator: Integrator, conversation: Conversation) -> None:
        refused = integrator.send(text_to(conversation, "a\x00b"))

        assert problem_of(refused, status=422) == "invalid"
        assert "text" in str(refused.json()["errors"])

    @pytest.mark.parametrize("raw", [b"{", b"\xff", b"", b'{"a":' * 100_000])
    def test_what_is_not_json_is_refused(self, raw: bytes, integrator: Integrator) -> None:
        refused = integrator.send(raw)

        assert problem_of(refused, status=refused.status_code) in ("parse_error", "invalid")
        assert refused.status_code in (400, 422)

    def test_a_template_nobody_knows_is_refused(self, integrator: Integrator, conversation: Conversation) -> None:
        template = {"name": "unknown", "language": "nl", "purpose": "service", "reference": "1042"}
        body = {"conversation_id": str(conversation.pk), "template": template}

        assert problem_of(integrator.send(body), status=422) == "template_unusable"


@pytest.mark.usefixtures("db")
class TestAFileByItsAddress:
    @pytest.mark.parametrize(
        "url",
        [
            "http://example.org/a.jpg",
            "https://127.0.0.1/a.jpg",
            "https://[::1]/a.jpg",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1/a.jpg",
            "https://example.org:8443/a.jpg",
            "https://user:secret@example.org/a.jpg",
            "ftp://example.org/a.jpg",
            "file:///etc/passwd",
            "not an address",
        ],
    )
    def test_that_may_not_be_called_is_refused_at_once(
        self, url: str, integrator: Integrator, conversation: Conversation, company: ClientCompany, enter: Enter
    ) -> None:
        refused = integrator.send({"conversation_id": str(conversation.pk), "image": {"link": url}})

        assert problem_of(refused, status=422) == "link_refused"
        with enter(company):
            assert not MediaFile.objects.exists()

    @pytest.mark.parametrize("part", [{}, {"media_id": str(uuid4()), "link": "https://example.org/a.jpg"}])
    def test_is_given_or_the_upload_but_not_both(
        self, part: dict[str, str], integrator: Integrator, conversation: Conversation
    ) -> None:
        refused = integrator.send({"conversation_id": str(conversation.pk), "image": part})

        assert problem_of(refused, status=422) == "invalid"


@pytest.mark.usefixtures("db")
class TestWhoMay:
    def test_without_a_key_or_with_a_strange_one_nobody_gets_in(
        self, company: ClientCompany, other_integrator: Integrator
    ) -> None:
        strangers = [
            Integrator("", "fietsland.test"),
            Integrator("balie_x_y", "fietsland.test"),
            Integrator(other_integrator.secret, "fietsland.test"),
        ]
        for stranger in strangers:
            answer = stranger.get("/api/v1/contacts")
            assert problem_of(answer, status=401) in ("not_authenticated", "authentication_failed")
            assert answer.headers["WWW-Authenticate"] == "Bearer"

    def test_a_key_without_the_scope_is_refused(self, company: ClientCompany, conversation: Conversation) -> None:
        reader = integrator_of(company, scopes=[Scope.CONVERSATIONS_READ])

        assert reader.get("/api/v1/conversations").status_code == 200
        assert problem_of(reader.get("/api/v1/contacts"), status=403) == "permission_denied"
        assert problem_of(reader.send(text_to(conversation)), status=403) == "permission_denied"

    def test_objects_of_another_company_are_not_there(
        self, other_integrator: Integrator, integrator: Integrator, conversation: Conversation
    ) -> None:
        sent = integrator.send(text_to(conversation)).json()
        paths = [
            f"/api/v1/conversations/{conversation.pk}",
            f"/api/v1/conversations/{conversation.pk}/messages",
            f"/api/v1/contacts/{conversation.contact_id}",
            f"/api/v1/messages/{sent['id']}",
        ]
        for path in paths:
            assert integrator.get(path).status_code == 200
            assert problem_of(other_integrator.get(path), status=404) == "not_found"
        assert problem_of(other_integrator.send(text_to(conversation)), status=404) == "not_found"

    def test_too_many_calls_wait(self, integrator: Integrator, settings: Any) -> None:
        settings.API_CALLS_PER_MINUTE = 5

        answers = [integrator.get("/api/v1/events") for _ in range(6)]

        assert [answer.status_code for answer in answers[:5]] == [200] * 5
        assert problem_of(answers[-1], status=429) == "throttled"
        assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.usefixtures("committed")
def test_ten_calls_with_one_key_at_once_send_one_message(
    integrator: Integrator, conversation: Conversation, company: ClientCompany, enter: Enter
) -> None:
    def call(_number: int) -> UUID:
        try:
            return UUID(integrator.send(text_to(conversation)).json()["id"])
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        ids = set(pool.map(call, range(10)))

    assert len(ids) == 1
    with enter(company):
        assert Message.objects.count() == 1


@pytest.mark.usefixtures("db")
def test_marketing_to_somebody_who_stopped_is_refused_and_recorded(
    integrator: Integrator, conversation: Conversation, company: ClientCompany, number: PhoneNumber, enter: Enter
) -> None:
    with enter(company):
        Contact.objects.filter(pk=conversation.contact_id).update(opted_out_at=timezone.now())
        MessageTemplate.objects.create(
            waba_id=number.waba_id,
            name="najaar",
            language="nl",
            category="MARKETING",
            status="APPROVED",
            components=[{"type": "BODY", "text": "De najaarsbeurt is er weer."}],
        )
    template = {"name": "najaar", "language": "nl", "purpose": "marketing"}

    refused = integrator.send({"conversation_id": str(conversation.pk), "template": template})

    assert problem_of(refused, status=409) == "contact_opted_out"
    with enter(company):
        assert not Message.objects.exists()
        entry = AuditEntry.objects.get(action="message.refused")
        assert (entry.reason, entry.actor_kind) == ("contact_opted_out", "api_key")
