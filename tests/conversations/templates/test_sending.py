"""Agents fill in every kind of template, see what it costs, and what they filled in arrives."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image

from billing.catalogue.services import rate_cards
from conversations.models import Channel, Contact, Conversation, MediaFile, MessageTemplate, PhoneNumber
from conversations.services import media_files
from conversations.services.contacts import consent
from tenants.accounts.models import User
from tenants.context import inside
from tenants.models import ClientCompany
from tests.conversations.templates.conftest import HX
from tests.fixtures.simulator import Simulator
from tests.fixtures.work import RunDue

BODY = {"type": "BODY", "text": "Hoi {{voornaam}}, tot ziens bij ons!"}


def begin(company: ClientCompany, *, wa_id: str = "31612345678", **channel: Any) -> Conversation:
    """Somebody who wrote three days ago and agreed to marketing."""
    at = timezone.now() - timedelta(days=3)
    with inside(company.schema_name):
        number = PhoneNumber.objects.get()
        contact = Contact.objects.create(name="Ana Vermeer", wa_id=wa_id, market="NL")
        consent.give(contact, source="inbound_message")
        made = Channel.objects.create(contact=contact, phone_number=number, last_inbound_at=at, **channel)
        return Conversation.objects.create(
            contact=contact, phone_number=number, channel=made, opened_at=at, last_message_at=at
        )


def make(company: ClientCompany, components: list[dict[str, Any]], **fields: Any) -> MessageTemplate:
    given = {"name": "visit", "language": "nl", "category": "UTILITY", "status": "APPROVED", "template_id": "99"}
    with inside(company.schema_name):
        number = PhoneNumber.objects.get()
        return MessageTemplate.objects.create(waba_id=number.waba_id, components=components, **given | fields)


def send(browser: Client, row: Conversation, template: MessageTemplate, **fields: Any) -> Any:
    data = {"token": str(uuid4()), "purpose": "service", "reference": "A-12", "body.voornaam": "Ana"}
    return browser.post(f"/inbox/{row.pk}/templates/{template.pk}/", data | fields, headers=HX)


def page(browser: Client, path: str) -> str:
    response = browser.get(path, headers=HX)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("db")
class TestTheForm:
    def test_asks_for_everything_and_fills_in_what_is_known(self, as_agent: Client, company: ClientCompany) -> None:
        place = {"type": "HEADER", "format": "LOCATION"}
        offer = {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Nu", "has_expiration": True}}
        buttons = [
            {"type": "COPY_CODE", "example": "HERFST"},
            {"type": "FLOW", "text": "Vul in", "flow_id": "5"},
            {"type": "QUICK_REPLY", "text": "Ja"},
        ]
        row = begin(company)
        template = make(company, [place, offer, BODY, {"type": "BUTTONS", "buttons": buttons}])

        shown = page(as_agent, f"/inbox/{row.pk}/templates/{template.pk}/")

        for name in ("header.location.latitude", "offer.ends", "body.voornaam", "button.0", "button.1.token"):
            assert f'name="{name}"' in shown
        assert 'value="Ana"' in shown
        assert f"/billing/estimate/?template={template.pk}" in shown

        sent = send(
            as_agent,
            row,
            template,
            **{
                "header.location.latitude": "52,1",
                "header.location.longitude": "5.1",
                "offer.ends": "2026-12-01T18:00",
                "button.0": "HERFST",
                "button.1.token": "t-1",
            },
        )

        assert sent.status_code == 200, sent.content.decode()
        with inside(company.schema_name):
            message = row.messages.get()
        header, body, ends, code, form = message.content["components"]
        assert header["parameters"][0]["location"] == {"latitude": 52.1, "longitude": 5.1}
        assert ends["parameters"][0]["limited_time_offer"]["expiration_time_ms"] == 1796144400000
        assert code["parameters"] == [{"type": "coupon_code", "coupon_code": "HERFST"}]
        assert form["parameters"][0]["action"] == {"flow_token": "t-1"}
        assert body["parameters"][0]["text"] == "Ana"

    def test_of_a_row_replaces_the_list_also_while_the_window_is_open(
        self, as_agent: Client, company: ClientCompany
    ) -> None:
        row, template = begin(company), make(company, [BODY])

        listed = page(as_agent, f"/inbox/{row.pk}/templates/")

        assert listed.strip().startswith('<div class="templates">')
        assert f'hx-get="/inbox/{row.pk}/templates/{template.pk}/" hx-target="closest .templates"' in listed

    def test_keeps_what_was_typed_when_it_is_refused(self, as_agent: Client, company: ClientCompany) -> None:
        row, template = begin(company), make(company, [{"type": "HEADER", "format": "LOCATION"}, BODY])

        refused = send(as_agent, row, template, **{"header.location.latitude": "95", "header.location.longitude": "5"})

        assert refused.status_code == 422
        assert "between -90 and 90" in refused.content.decode()
        assert 'value="95"' in refused.content.decode()


@pytest.mark.usefixtures("db")
class TestTheCost:
    @pytest.fixture(autouse=True)
    def cards(self) -> None:
        rate_cards.load_rates(rate_cards.DATA / "rates.csv")
        rate_cards.load_markets(rate_cards.DATA / "markets.csv")

    def cost(self, browser: Client, row: Conversation, template: MessageTemplate) -> str:
        return page(browser, f"/billing/estimate/?template={template.pk}&conversation={row.pk}")

    def test_is_the_list_price_of_the_persons_country(self, as_agent: Client, company: ClientCompany) -> None:
        cost = self.cost(as_agent, begin(company), make(company, [BODY], category="MARKETING"))

        assert "0.1323" in cost and "Netherlands" in cost

    def test_is_nothing_inside_a_free_entry_point(self, as_agent: Client, company: ClientCompany) -> None:
        row = begin(company, free_entry_until=timezone.now() + timedelta(days=2))

        assert "Free:" in self.cost(as_agent, row, make(company, [BODY]))

    def test_is_said_to_be_unknown_where_no_card_tells_it(self, as_agent: Client, company: ClientCompany) -> None:
        row = begin(company)
        with inside(company.schema_name):
            Contact.objects.filter(pk=row.contact_id).update(market="JP")

        assert "not known" in self.cost(as_agent, row, make(company, [BODY]))

    def test_of_another_companys_rows_is_not_told(
        self, as_other_agent: Client, as_agent: Client, company: ClientCompany
    ) -> None:
        row, template = begin(company), make(company, [BODY])

        answer = as_other_agent.get(f"/billing/estimate/?template={template.pk}&conversation={row.pk}")

        assert answer.status_code == 404
        assert as_agent.get("/billing/estimate/?template=x&conversation=y").status_code == 404

    def test_of_each_category_stands_where_one_is_chosen(self, as_supervisor: Client) -> None:
        assert "0.0414" in page(as_supervisor, "/billing/template-prices/?category=UTILITY")
        assert as_supervisor.get("/billing/template-prices/?category=x").status_code == 404


def sample(company: ClientCompany) -> MediaFile:
    """A picture that belongs to a template."""
    drawn = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(drawn, "PNG")
    with inside(company.schema_name):
        key = default_storage.save(media_files.new_key(), ContentFile(drawn.getvalue()))
        return MediaFile.objects.create(
            phone_number_id=PhoneNumber.objects.get().pk,
            direction=MediaFile.OF_A_TEMPLATE,
            kind="image",
            mime_type="image/png",
            filename="fiets.png",
            size=len(drawn.getvalue()),
            state=MediaFile.State.STORED,
            storage_key=key,
            received_at=timezone.now() - timedelta(days=300),
        )


def there(simulator: Simulator, template: MessageTemplate, *, company: ClientCompany) -> None:
    """The simulator has the template too, and the person; nothing waits for Undo."""
    names = ("name", "language", "category", "status", "components", "waba_id", "parameter_format")
    fields = {name: getattr(template, name) for name in names}
    simulator.post("world", templates=[{"id": template.template_id, **fields}])
    simulator.person("ana", phone="31612345678")
    with inside(company.schema_name):
        User.objects.update(undo_seconds=0)


@pytest.mark.usefixtures("committed")
def test_the_templates_own_picture_goes_along_as_a_copy(
    as_agent: Client, company: ClientCompany, simulator: Simulator, run_due: RunDue
) -> None:
    row, own = begin(company), sample(company)
    header = {"type": "HEADER", "format": "IMAGE"}
    template = make(company, [header, BODY], header_file=own, parameter_format="NAMED")
    there(simulator, template, company=company)
    assert "own file goes along" in page(as_agent, f"/inbox/{row.pk}/templates/{template.pk}/")

    assert send(as_agent, row, template).status_code == 200
    run_due("outbound")

    [sent] = simulator.received
    assert sent["payload"]["template"]["components"][0]["parameters"][0]["image"]["id"]
    with inside(company.schema_name):
        message = row.messages.get()
        assert message.media is not None and message.media_id != own.pk
        media_files.remove(message.media)
        assert default_storage.exists(own.storage_key)


@pytest.mark.usefixtures("committed")
def test_the_pictures_of_cards_are_brought_ahead_and_sent(
    as_agent: Client, company: ClientCompany, simulator: Simulator, run_due: RunDue
) -> None:
    row = begin(company)
    files = {f"card.{at}": str(sample(company).pk) for at in (0, 1)}
    card = [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Een fiets"}]
    card.append({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Die wil ik"}]})
    components = [BODY, {"type": "CAROUSEL", "cards": [{"components": card}] * 2}]
    template = make(company, components, category="MARKETING", draft={"files": files}, parameter_format="NAMED")
    there(simulator, template, company=company)

    refused = send(as_agent, row, template, purpose="marketing")
    assert refused.status_code == 422 and "on their way to WhatsApp" in refused.content.decode()
    run_due("housekeeping")
    with inside(company.schema_name):
        MessageTemplate.objects.filter(pk=template.pk).update(status="APPROVED")
    assert send(as_agent, row, template, purpose="marketing").status_code == 200
    run_due("outbound")

    [sent] = simulator.received
    cards = sent["payload"]["template"]["components"][-1]["cards"]
    assert [one["card_index"] for one in cards] == [0, 1]
    assert all(one["components"][0]["parameters"][0]["image"]["id"] for one in cards)
