"""The card beside a conversation: what is kept about a person, changed in place, shown to whom it concerns."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import (
    Channel,
    ConsentRecord,
    Contact,
    ContactIdentity,
    Conversation,
    InboxSettings,
    Intent,
    Label,
    Note,
)
from conversations.services.contacts import contact_merges
from conversations.services.promise import promise
from tenants.accounts.models import AuditEntry, User
from tests.architecture import html_rules
from tests.conversations.inbox.conftest import HX, Inbox
from tests.fixtures.people import browser_of

FIELDS = [
    {"key": "order", "name": "Bestelling", "kind": "text"},
    {"key": "shop", "name": "Winkel", "kind": "choice", "choices": ["Utrecht", "Zeist"]},
    {"key": "visit", "name": "Bezoek", "kind": "date"},
]


@pytest.fixture
def inbox(company, enter) -> Inbox:
    return Inbox(company, enter)


@pytest.fixture
def row(inbox) -> Conversation:
    with inbox.inside():
        InboxSettings.objects.create(contact_fields=FIELDS)
    return inbox.conversation("Ana de Vries")


@pytest.fixture
def post(row) -> Callable[..., object]:
    def posted(browser: Client, where: str, **fields: str):
        return browser.post(f"/inbox/{row.pk}/{where}", fields, headers=HX)

    return posted


def person(inbox, row) -> Contact:
    with inbox.inside():
        return Contact.objects.get(pk=row.contact_id)


def pane(browser, row) -> str:
    answer = browser.get(f"/inbox/{row.pk}/contact/", headers=HX)
    assert answer.status_code == 200
    return answer.content.decode()


def test_agents_write_fields_in_place(row, post, inbox, as_agent, agent):
    assert post(as_agent, "contact/fields/order/", value=" 12-34 ").status_code == 200
    odd = post(as_agent, "contact/fields/visit/", value="morgen")
    assert odd.status_code == 422
    assert "This is no date" in odd.content.decode()
    assert 'value="morgen"' in odd.content.decode()  # to be put right, not lost
    assert post(as_agent, "contact/fields/shop/", value="Elders").status_code == 422
    post(as_agent, "contact/fields/shop/", value="Zeist")
    assert post(as_agent, "contact/fields/none/", value="x").status_code == 404
    assert person(inbox, row).fields == {"order": "12-34", "shop": "Zeist"}
    post(as_agent, "contact/fields/order/", value="")
    assert person(inbox, row).fields == {"shop": "Zeist"}
    with inbox.inside():
        entries = AuditEntry.objects.filter(action="contact.changed", actor_id=agent.pk)
        assert [entry.details["fields"] for entry in entries.order_by("pk")] == [["order"], ["shop"], ["order"]]
        assert "Zeist" not in str([entry.details for entry in entries])
    assert "Zeist" in pane(as_agent, row)


def test_name_language_and_labels_are_the_agents_to_keep(row, post, inbox, as_agent):
    with inbox.inside():
        label = Label.objects.create(name="Vaste klant", hue=4)
    assert "Mevrouw De Vries" in post(as_agent, "contact/name/", name="Mevrouw De Vries").content.decode()
    post(as_agent, "contact/language/", language="de")
    assert post(as_agent, "contact/language/", language="xx").status_code == 422
    shown = post(as_agent, "contact/labels/", label=str(label.pk), on="1").content.decode()
    assert "Vaste klant" in shown
    kept = person(inbox, row)
    assert (kept.given_name, kept.name, kept.language) == ("Mevrouw De Vries", "Ana de Vries", "de")
    assert kept.labels == [label.pk]
    post(as_agent, "contact/labels/", label=str(label.pk))
    assert person(inbox, row).labels == []
    assert post(as_agent, "contact/labels/", label="x").status_code == 404


def test_an_intent_changes_the_promise(row, post, inbox, as_agent):
    with inbox.inside():
        promise.renew([row.pk])
        intent = Intent.objects.create(name="Pech", response_minutes=20)
    before = inbox.fresh(row)
    shown = post(as_agent, "contact/intent/", intent=str(intent.pk)).content.decode()
    assert "15 minutes left" in shown
    after = inbox.fresh(row)
    assert (after.intent_id, after.due_at) == (intent.pk, before.due_at - timedelta(minutes=40))
    post(as_agent, "contact/intent/", intent="")
    assert inbox.fresh(row).due_at == before.due_at


def test_a_number_is_revealed_in_the_pane_for_a_reason_and_for_once(row, post, inbox, as_agent, company, supervisor):
    number = f"+{person(inbox, row).wa_id}"
    lead = browser_of(supervisor, company=company)
    assert number not in pane(lead, row)
    assert "Why do you need the whole number?" in pane(lead, row)
    assert "Why do you need the whole number?" not in pane(as_agent, row)
    assert post(as_agent, "contact/number/", reason="x").status_code == 403
    refused = post(lead, "contact/number/", reason=" ")
    assert refused.status_code == 422
    assert number not in refused.content.decode()
    shown = post(lead, "contact/number/", reason="Terugbellen")
    assert number in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert number not in pane(lead, row)
    with inbox.inside():
        assert [entry.reason for entry in AuditEntry.objects.filter(action="contact.revealed")] == ["Terugbellen"]


def test_blocking_asks_for_a_reason_and_says_what_the_platform_says(row, post, inbox, as_agent, company, supervisor):
    lead = browser_of(supervisor, company=company)
    assert post(as_agent, "contact/block/", reason="Scheldt").status_code == 403
    assert "Say why this person is blocked" in post(lead, "contact/block/", reason="").content.decode()
    with inbox.inside():
        Channel.objects.filter(pk=row.channel_id).update(last_inbound_at=timezone.now() - timedelta(days=3))
    late = post(lead, "contact/block/", reason="Scheldt")
    assert late.status_code == 422
    assert "within the last 24 hours" in late.content.decode()
    assert person(inbox, row).blocked_at is None


def test_the_card_tells_history_consents_with_proof_and_notes_of_all_channels(row, inbox, as_agent, agent):
    with inbox.inside():
        first = ContactIdentity(contact_id=row.contact_id, kind="wa_id", value="31699999999", source="message")
        first.valid_from, first.valid_to = timezone.now() - timedelta(days=90), timezone.now() - timedelta(days=9)
        first.save()
        proof = inbox.message(row, body="Ja, graag", wamid="wamid.PROOF")
        ConsentRecord.objects.create(
            contact_id=row.contact_id, event="given", source="button", wamid="wamid.PROOF", occurred_at=timezone.now(),
            actor_id=agent.pk, text="Ja, graag",
        )  # fmt: skip
        now = timezone.now()
        Note.objects.create(channel_id=row.channel_id, conversation=row, author=agent, body="Belt liever", at=now)
    shown = pane(as_agent, row)
    assert html_rules.breaches_in(shown) == []
    assert f"/inbox/{row.pk}/?at={proof.pk}" in shown
    assert "Belt liever" in shown
    assert "31699999999" not in shown
    assert "+31 •" in shown
    page = as_agent.get(f"/contacts/{row.contact_id}/").content.decode()
    assert html_rules.breaches_in(page) == []
    assert f"a button in the chat · {agent.name}" in page and "Ja, graag" in page
    assert f"/inbox/{row.pk}/?at={proof.pk}" in page


def test_earlier_conversations_say_what_they_were_about_and_how_they_ended(row, inbox, as_agent):
    with inbox.inside():
        Conversation.objects.create(
            contact_id=row.contact_id,
            channel_id=row.channel_id,
            phone_number_id=row.phone_number_id,
            status="closed",
            close_reason="Opgelost",
            intent=Intent.objects.create(name="Pech onderweg"),
            opened_at=timezone.now() - timedelta(days=9),
            last_message_at=timezone.now() - timedelta(days=9),
        )
    for shown in (pane(as_agent, row), as_agent.get(f"/contacts/{row.contact_id}/").content.decode()):
        assert "Pech onderweg" in shown and "Opgelost" in shown


def test_what_is_sensitive_stays_out_of_the_card_of_whoever_is_not_cleared(row, inbox, as_agent, agent):
    with inbox.inside():
        hidden = Conversation.objects.create(
            contact_id=row.contact_id,
            channel_id=row.channel_id,
            phone_number_id=row.phone_number_id,
            status="closed",
            sensitive=True,
            opened_at=timezone.now(),
            last_message_at=timezone.now(),
        )
        note = Note(channel_id=row.channel_id, conversation=hidden, author=agent, body="Diagnose", at=timezone.now())
        note.save()
    assert "Diagnose" not in pane(as_agent, row)
    assert str(hidden.pk) not in pane(as_agent, row)
    with inbox.inside():
        User.objects.filter(pk=agent.pk).update(cleared_on=timezone.localdate())
    assert "Diagnose" in pane(as_agent, row)


def test_merging_keeps_labels_and_fields_of_both_and_undoing_parts_them(inbox, supervisor):
    with inbox.inside():
        old, new = Label.objects.create(name="Oud"), Label.objects.create(name="Nieuw")
        keep = Contact.objects.create(name="Ana", wa_id="31612345678", labels=[old.pk], fields={"order": "1"})
        other = Contact.objects.create(
            name="Ana", bsuid="NL.1", labels=[new.pk], fields={"order": "2", "shop": "Zeist"}
        )
        kept = contact_merges.merge_by_hand(keep, other, by=supervisor, reason="Zelfde")
        kept.refresh_from_db()
        assert kept.labels == [old.pk, new.pk]
        assert kept.fields == {"order": "1", "shop": "Zeist"}
        contact_merges.undo(kept.merges.get().pk, by=supervisor)
        assert Contact.objects.get(pk=keep.pk).fields == {"order": "1"}
        assert Contact.objects.get(pk=keep.pk).labels == [old.pk]


def test_the_card_costs_the_same_with_much_and_with_little(row, inbox, as_agent, agent, django_assert_max_num_queries):
    pane(as_agent, row)
    with inbox.inside():
        for count in range(15):
            Note.objects.create(
                channel_id=row.channel_id, conversation=row, author=agent, body=f"N{count}", at=timezone.now()
            )
            Label.objects.create(name=f"L{count}")
            Intent.objects.create(name=f"I{count}")
    with django_assert_max_num_queries(26):
        pane(as_agent, row)
