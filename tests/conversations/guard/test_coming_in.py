"""What people write is looked at before anybody sees it: hidden, set apart, purged."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import F
from django.test import Client

from conversations.models import Alarm, Conversation, Message, SensitiveFinding, WebhookCall
from conversations.services import housekeeping
from conversations.services.guard import guard_purging
from tenants.models import ClientCompany
from tests.conversations.guard.conftest import Settings
from tests.conversations.inbox.conftest import HX
from tests.fixtures.companies import Enter
from tests.fixtures.webhooks import WriteFrom

BSN = "123456782"
IBAN = "NL91 ABNA 0417 1643 00"
SICK = "Ik ben zwanger en krijg medicatie van de huisarts in het ziekenhuis"


def last(company: ClientCompany, enter: Enter) -> Message:
    with enter(company):
        return Message.objects.select_related("conversation", "channel").latest("created_at")


def test_an_identity_number_is_hidden_everywhere_before_anybody_sees_it(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client
) -> None:
    write_from(None, f"Mijn BSN is {BSN}, groet")
    message = last(company, enter)

    for page in (f"/inbox/{message.conversation_id}/", "/inbox/"):
        shown = as_agent.get(page).content.decode()
        assert BSN not in shown
        assert "••••••, groet" in shown
    with enter(company):
        finding = SensitiveFinding.objects.get()
        assert (finding.detector, finding.action, finding.message_id) == ("bsn", "masked", message.pk)
        assert BSN not in finding.preview
        assert message.conversation.events.filter(kind="sensitive_seen").exists()
        assert not message.conversation.sensitive  # a bicycle shop: nobody is locked out for a refund


def test_an_edit_is_looked_at_as_well_and_its_earlier_text_stays_hidden(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, as_supervisor: Client
) -> None:
    wamid = write_from(None, f"bsn {BSN}")
    edit = {"original_message_id": wamid, "message": {"type": "text", "text": {"body": f"Rekening {IBAN}"}}}
    write_from(None, type="edit", edit=edit)
    message = last(company, enter)

    shown = as_supervisor.get(f"/inbox/{message.conversation_id}/").content.decode()

    assert "NL91 ••••••43 00" in shown
    assert BSN not in shown and "0417" not in shown


def test_an_ordinary_message_leaves_no_finding_and_no_mask(
    company: ClientCompany, enter: Enter, write_from: WriteFrom
) -> None:
    write_from(None, "Is mijn fiets klaar? Bestelling 123456782")

    assert last(company, enter).masks is None
    with enter(company):
        assert not SensitiveFinding.objects.exists()


def test_where_patients_write_a_conversation_is_set_apart_and_only_cleared_people_see_it(
    high_risk: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client, cleared: Client
) -> None:
    write_from(None, SICK)
    row = last(high_risk, enter).conversation

    assert row.sensitive
    assert as_agent.get(f"/inbox/{row.pk}/").status_code == 404
    assert as_agent.get(f"/inbox/{row.pk}/contact/").status_code == 404
    assert str(row.pk) not in as_agent.get("/inbox/").content.decode()
    shown = cleared.get(f"/inbox/{row.pk}/").content.decode()
    assert "••••••" in shown and "zwanger" not in shown


def test_words_only_hint_where_the_class_is_normal_and_nothing_at_all_when_switched_off(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, settings_of: Settings, as_agent: Client
) -> None:
    write_from(None, SICK)
    message = last(company, enter)
    shown = as_agent.get(f"/inbox/{message.conversation_id}/").content.decode()
    assert message.masks is None and not message.conversation.sensitive
    assert "Possibly sensitive" in shown

    settings_of(term_lists=False)
    write_from("31687654321", SICK + f" bsn {BSN}")
    with enter(company):
        assert set(
            SensitiveFinding.objects.filter(message=last(company, enter)).values_list("detector", flat=True)
        ) == {"bsn"}


def test_an_earlier_conversation_set_apart_does_not_show_in_the_thread_of_a_later_one(
    high_risk: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client, cleared: Client
) -> None:
    write_from(None, SICK + " en het eerste gesprek")
    first = last(high_risk, enter)
    with enter(high_risk):
        long_ago = first.at - timedelta(days=9)
        Conversation.objects.filter(pk=first.conversation_id).update(
            status="closed", closed_at=long_ago, opened_at=F("opened_at") - timedelta(days=9)
        )
    write_from(None, "Is mijn afspraak morgen?")
    row = last(high_risk, enter).conversation
    assert row.pk != first.conversation_id

    assert "eerste gesprek" not in as_agent.get(f"/inbox/{row.pk}/").content.decode()
    assert "eerste gesprek" in cleared.get(f"/inbox/{row.pk}/").content.decode()
    removed = as_agent.get(f"/inbox/{row.pk}/messages/{first.pk}/reveal/", headers=HX)
    assert removed.status_code == 404


def test_originals_of_citizen_numbers_go_within_a_day_and_accounts_stay(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, run_due: Callable[..., int]
) -> None:
    write_from(None, f"bsn {BSN} en rekening {IBAN}")
    message = last(company, enter)
    with enter(company):
        guard_purging.purge()
        assert BSN in last(company, enter).body  # not before its time
        SensitiveFinding.objects.update(at=F("at") - timedelta(hours=21))
        assert "purge" in housekeeping.KEEPERS
        guard_purging.purge()
        assert WebhookCall.objects.filter(body__contains=BSN).count() == 0
    fresh = last(company, enter)
    assert BSN not in fresh.body and IBAN in fresh.body
    assert len(fresh.body) == len(message.body)
    with enter(company):
        assert set(SensitiveFinding.objects.values_list("detector", "action")) == {
            ("bsn", "purged"),
            ("iban", "masked"),
        }


def test_where_nobody_is_cleared_at_all_somebody_is_alarmed(
    high_risk: ClientCompany, enter: Enter, write_from: WriteFrom, run_due: Callable[..., int]
) -> None:
    write_from(None, f"bsn {BSN}")
    run_due("housekeeping")

    with enter(high_risk):
        assert Alarm.objects.filter(kind="no_cleared_cover", closed_at=None).exists()
