"""What identifies the company itself is neither hidden nor stopped; everybody else's still is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.test import Client

from conversations.detectors import scan
from conversations.models import InboxSettings, Message, SensitiveFinding
from conversations.own_identifiers import Own
from conversations.services.message_templates.template_guard import problems_of
from conversations.whatsapp.template_rules import Sketch
from tenants.accounts.models import AuditEntry
from tenants.models import ClientCompany
from tests.conversations.guard.conftest import Settings
from tests.conversations.guard.test_coming_in import BSN, IBAN, last
from tests.conversations.inbox.conftest import Inbox
from tests.fixtures.companies import Enter
from tests.fixtures.webhooks import WriteFrom

Reply = Callable[..., Any]
OTHER = "DE89 3704 0044 0532 0130 00"
PAGE = "/settings/sensitive/"


def test_the_companys_own_account_leaves_without_a_question_and_another_one_stops(
    inbox: Inbox, settings_of: Settings, as_agent: Client, reply: Reply
) -> None:
    settings_of(own_accounts=["NL91ABNA0417164300"])
    row = inbox.conversation()

    assert reply(as_agent, row, f"Maak het over naar {IBAN} of nl91abna0417164300").status_code == 200
    assert reply(as_agent, row, f"Maak het over naar {IBAN}, niet naar {OTHER}").status_code == 422
    [message] = inbox.sent(row)

    assert message.masks is None
    with inbox.inside():
        assert SensitiveFinding.objects.filter(outbound=True).count() == 1


def test_it_is_not_hidden_when_people_write_it_and_theirs_is(
    company: ClientCompany, enter: Enter, settings_of: Settings, write_from: WriteFrom, as_agent: Client
) -> None:
    settings_of(own_accounts=["NL91ABNA0417164300"])
    write_from(None, f"Moet het naar {IBAN}? Mijn rekening is {OTHER}")

    shown = as_agent.get(f"/inbox/{last(company, enter).conversation_id}/").content.decode()

    assert IBAN in shown and OTHER not in shown
    with enter(company):
        assert [one.detector for one in SensitiveFinding.objects.all()] == ["iban"]


def test_a_phone_number_or_mail_address_of_the_company_is_no_persons_number() -> None:
    own = Own.of(accounts=[], numbers=[f"+49 {BSN}", "112"], mails=["huisarts.ziekenhuis@example.nl"])

    def left(text: str) -> list[str]:
        return [hit.detector for hit in own.without(text, scan(text))]

    for text in (f"bsn {BSN}", f"bsn: 0{BSN[:4]} {BSN[4:]}", f"burgerservicenummer 0049 {BSN}"):
        assert left(text) == []
    assert left("bsn 111222333") == ["bsn"]
    assert left("pincode 1124") == left("pincode 1124, bel 112") == ["secret"]
    assert left("Mail huisarts.ziekenhuis@example.nl") == []


def test_a_template_may_say_where_to_pay_the_company_and_nobody_else() -> None:
    own = Own.of(accounts=[IBAN], numbers=[], mails=[])
    sketch = Sketch(kind="standard", body=f"Betaal op {IBAN}.")

    assert problems_of(sketch, own=lambda: own) == []
    assert [problem.field for problem in problems_of(replace(sketch, body=f"Of op {OTHER}."), own=lambda: own)] == [
        "body"
    ]


def test_an_admin_keeps_the_list_checked_and_the_trail_tells_by_the_ends(
    company: ClientCompany, enter: Enter, as_admin: Client, as_agent: Client
) -> None:
    data = {"blur_media": "class", "term_lists": "on"}
    refused = as_admin.post(PAGE, data | {"own_accounts": "NL91 ABNA 0417 1643 01"})
    assert refused.status_code == 422 and "NL91 ABNA 0417 1643 01" in refused.content.decode()
    assert as_agent.post(PAGE, data | {"own_accounts": IBAN}).status_code in (403, 404)

    saved = as_admin.post(PAGE, data | {"own_accounts": f"{IBAN}\r\n\r\nnl91abna0417164300\r\n{OTHER}"})
    assert saved.status_code == 302
    assert f"{IBAN}\n{OTHER}" in as_admin.get(PAGE).content.decode()
    as_admin.post(PAGE, data | {"own_accounts": f"{IBAN}\r\n"})

    with enter(company):
        assert InboxSettings.load().own_accounts == ["NL91ABNA0417164300"]
        first, second = AuditEntry.objects.filter(action="settings.changed").order_by("at")
        assert first.details["accounts_added"] == ["NL91…4300", "DE89…3000"]
        assert second.details == {"fields": ["own_accounts"], "accounts_removed": ["DE89…3000"]}


def test_what_became_the_companys_own_is_shown_in_older_messages_and_hidden_when_it_no_longer_is(
    high_risk: ClientCompany,
    enter: Enter,
    write_from: WriteFrom,
    as_admin: Client,
    cleared: Client,
    run_due: Callable[..., int],
) -> None:
    write_from(None, f"Moet het naar {IBAN}?")
    message = last(high_risk, enter)
    write_from("31687654321", f"Mijn rekening is {OTHER}")
    page = f"/inbox/{message.conversation_id}/"
    data = {"blur_media": "class", "term_lists": "on"}
    assert IBAN not in cleared.get(page).content.decode() and message.conversation.sensitive

    as_admin.post(PAGE, data | {"own_accounts": IBAN})
    run_due("housekeeping")
    assert IBAN in cleared.get(page).content.decode()
    with enter(high_risk):
        message.conversation.refresh_from_db()
        assert not message.conversation.sensitive
        assert Message.objects.exclude(masks=None).count() == 1  # theirs
        trail = AuditEntry.objects.get(action="sensitive.own_changed")
        assert trail.details == {"shown": 1, "hidden": 0}

    as_admin.post(PAGE, data | {"own_accounts": ""})
    run_due("housekeeping")
    assert IBAN not in cleared.get(page).content.decode()


def test_a_wrong_finding_in_a_card_does_not_show_what_else_stands_there(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, as_admin: Client, run_due: Callable[..., int]
) -> None:
    card = {"name": {"formatted_name": f"Fietsland {IBAN}"}, "org": {"company": f"bsn {BSN}"}}
    write_from(None, type="contacts", contacts=[card])
    as_admin.post(PAGE, {"blur_media": "class", "term_lists": "on", "own_accounts": IBAN})
    run_due("housekeeping")

    shown = as_admin.get(f"/inbox/{last(company, enter).conversation_id}/").content.decode()
    assert BSN not in shown
