"""Settings pages: hours, promise, intents, labels, fields; clear refusals, a line in the trail, nothing for agents."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations import clock_text, contact_fields
from conversations.contact_fields import ContactField, Kind, OddValue
from conversations.models import Contact, InboxSettings, Intent, Label, SavedView
from conversations.services import housekeeping
from conversations.services.promise import promise
from tenants.accounts.models import AuditEntry
from tests.architecture import html_rules
from tests.conversations.inbox.conftest import Inbox
from tests.fixtures.people import browser_of

PAGES = ["", "inbox/", "hours/", "intents/", "labels/", "fields/"]
WEEK = {
    "mon": "9-17:30",
    "tue": "09:00–12:00, 13:00–17:30",
    "wed": "",
    "closed_on_holidays": "on",
    "holiday_region": "",
}


def settings_of(company, enter) -> InboxSettings:
    with enter(company):
        return InboxSettings.load()


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_sound_and_agents_stay_out(page, as_admin, as_agent):
    answer = as_admin.get(f"/settings/{page}")
    assert answer.status_code == 200
    assert html_rules.breaches_in(answer.content.decode()) == []
    assert as_agent.get(f"/settings/{page}").status_code == 403


def test_the_index_shows_what_a_role_may_open(as_admin, company, supervisor):
    everything = as_admin.get("/settings/").content.decode()
    for url in ("/settings/hours/", "/settings/intents/", "/settings/labels/", "/people/", "/api-keys/"):
        assert f'href="{url}"' in everything
    few = browser_of(supervisor, company=company).get("/settings/").content.decode()
    assert 'href="/settings/labels/"' in few
    assert 'href="/settings/hours/"' not in few


def test_a_week_is_kept_recorded_and_counts_for_who_waits(as_admin, company, enter):
    inbox = Inbox(company, enter)
    row = inbox.conversation(minutes_ago=5)
    with inbox.inside():
        promise.renew([row.pk])
    before = inbox.fresh(row).due_at
    weekday = timezone.localtime(timezone.now() + timedelta(days=2)).strftime("%a").lower()
    assert as_admin.post("/settings/hours/", {weekday: "10-11", "holiday_region": ""}).status_code == 302
    with enter(company):
        assert InboxSettings.load().hours[weekday] == [["10:00", "11:00"]]
        assert AuditEntry.objects.get(action="settings.changed").details["fields"] == ["closed_on_holidays", "hours"]
        housekeeping.keep("hours")
    assert inbox.fresh(row).due_at > before + timedelta(hours=12)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("9-", "is no time"), ("17-9", "ends before it begins"), ("9-12, 11-13", "overlap"), ("25-26", "is no time")],
)
def test_hours_that_are_none_are_refused_where_they_stand(typed, said, as_admin, company, enter):
    answer = as_admin.post("/settings/hours/", WEEK | {"wed": typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode()
    assert settings_of(company, enter).hours == {}


def test_a_week_without_any_hours_asks(as_admin):
    answer = as_admin.post("/settings/hours/", {"mon": "closed", "holiday_region": ""})
    assert answer.status_code == 422
    assert "at least one day" in answer.content.decode()


def test_open_always_saves_whatever_stands_in_the_week_that_is_not_asked(as_admin, company, enter):
    answer = as_admin.post("/settings/hours/", {"always": "on", "mon": "no time at all", "holiday_region": ""})
    assert answer.status_code == 302
    assert settings_of(company, enter).hours == {}


def test_several_odd_fields_are_listed_above_the_form_with_a_way_to_each(as_admin):
    page = as_admin.post("/settings/hours/", {"mon": "whenever", "tue": "9 to 25"}).content.decode()
    summary = page.partition("Nothing is saved yet. Look at:")[2].partition("</ul>")[0]
    assert [f'href="#id_{day}"' in summary for day in ("mon", "tue", "wed")] == [True, True, False]
    assert html_rules.breaches_in(page) == []
    one = as_admin.post("/settings/hours/", {"mon": "whenever"}).content.decode()
    assert "Nothing is saved yet" not in one  # the focus goes to the field itself
    assert "is no time" in one


def test_special_days_are_added_replaced_and_removed(as_admin, company, enter):
    day = (timezone.localdate() + timedelta(days=40)).isoformat()
    refused = as_admin.post("/settings/hours/days/", {"date": day, "kind": "own", "hours": ""})
    assert refused.status_code == 422
    as_admin.post("/settings/hours/days/", {"date": day, "kind": "closed", "note": "Inventaris"})
    as_admin.post("/settings/hours/days/", {"date": day, "kind": "own", "hours": "10-14", "note": "Inventaris"})
    assert settings_of(company, enter).special_days == [
        {"date": day, "hours": [["10:00", "14:00"]], "note": "Inventaris"}
    ]
    assert "Inventaris" in as_admin.get("/settings/hours/").content.decode()
    as_admin.post("/settings/hours/days/drop/", {"date": day})
    assert settings_of(company, enter).special_days == []


def test_a_holiday_is_switched_off_on_the_page(as_admin, company, enter):
    as_admin.post("/settings/hours/", WEEK | {"fri": "9-17"})
    page = as_admin.get("/settings/hours/").content.decode()
    assert 'value="Goede vrijdag"' in page
    as_admin.post("/settings/hours/holidays/", {"worked": ["Goede vrijdag", "Verzonnen"]})
    assert settings_of(company, enter).special_days == [{"holiday": "Goede vrijdag", "note": ""}]
    assert as_admin.get("/settings/hours/").content.decode().count("checked") > page.count("checked")


def test_the_promise_and_its_intents_are_kept(as_admin, company, enter):
    assert as_admin.post("/settings/intents/promise/", {"response_minutes": 0, "warn_percent": 75}).status_code == 422
    as_admin.post("/settings/intents/promise/", {"response_minutes": 45, "warn_percent": 80})
    as_admin.post("/settings/intents/", {"name": "Klacht", "response_minutes": "15", "skill": "klachten"})
    as_admin.post("/settings/intents/", {"name": "Vraag"})
    twice = as_admin.post("/settings/intents/", {"name": "klacht"})
    assert twice.status_code == 422
    with enter(company):
        assert (InboxSettings.load().response_minutes, InboxSettings.load().warn_percent) == (45, 80)
        first, second = Intent.objects.order_by("position")
        assert (first.name, first.response_minutes, second.response_minutes) == ("Klacht", 15, None)
    as_admin.post(f"/settings/intents/{second.pk}/state/", {"to": "up"})
    as_admin.post(f"/settings/intents/{first.pk}/state/", {"to": "retired"})
    as_admin.post(f"/settings/intents/{second.pk}/", {"name": "Andere vraag", "response_minutes": "90", "skill": ""})
    with enter(company):
        assert [one.name for one in Intent.objects.order_by("position")] == ["Andere vraag", "Klacht"]
        assert Intent.objects.get(pk=first.pk).retired_at is not None
        actions = set(AuditEntry.objects.values_list("action", flat=True))
        assert {"intent.created", "intent.changed", "intent.retired"} <= actions


def test_labels_are_made_renamed_retired_and_merged(company, enter, supervisor):
    browser = browser_of(supervisor, company=company)
    for name in ("Spoed", "Haast"):
        browser.post("/settings/labels/", {"name": name, "hue": "4"})
    assert browser.post("/settings/labels/", {"name": "spoed", "hue": "4"}).status_code == 422
    with enter(company):
        spoed, haast = Label.objects.get(name="Spoed"), Label.objects.get(name="Haast")
        person = Contact.objects.create(name="Ana", labels=[haast.pk])
        SavedView.objects.create(name="Nu", query=f"view=open&label={haast.pk}")
    assert "1 contact" in browser.get(f"/settings/labels/{haast.pk}/").content.decode()
    browser.post(f"/settings/labels/{spoed.pk}/", {"name": "Met spoed", "hue": "9"})
    assert browser.post(f"/settings/labels/{haast.pk}/merge/", {"into": "x"}).status_code == 302
    browser.post(f"/settings/labels/{haast.pk}/merge/", {"into": str(spoed.pk)})
    browser.post(f"/settings/labels/{spoed.pk}/state/", {"to": "retired"})
    with enter(company):
        kept = Label.objects.get()
        assert (kept.name, kept.hue, kept.retired_at is not None) == ("Met spoed", 9, True)
        assert Contact.objects.get(pk=person.pk).labels == [spoed.pk]
        assert SavedView.objects.get().query == f"view=open&label={spoed.pk}"


def test_fields_are_added_ordered_changed_and_removed_with_what_is_in_them(as_admin, company, enter):
    as_admin.post("/settings/fields/", {"name": "Order number", "kind": "text"})
    as_admin.post("/settings/fields/", {"name": "Shop", "kind": "choice", "choices": "Utrecht\nZeist\nUtrecht"})
    assert as_admin.post("/settings/fields/", {"name": "shop", "kind": "text"}).status_code == 422
    assert as_admin.post("/settings/fields/", {"name": "List", "kind": "choice", "choices": " "}).status_code == 422
    as_admin.post("/settings/fields/shop/state/", {"to": "up"})
    as_admin.post("/settings/fields/shop/", {"name": "Branch", "choices": "Utrecht\nHouten", "kind": "text"})
    assert settings_of(company, enter).contact_fields == [
        {"key": "shop", "name": "Branch", "kind": "choice", "choices": ["Utrecht", "Houten"]},
        {"key": "order_number", "name": "Order number", "kind": "text"},
    ]
    with enter(company):
        person = Contact.objects.create(name="Ana", fields={"shop": "Utrecht", "order_number": "12"})
    assert "1 contact" in as_admin.get("/settings/fields/shop/").content.decode()
    as_admin.post("/settings/fields/shop/state/", {"to": "dropped"})
    with enter(company):
        assert Contact.objects.get(pk=person.pk).fields == {"order_number": "12"}
        assert AuditEntry.objects.get(action="contact_field.dropped").details["count"] == 1
    assert as_admin.get("/settings/fields/shop/").status_code == 404


def test_what_is_typed_as_hours_is_written_back_the_same():
    for typed in ("9-17", "09.00 tot 12.00 en 13.00 tot 24.00", "closed", "8h-10h; 11:15—12:45"):
        spans = clock_text.read(typed)
        assert clock_text.read(clock_text.written(spans)) == spans


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.TEXT, "  two   words ", "two words"),
        (Kind.NUMBER, "1.234,50", "1234.50"),
        (Kind.NUMBER, "00123", "00123"),
        (Kind.NUMBER, "１２٣", "123"),  # digits of other scripts
        (Kind.DATE, "30-6-2026", "2026-06-30"),
        (Kind.DATE, "2026-06-30", "2026-06-30"),
        (Kind.CHOICE, "Zeist", "Zeist"),
        (Kind.LINK, "crm.example/42", "https://crm.example/42"),
        (Kind.LINK, "", ""),
    ],
)
def test_values_are_kept_as_an_integrator_reads_them(kind, typed, kept):
    assert contact_fields.value_of(ContactField("k", "K", kind, ("Zeist",)), typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.TEXT, "x" * 301),
        (Kind.NUMBER, "twelve"),
        (Kind.NUMBER, "NaN"),
        (Kind.DATE, "31-02-2026"),
        (Kind.CHOICE, "Elsewhere"),
        (Kind.LINK, "javascript:alert(1)"),
        (Kind.LINK, "https://me@evil.example/"),
    ],
)
def test_what_does_not_fit_is_refused(kind, typed):
    with pytest.raises(OddValue):
        contact_fields.value_of(ContactField("k", "K", kind, ("Zeist",)), typed)
