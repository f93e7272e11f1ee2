"""What stands in cards, places, forms and lists is hidden wherever it is shown, and stops like a text."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from conversations.errors import SensitiveContent
from conversations.models import MediaFile, SensitiveFinding
from conversations.services.guard import guard_purging, guarding_out
from conversations.services.outbox import outbox
from conversations.shown import shown_content
from tenants.models import ClientCompany
from tests.conversations.api.conftest import integrator_of
from tests.conversations.guard.test_coming_in import BSN, IBAN, SICK, last
from tests.conversations.inbox.conftest import Inbox
from tests.fixtures.companies import Enter
from tests.fixtures.webhooks import WriteFrom

PLACE = {"latitude": 52.1, "longitude": 5.1, "name": f"bsn {BSN}", "address": f"Rekening {IBAN}"}
CARD = {"name": {"formatted_name": f"Ana {IBAN}", "first_name": "Ana"}, "phones": [{"phone": "0612345678"}]}
CHOSE = {"type": "list_reply", "list_reply": {"id": "1", "title": "Dit", "description": f"bsn {BSN}"}}
FORM = {
    "type": "nfm_reply",
    "nfm_reply": {"name": "flow", "body": "Sent", "response_json": f'{{"screen_0_Uw_BSN_1": {BSN}, "pin": "4821"}}'},
}


@pytest.mark.parametrize(
    "sent",
    [
        {"type": "location", "location": PLACE},
        {"type": "contacts", "contacts": [CARD]},
        {"type": "interactive", "interactive": CHOSE},
        {"type": "interactive", "interactive": FORM},
    ],
    ids=["place", "card", "list", "form"],
)
def test_what_stands_in_a_structured_part_is_hidden_on_pages_lists_and_for_integrators(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client, sent: dict[str, Any]
) -> None:
    write_from(None, **sent)
    message = last(company, enter)
    shown = as_agent.get(f"/inbox/{message.conversation_id}/").content.decode()
    listed = as_agent.get("/inbox/").content.decode()
    told = integrator_of(company).get(f"/api/v1/messages/{message.pk}").content.decode()

    for page in (shown, listed, told):
        assert BSN not in page and "0417 16" not in page and "4821" not in page
    assert "Hidden here" in shown
    with enter(company):
        assert SensitiveFinding.objects.filter(action="masked").exists()


def test_the_number_of_a_form_goes_within_a_day_although_only_its_field_says_what_it_is(
    company: ClientCompany, enter: Enter, write_from: WriteFrom
) -> None:
    write_from(None, type="interactive", interactive=FORM)
    message = last(company, enter)
    with enter(company), transaction.atomic():
        guard_purging.burn(message)

    assert BSN not in str(last(company, enter).content)


def test_words_about_health_in_a_form_are_hidden_where_patients_write_and_set_it_apart(
    high_risk: ClientCompany, enter: Enter, write_from: WriteFrom
) -> None:
    form = FORM | {"nfm_reply": {"name": "flow", "body": "Sent", "response_json": f'{{"question": "{SICK}"}}'}}
    write_from(None, type="interactive", interactive=form)
    message = last(high_risk, enter)

    assert message.conversation.sensitive
    assert "zwanger" not in str(shown_content(message))
    message.terms_open = True  # explicit consent
    assert "zwanger" in str(shown_content(message))


def test_rows_of_a_list_and_cards_of_a_template_stop_however_deep_they_stand(inbox: Inbox) -> None:
    row = inbox.conversation()
    titles = [{"title": "Rij", "rows": [{"id": "a", "title": f"bsn {BSN}"}]}]
    listing = {"interactive": {"type": "list", "action": {"button": "Kies", "sections": titles}}}
    filled = [{"type": "body", "parameters": [{"type": "text", "text": f"Naar {IBAN}"}]}]
    template = {"components": [{"type": "carousel", "cards": [{"card_index": 0, "components": filled}]}]}

    for content in (listing, template):
        with inbox.inside(), pytest.raises(SensitiveContent):
            guarding_out.check(row, by=None, reason="", body="", content=content)


def test_the_name_of_a_file_that_comes_in_loses_what_nobody_may_read(
    company: ClientCompany, enter: Enter, write_from: WriteFrom, as_agent: Client
) -> None:
    write_from(
        None,
        type="document",
        document={"id": "7001", "mime_type": "application/pdf", "sha256": "x", "filename": f"bsn_{BSN}.pdf"},
    )
    message = last(company, enter)

    assert BSN not in as_agent.get(f"/inbox/{message.conversation_id}/").content.decode()
    with enter(company):
        assert MediaFile.objects.get().filename == "bsn_••••••.pdf"
        assert SensitiveFinding.objects.get().detector == "bsn"


def test_the_name_of_a_file_that_goes_out_stops_it(inbox: Inbox) -> None:
    row = inbox.conversation()
    with inbox.inside():
        file = MediaFile.objects.create(
            kind="document",
            direction="out",
            state="stored",
            filename=f"BSN {BSN}.pdf",
            phone_number_id=row.phone_number_id,
            received_at=row.opened_at,
        )
        with pytest.raises(SensitiveContent):
            outbox.queue_media(row, origin=outbox.Origin(), media=file)
