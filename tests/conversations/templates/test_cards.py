"""Each card of a carousel can show a picture of its own: chosen in the form, over the API, by upload or address."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, MediaFile, Message, MessageTemplate
from conversations.services import removal
from conversations.services.outbox import outbox
from conversations.services.personal_data import Messages
from tenants.accounts.models import User
from tenants.context import inside
from tenants.models import ClientCompany
from tests.conversations.api.conftest import Integrator, integrator_of, problem_of
from tests.conversations.outbound.file_server import serving
from tests.conversations.templates.conftest import HX
from tests.conversations.templates.test_sending import BODY, begin, make, page, sample, there
from tests.fixtures.simulator import Simulator

RunDue = Callable[..., int]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


def picture(name: str = "fiets.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PIXEL, content_type="image/png")


def carousel(company: ClientCompany, *, own: tuple[int, ...] = ()) -> MessageTemplate:
    card = [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Een fiets"}]
    card.append({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Die wil ik"}]})  # type: ignore[dict-item]
    components = [BODY, {"type": "CAROUSEL", "cards": [{"components": card}] * 2}]
    files = {f"card.{at}": str(sample(company).pk) for at in own}
    return make(company, components, category="MARKETING", draft={"files": files}, parameter_format="NAMED")


def post(browser: Client, row: Conversation, template: MessageTemplate, **fields: Any) -> Any:
    data = {"token": str(uuid4()), "purpose": "marketing", "body.voornaam": "Ana"}
    return browser.post(f"/inbox/{row.pk}/templates/{template.pk}/", data | fields, headers=HX)


def card_ids(simulator: Simulator) -> list[str]:
    [sent] = simulator.received
    cards = sent["payload"]["template"]["components"][-1]["cards"]
    return [one["components"][0]["parameters"][0]["image"]["id"] for one in cards]


@pytest.mark.usefixtures("committed")
class TestTheForm:
    def test_sends_a_picture_of_its_own_on_every_card(
        self, as_agent: Client, company: ClientCompany, simulator: Simulator, run_due: RunDue
    ) -> None:
        row, template = begin(company), carousel(company)
        there(simulator, template, company=company)
        shown = page(as_agent, f"/inbox/{row.pk}/templates/{template.pk}/")
        assert shown.count('.file" required') == 2 and "Card 2" in shown

        sent = post(as_agent, row, template, **{"card.0.file": picture(), "card.1.file": picture()})
        assert sent.status_code == 200, sent.content.decode()
        run_due("outbound")

        first, second = card_ids(simulator)
        assert first != second and "file" not in (first, second)
        with inside(company.schema_name):
            message = Message.objects.get()
            assert list(MediaFile.objects.order_by("card").values_list("card_of_id", "card")) == [
                (message.pk, 0),
                (message.pk, 1),
            ]
        assert page(as_agent, f"/inbox/{row.pk}/").count("/thumbnail/") == 2

    def test_takes_the_templates_own_picture_for_the_others(
        self, as_agent: Client, company: ClientCompany, simulator: Simulator, run_due: RunDue
    ) -> None:
        row, template = begin(company), carousel(company, own=(0, 1))
        there(simulator, template, company=company)
        page(as_agent, f"/inbox/{row.pk}/templates/{template.pk}/")
        run_due("housekeeping")
        with inside(company.schema_name):
            MessageTemplate.objects.filter(pk=template.pk).update(status="APPROVED")

        assert post(as_agent, row, template, **{"card.1.file": picture()}).status_code == 200
        run_due("outbound")

        with inside(company.schema_name):
            kept = str(MessageTemplate.objects.get().draft["files"]["card.0"])
            own, chosen = MediaFile.objects.get(pk=kept), MediaFile.objects.get(card=1)
        assert card_ids(simulator) == [own.platform_id, chosen.platform_id]


@pytest.mark.usefixtures("db")
class TestWhatIsRefused:
    def test_a_card_without_a_picture_or_with_another_kind_of_file(
        self, as_agent: Client, company: ClientCompany
    ) -> None:
        row, template = begin(company), carousel(company)
        paper = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF", content_type="application/pdf")

        missing = post(as_agent, row, template, **{"card.0.file": picture()})
        wrong = post(as_agent, row, template, **{"card.0.file": picture(), "card.1.file": paper})

        assert missing.status_code == wrong.status_code == 422
        assert "another kind of file" in wrong.content.decode()
        with inside(company.schema_name):
            assert not Message.objects.exists() and not MediaFile.objects.exists()

    def test_a_card_that_is_named_twice_or_is_none(self, company: ClientCompany) -> None:
        row, template, key = begin(company), carousel(company), integrator_of(company)
        link = "https://example.org/a.png"

        twice = ask(key, row, template, [{"card": 0, "link": link}, {"card": 0, "link": link}], key="a")
        none = ask(key, row, template, [{"card": 5, "link": link}], key="b")

        assert problem_of(twice, status=422) == "invalid"
        assert problem_of(none, status=422) == "template_unusable"


def ask(
    integrator: Integrator, row: Conversation, template: MessageTemplate, cards: list[dict[str, Any]], *, key: str
) -> Any:
    part = {"name": template.name, "language": "nl", "values": {"body.voornaam": "Ana"}, "purpose": "marketing"}
    return integrator.send({"conversation_id": str(row.pk), "template": part | {"cards": cards}}, key=key)


def upload(integrator: Integrator) -> str:
    client = Client(headers={"host": integrator.host, "Authorization": f"Bearer {integrator.secret}"})
    answer = client.post("/api/v1/media", {"file": picture()}, headers={"Idempotency-Key": str(uuid4())})
    return str(answer.json()["id"])


@pytest.mark.usefixtures("committed")
class TestOverTheApi:
    def test_cards_show_an_upload_and_a_file_by_its_address(
        self, company: ClientCompany, simulator: Simulator, run_due: RunDue, settings: Any
    ) -> None:
        row, template, key = begin(company), carousel(company), integrator_of(company)
        there(simulator, template, company=company)
        with serving() as files:
            settings.MEDIA_LINK_ORIGINS = [files.url]
            url = files.put("/b.png", PIXEL, "image/png")
            answer = ask(key, row, template, [{"card": 0, "media_id": upload(key)}, {"card": 1, "link": url}], key="a")
            assert answer.status_code == 202, answer.content
            run_due("outbound")
            assert simulator.received == []
            run_due("media")
            run_due("outbound")

        assert len(set(card_ids(simulator))) == 2

    def test_a_card_whose_file_cannot_be_had_fails_the_message(
        self, company: ClientCompany, simulator: Simulator, run_due: RunDue
    ) -> None:
        row, template, key = begin(company), carousel(company), integrator_of(company)
        there(simulator, template, company=company)
        cards = [{"card": 0, "media_id": upload(key)}, {"card": 1, "link": "https://localhost/b.png"}]

        answer = ask(key, row, template, cards, key="a")
        run_due("media")
        run_due("outbound")

        told = key.get(f"/api/v1/messages/{answer.json()['id']}").json()
        assert (told["status"], told["error"]["code"]) == ("failed", "link_refused")

    def test_free_cards_show_uploads_too(self, company: ClientCompany, simulator: Simulator, run_due: RunDue) -> None:
        row, key = begin(company), integrator_of(company)
        simulator.person("ana", phone="31612345678")
        simulator.post("windows", number=simulator.get("world")["numbers"][0]["id"], people=["ana"])
        with inside(company.schema_name):
            type(row.channel).objects.update(last_inbound_at=timezone.now())
        card = {"body": "Een fiets", "label": "Kijk", "url": "https://example.org/1"}
        cards = [card | {"media_id": upload(key)} for _ in range(2)]

        answer = key.send({"conversation_id": str(row.pk), "carousel": {"body": "Kies", "cards": cards}})
        assert answer.status_code == 202, answer.content
        run_due("outbound")

        [sent] = simulator.received
        shown = [one["header"]["image"]["id"] for one in sent["payload"]["interactive"]["action"]["cards"]]
        assert len(set(shown)) == 2 and "file" not in shown


@pytest.mark.usefixtures("db")
class TestAfterwards:
    @pytest.fixture
    def sent(self, as_agent: Client, company: ClientCompany) -> Message:
        row, template = begin(company), carousel(company)
        assert post(as_agent, row, template, **{"card.0.file": picture(), "card.1.file": picture()}).status_code == 200
        with inside(company.schema_name):
            return Message.objects.get()

    def test_removing_the_message_takes_the_pictures_along(
        self, sent: Message, company: ClientCompany, supervisor: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        with inside(company.schema_name):
            keys = [media.storage_key for media in MediaFile.objects.all()]
            with django_capture_on_commit_callbacks(execute=True):
                removal.remove_message(sent, by=supervisor, reason="wrong person")
            assert set(MediaFile.objects.values_list("state", flat=True)) == {"removed"}
            assert not any(default_storage.exists(key) for key in keys)

    def test_taking_it_back_or_forgetting_it_leaves_no_picture(
        self, sent: Message, company: ClientCompany, agent: User
    ) -> None:
        with inside(company.schema_name):
            keeper = Messages()
            assert not keeper.clear_files([sent.pk]).stuck
            Conversation.objects.update(status="closed", closed_at=timezone.now())
            Message.objects.update(status=90)
            assert keeper.let_go([sent.pk], cut_off=timezone.now()) == 1
            assert not MediaFile.objects.exists()

    def test_undo_leaves_no_picture(self, sent: Message, company: ClientCompany, agent: User) -> None:
        with inside(company.schema_name):
            outbox.undo(sent, by=agent)
            assert not MediaFile.objects.exists()
