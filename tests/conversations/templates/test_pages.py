"""Supervisors see how every template stands, write new ones, and lose nothing of what they type."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import MessageTemplate, TemplateNews
from tenants.accounts.models import AuditEntry
from tests.conversations.templates.conftest import HX, Desk

pytestmark = pytest.mark.usefixtures("db")


def shown(browser: Client, path: str, **headers: str) -> str:
    response = browser.get(path, headers=headers)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_agents_do_not_reach_the_pages(as_agent: Client, desk: Desk) -> None:
    template = desk.known()

    assert as_agent.get("/templates/").status_code == 403
    assert as_agent.get(f"/templates/{template.pk}/").status_code == 403


def test_another_companys_template_is_not_there(as_other_admin: Client, desk: Desk) -> None:
    assert as_other_admin.get(f"/templates/{desk.known().pk}/").status_code == 404


def test_the_board_names_every_template_with_its_languages_and_what_needs_a_person(desk: Desk) -> None:
    desk.known(last_used_at=timezone.now())
    desk.known(language="de", status="REJECTED", rejected_reason="PROMOTIONAL", status_at=timezone.now())
    desk.known("offer", correct_category="MARKETING", quality="RED")
    desk.known("old", status="DELETED")

    page = shown(desk.browser, "/templates/")

    assert "order_ready" in page and "German" in page and "Dutch" in page
    assert "It advertises" in page
    assert "WhatsApp will make it Marketing" in page and "will become Marketing" in page
    assert "old</h2>" not in page
    assert "old</h2>" in shown(desk.browser, "/templates/?group=gone")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=order", ["order_ready"]),
        ("search=bestelling", ["order_ready", "offer"]),
        ("group=trouble", ["paused"]),
        ("category=MARKETING", ["offer"]),
        ("language=de", ["paused"]),
        ("search=nothing", []),
        ("search=%00%25", []),
    ],
)
def test_the_board_can_be_searched_and_narrowed(desk: Desk, query: str, found: list[str]) -> None:
    desk.known()
    desk.known("offer", category="MARKETING")
    other = [{"type": "BODY", "text": "Etwas anderes"}]
    desk.known("paused", status="PAUSED", language="de", components=other)

    rows = shown(desk.browser, f"/templates/?{query}", **{"HX-Request": "true", "HX-Target": "template-rows"})

    assert [name for name in ("order_ready", "offer", "paused") if f"<h2>{name}</h2>" in rows] == found


def test_the_board_comes_in_pages_by_name(desk: Desk) -> None:
    for number in range(60):
        desk.known(f"t_{number:02d}")

    first = shown(desk.browser, "/templates/")
    assert "t_24" in first and "t_25" not in first
    more = {"HX-Request": "true", "HX-Target": "template-more"}
    second = shown(desk.browser, f"/templates/?after=t_24|{desk.account}", **more)
    assert "t_24" not in second and "t_25" in second and "t_49" in second
    last = shown(desk.browser, f"/templates/?after=t_49|{desk.account}", **more)
    assert "t_59" in last and "template-more" not in last


def test_a_template_shows_its_state_its_reason_and_its_history(desk: Desk) -> None:
    until = timezone.now() + timedelta(hours=3)
    template = desk.known(status="PAUSED", status_at=timezone.now(), paused_until=until, quality="RED")
    with desk.inside():
        TemplateNews.objects.create(
            template=template, kind="quality", at=timezone.now(), before="GREEN", after="RED", source="webhook"
        )

    page = shown(desk.browser, f"/templates/{template.pk}/")

    assert "Paused" in page and "The pause ends by itself" in page and "End the pause" in page
    assert "Quality: Low" in page
    assert "Hoi Ana, je bestelling A-12 is klaar." in page


def begin(desk: Desk, **fields: Any) -> Any:
    given = {"kind": "standard", "category": "UTILITY", "name": "order_ready", "languages": ["nl"]}
    return desk.browser.post("/templates/new/", given | fields)


def test_a_template_begins_in_every_language_that_was_chosen(desk: Desk) -> None:
    assert begin(desk, languages=["nl", "de"]).status_code == 302

    with desk.inside():
        rows = MessageTemplate.objects.order_by("language")
        assert [(one.name, one.language, one.status) for one in rows] == [
            ("order_ready", "de", "DRAFT"),
            ("order_ready", "nl", "DRAFT"),
        ]
        assert AuditEntry.objects.filter(action="template.drafted", actor_id=desk.person.pk).count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "with this name in this language already"),
        ({"name": "Not a name!"}, "small letters, digits and _"),
        ({"name": ""}, "Fill this in"),
        ({"name": "fresh", "languages": ["xx"]}, "Choose a language"),
        ({"name": "gone"}, "deleted less than 30 days ago"),
    ],
)
def test_a_template_that_cannot_begin_says_why(desk: Desk, fields: dict[str, Any], words: str) -> None:
    desk.known()
    desk.known("gone", status="DELETED", status_at=timezone.now())

    refused = begin(desk, **fields)

    assert refused.status_code == 422
    assert words in refused.content.decode()


def test_what_is_typed_is_kept_even_when_it_does_not_fit(desk: Desk) -> None:
    template = desk.begin()

    answer = desk.type(template, body="{{1}} begint fout", footer="x" * 70).content.decode()

    assert "begins with a variable" in answer
    assert "70 characters; WhatsApp allows 60" in answer
    page = shown(desk.browser, f"/templates/{template.pk}/edit/")
    assert "{{1}} begint fout" in page and "x" * 70 in page


def test_the_preview_is_filled_with_the_samples(desk: Desk) -> None:
    answer = desk.type(desk.begin()).content.decode()

    assert "Hoi Ana, je bestelling A-12 is klaar." in answer
    assert "Everything fits" in answer


def test_a_new_variable_brings_a_field_for_its_sample_and_old_samples_stay(desk: Desk) -> None:
    template = desk.begin()
    desk.type(template)

    answer = desk.type(template, body="Hoi {{1}}, je bestelling {{2}} staat klaar in {{3}} voor jou.").content.decode()

    assert 'id="samples-sample"' in answer and 'name="sample.3"' in answer
    assert 'value="A-12"' in answer
    assert 'id="samples-sample"' not in desk.type(template, **{"sample.2": "B"}).content.decode()


def test_buttons_come_move_and_go(desk: Desk) -> None:
    template = desk.begin()
    desk.type(template, "add:QUICK_REPLY")
    one = {"buttons": "1", "button.0.kind": "QUICK_REPLY", "button.0.text": "Ja"}
    desk.type(template, "add:URL", **one)
    two = one | {"buttons": "2", "button.1.kind": "URL", "button.1.text": "Zie", "button.1.url": "https://x.org/{{1}}"}
    page = desk.type(template, "up:1", **two).content.decode()

    assert page.index('value="Zie"') < page.index('value="Ja"')
    left = desk.type(template, "remove:0", **two).content.decode()
    assert 'value="Zie"' not in left or 'value="Ja"' not in left


def test_a_template_in_another_account_or_busy_cannot_be_written(desk: Desk) -> None:
    template = desk.known(status="PENDING")

    answer = desk.browser.get(f"/templates/{template.pk}/edit/", follow=True).content.decode()

    assert "WhatsApp is reviewing it" in answer


def test_an_approved_template_says_when_it_can_be_changed_again(desk: Desk) -> None:
    template = desk.known(edits=[timezone.now().isoformat()])

    assert "once in 24 hours" in shown(desk.browser, f"/templates/{template.pk}/")
    answer = desk.browser.get(f"/templates/{template.pk}/edit/", follow=True).content.decode()
    assert "It is possible again from" in answer


def test_a_change_leaves_the_approved_text_as_it_is_until_it_is_handed_in(desk: Desk) -> None:
    template = desk.known()
    desk.type(template, body="Iets heel anders voor {{1}} vandaag", category="MARKETING")

    fresh = desk.fresh(template)

    assert fresh.components == template.components and fresh.category == "UTILITY"
    assert "A change is being written" in shown(desk.browser, f"/templates/{template.pk}/")
    desk.press(template, "discard")
    assert desk.fresh(template).draft == {}


def test_a_draft_can_be_thrown_away(desk: Desk) -> None:
    template = desk.begin()

    desk.press(template, "discard")

    with desk.inside():
        assert not MessageTemplate.objects.exists()


def test_a_template_is_copied_into_another_language_for_translation(desk: Desk) -> None:
    template = desk.known()

    answer = desk.press(template, "copy", language="de")

    with desk.inside():
        made = MessageTemplate.objects.get(language="de")
    assert answer.headers["Location"] == f"/templates/{made.pk}/edit/"
    assert "je bestelling" in shown(desk.browser, f"/templates/{made.pk}/edit/")
    assert (
        "already"
        in desk.browser.post(f"/templates/{template.pk}/copy/", {"language": "de"}, follow=True).content.decode()
    )


def test_handing_in_what_does_not_fit_marks_every_field_and_asks_nothing(desk: Desk) -> None:
    template = desk.begin()

    refused = desk.type(template, "submit", body="", **{"sample.1": "", "sample.2": ""})

    assert refused.status_code == 422
    assert "Fill this in" in refused.content.decode()
    assert desk.fresh(template).asked == ""


@pytest.mark.parametrize("kind", ["carousel", "offer", "code"])
def test_every_kind_has_its_form(desk: Desk, kind: str) -> None:
    begin(desk, kind=kind, name=f"a_{kind}")
    with desk.inside():
        template = MessageTemplate.objects.get()

    page = shown(desk.browser, f"/templates/{template.pk}/edit/")

    assert {"carousel": "Card 2", "offer": "countdown", "code": "Advise not to share the code"}[kind] in page
    more = {"carousel": "card.add", "offer": "add:URL", "code": "app.add"}[kind]
    fields = {"cards": "2", "code_type": "ONE_TAP", "apps": "0"}
    assert desk.browser.post(f"/templates/{template.pk}/edit/", fields | {"act": more}, headers=HX).status_code == 200
