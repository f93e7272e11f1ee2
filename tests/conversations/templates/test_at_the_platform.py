"""What supervisors hand in reaches the platform through a worker, and what becomes of it there comes back."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from conversations.models import MediaFile, MessageTemplate, PhoneNumber
from tenants.accounts.models import AuditEntry
from tenants.models import MetaApp
from tests.conversations.templates.conftest import HX, TYPED, Desk
from tests.fixtures.simulator import Simulator
from tests.fixtures.webhooks import Deliver, envelope
from tests.fixtures.work import RunDue

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def platform(desk: Desk, simulator: Simulator) -> Simulator:
    return simulator


def of_platform(simulator: Simulator, template: MessageTemplate) -> dict[str, Any]:
    """The template as the simulator has it."""
    found: dict[str, Any] = next(
        (one for one in simulator.get("world")["templates"] if one["id"] == template.template_id), {}
    )
    return found


def hand_in(desk: Desk, run_due: RunDue, template: MessageTemplate, **fields: Any) -> MessageTemplate:
    answer = desk.type(template, "submit", **fields)
    assert answer.status_code == 204, answer.content.decode()
    run_due("housekeeping")
    return desk.fresh(template)


def picture() -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(drawn, "PNG")
    return SimpleUploadedFile("fiets.png", drawn.getvalue(), content_type="image/png")


def test_a_template_is_handed_in_approved_changed_and_deleted(
    desk: Desk, run_due: RunDue, simulator: Simulator
) -> None:
    template = hand_in(desk, run_due, desk.begin())

    assert (template.status, template.asked, template.draft) == ("PENDING", "", {})
    there = of_platform(simulator, template)
    assert there["components"][0]["example"] == {"body_text": [["Ana", "A-12"]]}
    simulator.post(f"templates/{template.template_id}", status="APPROVED")
    read(desk, run_due)
    assert desk.fresh(template).status == "APPROVED"

    changed = hand_in(desk, run_due, template, body="Hoi {{1}}, bestelling {{2}} ligt nu voor je klaar bij ons!")
    assert changed.status == "PENDING" and len(changed.edits) == 1
    assert "ligt nu voor je klaar" in str(of_platform(simulator, template)["components"])
    simulator.post(f"templates/{template.template_id}", status="APPROVED")
    read(desk, run_due)
    assert desk.browser.get(f"/templates/{template.pk}/edit/").status_code == 302

    desk.press(template, "delete", scope="one")
    run_due("housekeeping")
    gone = desk.fresh(template)
    assert (gone.status, gone.asked) == ("DELETED", "")
    assert of_platform(simulator, template) == {}
    with desk.inside():
        assert [one.after for one in gone.news.filter(kind="status").order_by("at", "id")] == [
            *("PENDING", "APPROVED", "PENDING", "APPROVED", "DELETED"),
        ]
        recorded = AuditEntry.objects.filter(subject_kind="messagetemplate").order_by("at", "pk")
        assert [one.action for one in recorded] == [
            *("template.drafted", "template.submitted", "template.edited", "template.deleted"),
        ]


def read(desk: Desk, run_due: RunDue) -> None:
    desk.browser.post("/templates/read-again/")
    run_due("housekeeping")


def test_a_refusal_of_the_platform_stands_at_its_field_and_nothing_is_lost(
    desk: Desk, run_due: RunDue, simulator: Simulator
) -> None:
    other = {"name": "order_ready", "language": "nl", "category": "UTILITY", "status": "APPROVED"}
    body = [{"type": "BODY", "text": "Van iemand anders"}]
    simulator.post("world", templates=[{"waba_id": desk.account, "components": body, **other}])

    template = hand_in(desk, run_due, desk.begin())

    assert (template.status, template.asked, template.refusal["code"]) == ("DRAFT", "", 2388024)
    page = desk.browser.get(f"/templates/{template.pk}/edit/").content.decode()
    slot = page[page.index('id="problem-name"') :][:400]
    assert "exists already" in slot
    assert "je bestelling" in page


def test_an_answer_that_was_lost_is_found_again(desk: Desk, run_due: RunDue, simulator: Simulator) -> None:
    template = desk.begin()
    desk.type(template, "submit")
    text = {"type": "BODY", "text": TYPED["body"]}
    footer = {"type": "FOOTER", "text": TYPED["footer"]}
    there = {"name": "order_ready", "language": "nl", "category": "UTILITY", "components": [text, footer]}
    simulator.post("world", templates=[{"waba_id": desk.account, "status": "PENDING", **there}])

    run_due("housekeeping")

    fresh = desk.fresh(template)
    assert (fresh.status, fresh.refusal) == ("PENDING", {})
    assert fresh.template_id


def test_a_platform_that_is_away_is_asked_again_and_the_page_says_so(desk: Desk, run_due: RunDue) -> None:
    template = desk.begin()
    url = MetaApp.objects.values_list("graph_url", flat=True).first()
    MetaApp.objects.update(graph_url="http://127.0.0.1:9")
    desk.type(template, "submit")
    run_due("housekeeping")

    assert desk.fresh(template).asked == "submit"
    page = desk.browser.get(f"/templates/{template.pk}/").content.decode()
    assert "On its way to WhatsApp" in page and "every 2s" in page
    assert desk.type(template, body="Te laat").status_code == 204  # sent to the page that says why
    MetaApp.objects.update(graph_url=url)


def test_the_sample_of_a_heading_is_uploaded_and_goes_along_with_messages(
    desk: Desk, run_due: RunDue, simulator: Simulator
) -> None:
    template = desk.begin()
    data = TYPED | {"header": "image", "header_file": picture()}
    page = desk.browser.post(f"/templates/{template.pk}/edit/", data, headers=HX).content.decode()
    assert "The sample picture" in page

    template = hand_in(desk, run_due, template, header="image")

    header = of_platform(simulator, template)["components"][0]
    assert header["format"] == "IMAGE" and header["example"]["header_handle"][0]
    with desk.inside():
        assert template.header_file is not None
        assert template.header_file.direction == MediaFile.OF_A_TEMPLATE


def test_a_file_of_another_kind_is_refused_with_words(desk: Desk) -> None:
    template = desk.begin()
    file = SimpleUploadedFile("fiets.txt", b"geen plaatje", content_type="text/plain")

    page = desk.browser.post(
        f"/templates/{template.pk}/edit/", TYPED | {"header": "image", "header_file": file}, headers=HX
    ).content.decode()

    assert "another kind of file" in page


@pytest.mark.parametrize(
    ("status", "press", "after"),
    [("PAUSED", "unpause", "APPROVED"), ("APPROVED", "archive", "ARCHIVED"), ("ARCHIVED", "unarchive", "APPROVED")],
)
def test_pauses_end_and_archives_open_and_close(
    desk: Desk, run_due: RunDue, simulator: Simulator, status: str, press: str, after: str
) -> None:
    template = desk.known(status=status)
    there = {"id": template.template_id, "name": template.name, "language": "nl", "category": "UTILITY"}
    there |= {"status": status, "components": template.components, "waba_id": desk.account}
    simulator.post("world", templates=[there])

    desk.press(template, press)
    run_due("housekeeping")

    assert (desk.fresh(template).status, desk.fresh(template).refusal) == (after, {})


def test_webhooks_write_the_history_once_and_an_older_one_changes_nothing(
    desk: Desk, run_due: RunDue, deliver: Deliver, number: PhoneNumber
) -> None:
    template = desk.known(status="PENDING", status_at=timezone.now() - timedelta(days=1))
    ids = {"message_template_id": 990001, "message_template_name": "order_ready", "message_template_language": "nl"}

    def say(field: str, **value: Any) -> None:
        assert deliver(envelope(number.waba_id, {"field": field, "value": ids | value})).status_code == 200
        run_due("inbound")

    status = "message_template_status_update"
    for _ in range(2):
        say(status, event="APPROVED", reason="NONE")
    say("message_template_quality_update", previous_quality_score="GREEN", new_quality_score="RED")
    say("template_correct_category_detection", category="UTILITY", correct_category="MARKETING")
    say(status, event="PAUSED", other_info={"title": "FIRST_PAUSE", "description": "Low quality"})
    fresh = desk.fresh(template)
    assert (fresh.status, fresh.quality, fresh.correct_category) == ("PAUSED", "RED", "MARKETING")
    assert fresh.paused_until is not None and fresh.reason_details == "Low quality"
    say("template_category_update", previous_category="UTILITY", new_category="MARKETING")
    say(status, event="REJECTED", reason="SCAM", rejection_info={"reason": "x", "recommendation": "Name the company"})

    fresh = desk.fresh(template)
    assert (fresh.category, fresh.correct_category, fresh.rejected_reason) == ("MARKETING", "", "SCAM")
    assert fresh.reason_details == "Name the company"
    with desk.inside():
        assert [(one.kind, one.after) for one in fresh.news.order_by("at", "id")] == [
            ("status", "APPROVED"),
            ("quality", "RED"),
            ("category", "MARKETING"),
            ("status", "PAUSED"),
            ("category", "MARKETING"),
            ("status", "REJECTED"),
        ]


def test_what_the_platform_no_longer_lists_is_marked_and_drafts_stay(
    desk: Desk, run_due: RunDue, simulator: Simulator
) -> None:
    known, draft = desk.known(), desk.begin("a_draft")

    read(desk, run_due)

    assert desk.fresh(known).status == "DELETED"
    assert desk.fresh(draft).status == "DRAFT"
    assert "Sent messages keep their text" in desk.browser.get(f"/templates/{known.pk}/").content.decode()


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (
            "offer",
            {
                "offer": "Tot zondag",
                "offer_ends": "on",
                "buttons": "2",
                "button.0.kind": "COPY_CODE",
                "button.0.sample": "HERFST",
                "button.1.kind": "URL",
                "button.1.text": "Koop",
                "button.1.url": "https://x.example/",
            },
        ),
        ("code", {"code_type": "COPY_CODE", "code_advice": "on", "code_minutes": "5"}),
    ],
)
def test_every_kind_is_taken_by_the_platform(desk: Desk, run_due: RunDue, kind: str, fields: dict[str, Any]) -> None:
    template = hand_in(desk, run_due, desk.begin(f"a_{kind}", kind=kind), **fields)

    assert (template.status, template.refusal) == ("PENDING", {})


def test_a_carousel_is_taken_with_the_pictures_of_its_cards(desk: Desk, run_due: RunDue, simulator: Simulator) -> None:
    template = desk.begin("a_carousel", kind="carousel", category="MARKETING")
    cards: dict[str, Any] = {"category": "MARKETING", "cards": "2", "card_media": "image"}
    for at in (0, 1):
        cards |= {f"card.{at}.body": "Een mooie fiets", f"card.{at}.buttons": "1"}
        cards |= {f"card.{at}.button.0.kind": "QUICK_REPLY", f"card.{at}.button.0.text": "Die wil ik"}
    desk.type(template, "card.add")
    desk.type(template, "card.add")
    files = {f"card.{at}.file": picture() for at in (0, 1)}
    desk.browser.post(f"/templates/{template.pk}/edit/", TYPED | {"name": "a_carousel"} | cards | files, headers=HX)

    template = hand_in(desk, run_due, template, **cards)

    assert (template.status, template.refusal) == ("PENDING", {})
    carousel = of_platform(simulator, template)["components"][-1]
    assert all(card["components"][0]["example"]["header_handle"] for card in carousel["cards"])
