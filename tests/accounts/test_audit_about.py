"""The trail in words: what an entry was about and led to, for those who may see it, and the facts beside it."""

import csv
import io
import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.models import Channel, Contact, Conversation, InboxSettings, Message, PhoneNumber, Team
from conversations.services import inbox_settings
from conversations.services.contacts import cards
from tenants.accounts import audit
from tenants.accounts.models import ApiKey, User
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter


@pytest.fixture
def conversation(company: ClientCompany, number: PhoneNumber, enter: Enter) -> Conversation:
    now = timezone.now()
    with enter(company):
        contact = Contact.objects.create(name="Marieke", wa_id="31610000001")
        channel = Channel.objects.create(contact=contact, phone_number=number)
        return Conversation.objects.create(
            contact=contact, phone_number=number, channel=channel, opened_at=now, last_message_at=now
        )


def message_in(conversation: Conversation) -> Message:
    return Message.objects.create(
        conversation=conversation,
        channel_id=conversation.channel_id,
        phone_number_id=conversation.phone_number_id,
        direction="in",
        sender_kind=Message.SenderKind.CONTACT,
        type="text",
        at=timezone.now(),
        sequence=1,
    )


def facts(client: Client, action: str) -> list[dict[str, str]]:
    """The facts of each entry of an action, newest first, as the page says them."""
    page = client.get("/audit/", {"action": action}).content.decode()
    bodies = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    found = [re.findall(r"<dt[^>]*>(.*?)</dt><dd>(.*?)</dd>", body) for body in bodies]
    return [{name: unescape(text) for name, text in pairs} for pairs in found]


def rows_of(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


class TestWhatItWasAbout:
    def test_a_conversation_is_named_by_its_contact_and_leads_there(
        self, as_admin: Client, company: ClientCompany, agent: User, conversation: Conversation, enter: Enter
    ) -> None:
        with enter(company):
            message = message_in(conversation)
            audit.record("conversation.opened", actor=agent, subject=conversation)
            audit.record("message.removed", actor=agent, subject=message, reason="Op verzoek", journal_rows=1)

        page = as_admin.get("/audit/").content.decode()

        assert f'<a href="/inbox/{conversation.pk}/">Marieke</a>' in page
        assert f'<a href="/inbox/{conversation.pk}/?at={message.pk}">Marieke</a>' in page

    def test_one_that_is_set_apart_has_neither_name_nor_way_for_whoever_is_not_cleared(
        self, as_admin: Client, company: ClientCompany, agent: User, conversation: Conversation, enter: Enter
    ) -> None:
        with enter(company):
            Conversation.objects.update(sensitive=True)
            audit.record("conversation.opened", actor=agent, subject=conversation)
            audit.record("sensitive.shown", actor=agent, subject=message_in(conversation), reason="Nodig")

        page = as_admin.get("/audit/").content.decode()

        assert "Marieke" not in page
        assert f"/inbox/{conversation.pk}/" not in page
        assert f"conversation …{str(conversation.pk)[-8:]}" in page

    def test_what_is_gone_is_called_as_it_was_called_then(
        self, as_admin: Client, company: ClientCompany, admin: User, enter: Enter
    ) -> None:
        with enter(company):
            team = Team.objects.create(name="Retouren")
            audit.record("team.deleted", actor=admin, subject=team, name=team.name)
            team.delete()

        assert "<strong>Retouren</strong>" in as_admin.get("/audit/").content.decode()

    def test_ids_among_the_facts_are_names_that_lead_somewhere_too(
        self, as_admin: Client, company: ClientCompany, admin: User, conversation: Conversation, enter: Enter
    ) -> None:
        with enter(company):
            other = Contact.objects.create(name="M. de Vries")
            audit.record("contact.merged", actor=admin, subject=conversation.contact, reason="Zelfde", other=other.pk)

        page = as_admin.get("/audit/?action=contact.merged").content.decode()

        assert f'<a href="/contacts/{conversation.contact_id}/">Marieke</a>' in page
        assert f'<a href="/contacts/{other.pk}/">M. de Vries</a>' in page

    def test_a_filter_leaves_one_kind_of_thing_or_one_thing(
        self, as_admin: Client, company: ClientCompany, agent: User, conversation: Conversation, enter: Enter
    ) -> None:
        with enter(company):
            audit.record("conversation.opened", actor=agent, subject=conversation)
            audit.record("message.sent_anyway", actor=agent, subject=conversation, asked=["blanks_left"])
            audit.record("contact.opened", actor=agent, subject=conversation.contact)
            audit.record("team.created", actor=agent, subject=Team.objects.create(name="Retouren"), people=0)

        def actions(**query: str) -> list[str]:
            return [line.entry.action for line in as_admin.get("/audit/", query).context["lines"]]

        one = f"conversation:{conversation.pk}"
        assert actions(kind="contact") == ["contact.opened"]
        assert actions(subject=one) == ["message.sent_anyway", "conversation.opened"]
        assert actions(subject=one, kind="conversation") == ["message.sent_anyway", "conversation.opened"]
        assert actions(subject=one, kind="team") == ["team.created"]
        assert "Only what was done to: conversation Marieke" in (
            as_admin.get("/audit/", {"subject": one}).content.decode()
        )
        assert rows_of(as_admin.get("/audit/export/", {"subject": one}))[0]["action"] == "message.sent_anyway"

    def test_an_odd_thing_is_refused_beside_the_filter(self, as_admin: Client) -> None:
        answer = as_admin.get("/audit/", {"subject": "conversation:' OR 1=1"})

        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert as_admin.get("/audit/", {"subject": f"nothing:{uuid4()}"}).context["lines"] == []

    def test_fifty_entries_about_everything_take_as_many_queries_as_one_of_each(
        self, as_admin: Client, company: ClientCompany, agent: User, conversation: Conversation, enter: Enter
    ) -> None:
        def write() -> None:
            team = Team.objects.create(name=f"Team {Team.objects.count()}")
            key = ApiKey.objects.create(name="Shop", prefix=f"p{ApiKey.objects.count()}", secret_hash="x", scopes=[])
            for action, subject in (
                ("conversation.opened", conversation),
                ("contact.opened", conversation.contact),
                ("message.read", message_in(conversation)),
                ("number.probed", conversation.phone_number),
                ("person.switched_on", agent),
                ("team.changed", team),
                ("api_key.revoked", key),
            ):
                audit.record(action, actor=agent, subject=subject)
            audit.record("contact.changed", actor=agent, subject=conversation.contact, fields=["given_name", "order"])

        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert as_admin.get("/audit/").status_code == 200
            return len(caught)

        as_admin.get("/audit/")
        with enter(company):
            write()
        few = queries()
        with enter(company):
            for _n in range(7):
                write()

        assert queries() == few
        assert few <= 24


class TestFacts:
    def test_a_name_without_a_thing_of_its_own_stands_among_the_facts(
        self, as_admin: Client, company: ClientCompany, admin: User, enter: Enter
    ) -> None:
        with enter(company):
            audit.record("contact_field.dropped", actor=admin, name="Ordernummer", count=3)

        assert facts(as_admin, "contact_field.dropped") == [{"name": "Ordernummer", "how many": "3"}]

    def test_fields_are_called_what_the_page_calls_them_on_which_they_were_changed(
        self, as_admin: Client, company: ClientCompany, admin: User, conversation: Conversation, enter: Enter
    ) -> None:
        with enter(company):
            inbox_settings.change(by=admin, danger_protocol="Bel 112", hours={"mon": [["09:00", "17:00"]]})
            cards.add_field(name="Order number", kind=cards.Kind.TEXT, choices=[], by=admin)
            cards.name(conversation.contact, given="Marieke V.", by=admin)
            key = InboxSettings.load().contact_fields[0]["key"]
            cards.write_field(conversation.contact, key=key, text="12", by=admin)

        assert facts(as_admin, "settings.changed") == [
            {"fields": "Contact fields"},
            {"fields": "Danger: What to do; Hours: Opening hours"},
        ]
        assert facts(as_admin, "contact.changed") == [{"fields": "Order number"}, {"fields": "Name"}]

    def test_a_reason_that_is_a_code_says_what_was_refused(
        self, as_admin: Client, company: ClientCompany, agent: User, conversation: Conversation, enter: Enter
    ) -> None:
        with enter(company):
            refused = {"reason": "contact_opted_out", "template": "order_ready"}
            audit.record("message.refused", actor=agent, subject=conversation, **refused)

        assert facts(as_admin, "message.refused") == [
            {
                "reason": "This person sent STOP. Marketing messages are not possible until they opt in again.",
                "template": "order_ready",
            }
        ]

    def test_moments_and_numbers_are_those_of_the_reader(
        self, as_admin: Client, company: ClientCompany, admin: User, conversation: Conversation, enter: Enter
    ) -> None:
        with enter(company):
            User.objects.filter(pk=admin.pk).update(language="nl")
            since = "2026-06-30T22:30:00+00:00"
            audit.record("danger.dealt_with", actor=admin, subject=conversation, since=since)
            audit.record("audit.verified", actor=admin, whole=True, entries=12_345)
            audit.record("usage.exported", actor=admin, month="2026-05")

        assert facts(as_admin, "danger.dealt_with") == [{"sinds": "1-7-2026 00:30:00"}]
        assert "12.345" in facts(as_admin, "audit.verified")[0].values()
        assert "mei 2026" in facts(as_admin, "usage.exported")[0].values()


class TestTheFile:
    def test_reads_in_words_first_and_then_as_the_trail_keeps_it(
        self, as_admin: Client, company: ClientCompany, agent: User, enter: Enter
    ) -> None:
        with enter(company):
            audit.record("person.role_changed", actor=None, subject=agent, before="agent", after="admin")

        row = rows_of(as_admin.get("/audit/export/?action=person.role_changed"))[0]

        assert row["Facts"] == "before: Agent · after: Admin"
        assert (row["About"], row["Name"], row["What"]) == ("person", agent.name, "Changed a person's role")
        assert row["details"] == '{"after": "admin", "before": "agent"}'
        assert row["action"] == "person.role_changed"

    def test_opens_in_the_readers_spreadsheet(
        self, as_admin: Client, company: ClientCompany, admin: User, enter: Enter
    ) -> None:
        with enter(company):
            User.objects.filter(pk=admin.pk).update(language="nl")
            audit.record("message.refused", actor=admin, reason="contact_opted_out", template="a,b;c")

        text = b"".join(as_admin.get("/audit/export/?action=message.refused").streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=";"))

        assert text.startswith("Nr.;Wanneer;Wie;")
        assert (rows[0]["reason"], rows[0]["action"]) == ("contact_opted_out", "message.refused")
        assert "Deze persoon stuurde STOP" in rows[0]["Feiten"]
        assert "a,b;c" in rows[0]["Feiten"]

    def test_takes_no_name_of_a_contact_with_it(
        self, as_admin: Client, company: ClientCompany, agent: User, conversation: Conversation, enter: Enter
    ) -> None:
        with enter(company):
            audit.record("conversation.opened", actor=agent, subject=conversation)
            other = Contact.objects.create(name="Marieke B.")
            audit.record("contact.unmerged", actor=agent, subject=conversation.contact, other=other.pk)

        rows = rows_of(as_admin.get("/audit/export/"))

        assert not any("Marieke" in value for row in rows for value in row.values())
        assert str(conversation.pk) in {row["subject_id"] for row in rows}
