"""Looking at what is hidden takes a reason; a verdict decides whether it stays hidden; the notice leads elsewhere."""

import json

from django.test import Client

from conversations.models import Conversation, Message, SensitiveFinding
from conversations.services.search import finding as finding_words
from conversations.services.search import indexing
from tenants.accounts.models import AuditEntry, User
from tenants.models import ClientCompany
from tests.conversations.guard.conftest import Settings
from tests.conversations.guard.test_coming_in import BSN, last
from tests.conversations.inbox.conftest import HX
from tests.fixtures.companies import Enter
from tests.fixtures.webhooks import WriteFrom


def address(message: Message) -> str:
    return f"/inbox/{message.conversation_id}/messages/{message.pk}/reveal/"


def test_showing_asks_for_a_reason_that_is_kept_and_holds_for_one_view(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client
) -> None:
    write_from(None, f"bsn {BSN} <b>")
    message = last(company, enter)

    assert f'hx-get="{address(message)}"' in as_agent.get(f"/inbox/{message.conversation_id}/").content.decode()
    assert BSN not in as_agent.get(address(message), headers=HX).content.decode()
    assert as_agent.post(address(message), {"reason": " "}, headers=HX).status_code == 422
    shown = as_agent.post(address(message), {"reason": "To check the order"}, headers=HX)

    assert f"<mark>{BSN}</mark> &lt;b&gt;" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert BSN not in as_agent.get(f"/inbox/{message.conversation_id}/").content.decode()
    with enter(company):
        entry = AuditEntry.objects.get(action="sensitive.shown")
        assert (entry.reason, entry.details["detectors"]) == ("To check the order", ["bsn"])


def test_where_patients_write_only_cleared_people_may_look(
    high_risk: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client, cleared: Client
) -> None:
    write_from(None, f"bsn {BSN}")
    message = last(high_risk, enter)

    assert as_agent.post(address(message), {"reason": "Curious"}, headers=HX).status_code == 404
    assert BSN in cleared.post(address(message), {"reason": "Needed"}, headers=HX).content.decode()


def test_a_wrong_finding_is_shown_again_and_a_right_one_stays_hidden(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client
) -> None:
    write_from(None, f"bsn {BSN}")
    message = last(company, enter)
    with enter(company):
        finding = SensitiveFinding.objects.get()
    judge = f"/inbox/{message.conversation_id}/findings/{finding.pk}/"

    as_agent.post(judge, {"verdict": "right"}, headers=HX)
    assert last(company, enter).masks
    bubble = as_agent.post(judge, {"verdict": "wrong"}, headers=HX).content.decode()

    assert BSN in bubble
    assert last(company, enter).masks is None


def test_a_verdict_decides_what_search_finds_and_who_sees_the_conversation_both_ways(
    high_risk: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client, cleared: Client
) -> None:
    write_from(None, f"bsn {BSN} van mijn moeder")
    message = last(high_risk, enter)
    with enter(high_risk):
        finding = SensitiveFinding.objects.get(detector="bsn")
        indexing.index()
    judge = f"/inbox/{message.conversation_id}/findings/{finding.pk}/"

    def state() -> tuple[bool, bool, bool]:
        with enter(high_risk):
            indexing.index()
            listed = Conversation.objects.get(pk=message.conversation_id).sensitive
            hits = finding_words.find(BSN, user=User.objects.get(pk=cleared.session["_auth_user_id"])).found
        return bool(last(high_risk, enter).masks), listed, bool(hits)

    assert state() == (True, True, False)
    cleared.post(judge, {"verdict": "wrong"}, headers=HX)
    assert state() == (False, False, True)
    assert BSN in as_agent.get(f"/inbox/{message.conversation_id}/").content.decode()

    cleared.post(judge, {"verdict": "right"}, headers=HX)
    assert state() == (True, True, False)
    assert as_agent.get(f"/inbox/{message.conversation_id}/").status_code == 404


def test_another_way_is_offered_in_one_click_in_the_persons_language(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, settings_of: Settings, as_agent: Client
) -> None:
    write_from(None, "mijn wachtwoord is Welkom123!")
    row = last(company, enter).conversation
    assert "data-insert" not in as_agent.get(f"/inbox/{row.pk}/composer/").content.decode()

    settings_of(other_form_url="https://formulier.example/veilig", other_phone="030 123 45 67")
    shown = as_agent.get(f"/inbox/{row.pk}/composer/").content.decode()

    assert "Via ons beveiligde formulier: https://formulier.example/veilig. Per telefoon: 030 123 45 67." in shown
    assert "Verander uw wachtwoord" in shown


def test_answers_of_a_form_are_hidden_shown_for_a_reason_and_given_back_when_the_finding_is_wrong(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client
) -> None:
    answers = json.dumps({"rekening": "NL91ABNA0417164300", "naam": "Ana"})
    reply = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": answers}}
    write_from(None, type="interactive", interactive=reply)
    message = last(company, enter)
    page = f"/inbox/{message.conversation_id}/"

    shown = as_agent.get(page).content.decode()
    assert "0417" not in shown and "Ana" in shown
    assert "NL91ABNA0417164300" in as_agent.post(address(message), {"reason": "Refund"}, headers=HX).content.decode()

    with enter(company):
        finding = SensitiveFinding.objects.get()
    as_agent.post(f"{page}findings/{finding.pk}/", {"verdict": "wrong"}, headers=HX)
    assert "NL91ABNA0417164300" in as_agent.get(page).content.decode()
