"""Templates under the platform's rules: what is refused, reviewed, changed, paused and put away; by another client."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pywa import WhatsApp
from pywa.errors import WhatsAppError
from pywa.types.templates import (
    BodyText,
    Buttons,
    CopyCodeOTPButton,
    FooterText,
    HeaderImage,
    ParamFormat,
    QuickReplyButton,
    Template,
    TemplateCategory,
    TemplateCategoryUpdate,
    TemplateComponentsUpdate,
    TemplateLanguage,
    TemplateQualityUpdate,
    TemplateStatusUpdate,
    URLButton,
)

from tests.simulator.another_client import parsed
from tests.simulator.driving import OTHER_WABA, TOKEN, WABA, Receiver, Simulator, code_of, wait_for

GOOD = {"type": "BODY", "text": "Dag {{1}}, je fiets staat vandaag klaar.", "example": {"body_text": [["Ana"]]}}


def submit(simulator: Simulator, *components: dict[str, Any], **given: Any) -> Any:
    wish = {"name": "bericht", "language": "nl", "category": "UTILITY", "components": list(components or (GOOD,))}
    return simulator.graph("POST", f"{WABA}/message_templates", json={**wish, **given})


def body(text: str, *samples: str) -> dict[str, Any]:
    return {"type": "BODY", "text": text, **({"example": {"body_text": [list(samples)]}} if samples else {})}


def buttons(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"type": "BUTTONS", "buttons": list(rows)}


QUICK = {"type": "QUICK_REPLY", "text": "Ja"}
CALL = {"type": "PHONE_NUMBER", "text": "Bel", "phone_number": "+31201234567"}
LINK = {"type": "URL", "text": "Kijk", "url": "https://a.example/{{1}}", "example": ["https://a.example/1"]}

FLAWS: dict[str, tuple[list[dict[str, Any]], int]] = {
    "body too long": ([body("x" * 1025)], 2388040),
    "body begins with a variable": ([body("{{1}} is de naam die wij kennen.", "Ana")], 2388299),
    "body ends with a variable": ([body("De naam die wij van jou kennen is {{1}}", "Ana")], 2388299),
    "more variables than words": ([body("Dag {{1}} en {{2}} daar", "Ana", "Bo")], 2388293),
    "no sample": ([body("Dag {{1}}, je fiets staat vandaag klaar.")], 2388072),
    "gap in the numbers": ([body("Dag {{1}}, je fiets {{3}} staat vandaag hier nu klaar.", "a", "b")], 2388072),
    "header too long": ([GOOD, {"type": "HEADER", "format": "TEXT", "text": "x" * 61}], 2388040),
    "header with two variables": ([GOOD, {"type": "HEADER", "format": "TEXT", "text": "{{1}} {{2}}"}], 2388047),
    "picture without sample": ([GOOD, {"type": "HEADER", "format": "IMAGE"}], 2388047),
    "footer with a variable": ([GOOD, {"type": "FOOTER", "text": "Dag {{1}}"}], 2388073),
    "footer too long": ([GOOD, {"type": "FOOTER", "text": "x" * 61}], 2388040),
    "quick replies apart": ([GOOD, buttons(QUICK, CALL, QUICK)], 100),
    "three links": ([GOOD, buttons(LINK, LINK, LINK)], 100),
    "link with a variable in the middle": ([GOOD, buttons({**LINK, "url": "https://a.example/{{1}}/b"})], 100),
    "label too long": ([GOOD, buttons({"type": "QUICK_REPLY", "text": "x" * 26})], 2388040),
    "eleven buttons": ([GOOD, buttons(*[QUICK] * 11)], 100),
    "no body": ([{"type": "FOOTER", "text": "Dag"}], 100),
}


@pytest.mark.parametrize(("components", "code"), FLAWS.values(), ids=FLAWS.keys())
def test_a_flaw_is_refused_with_the_platforms_code(
    simulator: Simulator, components: list[dict[str, Any]], code: int
) -> None:
    assert code_of(submit(simulator, *components)) == code


def test_another_client_makes_a_template_with_picture_and_buttons(client: WhatsApp, simulator: Simulator) -> None:
    template = Template(
        name="nieuws",
        language=TemplateLanguage.DUTCH,
        category=TemplateCategory.MARKETING,
        parameter_format=ParamFormat.NAMED,
        components=[
            HeaderImage(example=b"\xff\xd8\xff picture"),
            BodyText("Dag {{name}}, kijk eens wat er nieuw is vandaag.", name="Ana"),
            FooterText(text="Fietsland"),
            Buttons(
                buttons=[
                    QuickReplyButton(text="Meer"),
                    URLButton(text="Kijk", url="https://a.example/{{1}}", example="1"),
                ]
            ),
        ],
    )

    made = client.create_template(template)
    simulator.sim(f"templates/{made.id}", {"status": "APPROVED"})

    found = client.get_template(made.id)
    assert (found.name, found.status) == ("nieuws", "APPROVED")
    assert [each.name for each in client.get_templates(name="nieuws")] == ["nieuws"]


def test_the_automatic_review_approves_rejects_and_moves_by_words(
    client: WhatsApp, simulator: Simulator, receiver: Receiver
) -> None:
    simulator.sim(
        "options",
        {"review": "auto", "review_ms": 10, "refused_words": ["gratis"], "promotional_words": ["korting"]},
    )
    submit(simulator, body("Alles is vandaag gratis voor jou."), name="slecht")
    submit(simulator, body("Vandaag is er korting op alles."), name="aanbod")

    wait_for(lambda: receiver.changes("template_category_update"))
    events = receiver.changes("message_template_status_update")
    outcome = {event["message_template_name"]: event["event"] for event in events}
    assert outcome == {"slecht": "REJECTED", "aanbod": "APPROVED"}
    rejected = next(event for event in events if event["event"] == "REJECTED")
    assert (rejected["reason"], "recommendation" in rejected["rejection_info"]) == ("PROMOTIONAL", True)
    [early] = receiver.changes("template_correct_category_detection")
    assert early["correct_category"] == "MARKETING"
    [moved] = _read(client, receiver, TemplateCategoryUpdate)
    assert (moved.previous_category, moved.new_category) == ("UTILITY", "MARKETING")
    assert len(_read(client, receiver, TemplateStatusUpdate)) == 2


def _read(client: WhatsApp, receiver: Receiver, kind: type[Any]) -> list[Any]:
    updates = [update for call in list(receiver.bodies) for update in parsed(client, call)]
    return [update for update in updates if isinstance(update, kind)]


def approved(simulator: Simulator, **given: Any) -> str:
    made = submit(simulator, **given).json()
    simulator.sim(f"templates/{made['id']}", {"status": "APPROVED"})
    return str(made["id"])


def test_an_approved_template_is_changed_once_a_day_and_keeps_its_category(
    client: WhatsApp, simulator: Simulator, receiver: Receiver
) -> None:
    template = approved(simulator)
    assert code_of(simulator.graph("POST", template, json={"category": "MARKETING"})) == 2388039
    changed = {"components": [body("Je fiets staat morgen klaar.")]}

    assert simulator.graph("POST", template, json=changed).json()["success"] is True

    assert simulator.graph("GET", f"{template}?fields=status").json()["status"] == "PENDING"
    wait_for(lambda: _read(client, receiver, TemplateComponentsUpdate))
    assert code_of(simulator.graph("POST", template, json=changed)) == 2388039
    simulator.sim(f"templates/{template}", {"status": "APPROVED"})
    assert code_of(simulator.graph("POST", template, json=changed)) == 2388039
    assert simulator.graph("POST", template, json={"message_send_ttl_seconds": 600}).ok
    simulator.sim(f"templates/{template}", {"status": "REJECTED", "reason": "SCAM"})
    assert simulator.graph("POST", template, json={**changed, "category": "MARKETING"}).ok


def test_a_deleted_name_stays_blocked_and_all_its_languages_go(simulator: Simulator) -> None:
    approved(simulator)
    other = approved(simulator, language="de")
    third = approved(simulator, name="derde")

    assert simulator.graph("DELETE", f"{WABA}/message_templates?name=bericht").ok

    assert code_of(simulator.graph("GET", other)) == 100
    assert code_of(submit(simulator, language="fr")) == 2388024
    assert simulator.graph("DELETE", f"{WABA}/message_templates?hsm_ids={third}").ok
    disabled = approved(simulator, name="vierde")
    simulator.sim(f"templates/{disabled}", {"status": "DISABLED"})
    assert code_of(simulator.graph("DELETE", f"{WABA}/message_templates?name=vierde&hsm_id={disabled}")) == 2388039


def test_red_quality_pauses_longer_each_time_and_then_for_good(
    client: WhatsApp, simulator: Simulator, receiver: Receiver
) -> None:
    simulator.sim("options", {"pause_seconds": [0, 0]})
    template = approved(simulator)
    for _ in range(3):
        simulator.sim(f"templates/{template}", {"quality": "RED"})
        wait_for(lambda: simulator.graph("GET", template).json()["status"] in ("APPROVED", "DISABLED"))

    wait_for(lambda: receiver.changes("message_template_status_update")[-1]["event"] == "DISABLED")
    titles = [event.get("other_info", {}).get("title") for event in receiver.changes("message_template_status_update")]
    assert titles == [None, "FIRST_PAUSE", "UNPAUSE", "SECOND_PAUSE", "UNPAUSE", "DISABLED"]
    assert [update.new_quality_score for update in _read(client, receiver, TemplateQualityUpdate)] == ["RED"] * 3


def test_pacing_pauses_until_the_business_goes_on(client: WhatsApp, simulator: Simulator, receiver: Receiver) -> None:
    template = approved(simulator, components=[body("Je fiets staat klaar.")])
    assert not client.unpause_template(template)
    simulator.sim(f"templates/{template}", {"pace": True})

    sent = simulator.post({"type": "template", "template": {"name": "bericht", "language": {"code": "nl"}}}).json()

    assert sent["messages"][0]["message_status"] == "paused"
    [status] = wait_for(lambda: receiver.statuses(sent["messages"][0]["id"]))
    assert status["errors"][0]["code"] == 132015
    assert client.unpause_template(template)
    assert simulator.graph("GET", template).json()["status"] == "APPROVED"


def test_the_first_messages_of_a_new_template_are_held(simulator: Simulator, receiver: Receiver) -> None:
    approved(simulator, components=[body("Je fiets staat klaar.")])
    simulator.sim("options", {"quality_hold_ms": 30})
    wish = {"type": "template", "template": {"name": "bericht", "language": {"code": "nl"}}}

    first = simulator.post(wish).json()["messages"][0]

    assert first["message_status"] == "held_for_quality_assessment"
    wait_for(lambda: [status["status"] for status in receiver.statuses(first["id"])] == ["sent", "delivered"])
    assert simulator.post(wish).json()["messages"][0]["message_status"] == "accepted"


def test_templates_are_archived_compared_and_copied(client: WhatsApp, simulator: Simulator) -> None:
    template, other = approved(simulator), approved(simulator, name="tweede")
    compared = client.compare_templates(template, other, start=_day(-1), end=_day(1))
    assert compared.block_rate == [template, other]
    result = client.archive_templates([template, "1"])
    assert (result.archived, set(result.failed)) == ((template,), {"1"})
    assert simulator.graph("GET", template).json()["status"] == "ARCHIVED"
    assert client.unarchive_templates([template]).unarchived == (template,)
    simulator.sim("world", {"wabas": [{"id": OTHER_WABA, "token": TOKEN}]})

    copied = client.migrate_templates(source_waba_id=WABA, destination_waba_id=OTHER_WABA)

    assert {each.id for each in copied.migrated} >= {template, other}
    assert len(simulator.graph("GET", f"{OTHER_WABA}/message_templates").json()["data"]) == 5


def _day(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def test_an_authentication_template_comes_in_many_languages_at_once(client: WhatsApp, simulator: Simulator) -> None:
    made = client.upsert_authentication_template(
        name="code",
        languages=[TemplateLanguage.DUTCH, TemplateLanguage.ENGLISH_US],
        otp_button=CopyCodeOTPButton(),
        add_security_recommendation=True,
        code_expiration_minutes=10,
    )

    assert [each.status for each in made] == ["APPROVED", "APPROVED"]
    code = [{"type": "text", "text": "123456"}]
    parts = [
        {"type": "body", "parameters": code},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": code},
    ]
    wish = {"name": "code", "language": {"code": "nl"}, "components": parts}
    assert simulator.post({"type": "template", "template": wish}).ok
    assert "123456" in simulator.received()[0]["content"]["template"]["body"]


def test_an_account_holds_so_many_templates(client: WhatsApp, simulator: Simulator) -> None:
    simulator.sim("world", {"wabas": [{"id": WABA, "state": {"template_limit": 5}}]})
    assert code_of(submit(simulator)) == 2388019
    with pytest.raises(WhatsAppError):
        client.get_template("42")
