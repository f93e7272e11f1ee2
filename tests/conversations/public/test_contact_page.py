"""Everybody can see how to reach the company, and where to turn while WhatsApp does not work; nothing else."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import InboxSettings, NumberNews, PhoneNumber
from conversations.services.numbers import number_public, number_states
from tenants.accounts.models import AuditEntry
from tenants.models import ClientCompany
from tests.architecture import html_rules
from tests.conversations.public.conftest import Shown
from tests.fixtures.companies import Enter

pytestmark = pytest.mark.usefixtures("db")
HOURS = {day: [["09:00", "12:00"], ["13:00", "17:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def read(client: Client, language: str = "en") -> str:
    answer = client.get("/contact/", {"language": language})
    assert answer.status_code == 200
    page: str = answer.content.decode()
    assert html_rules.breaches_in(page) == []
    return page


def stop(company: ClientCompany, enter: Enter, number: PhoneNumber, reason: str = "banned") -> None:
    with enter(company):
        number_states.change(number, "stopped", reason=reason, source="probe")


def test_a_company_that_has_not_switched_it_on_has_no_page(stranger: Client) -> None:
    assert stranger.get("/contact/").status_code == 404


def test_the_page_says_how_to_reach_the_company(stranger: Client, shown: Shown, number: PhoneNumber) -> None:
    today = timezone.localdate()
    special = {"date": (today + timedelta(days=3)).isoformat(), "hours": [], "note": "Inventory"}
    shown(
        hours=HOURS,
        special_days=[special, {"date": "2020-01-01", "hours": [], "note": "Long ago"}],
        response_minutes=60,
        privacy_url="https://fietsland.example/privacy",
        other_phone="+31 20 123 45 67",
        other_mail="help@fietsland.example",
        other_form_url="https://fietsland.example/form",
        public_text={"nl": "Of kom langs in de winkel.", "en": "Or come to the shop."},
    )

    page = read(stranger)

    assert number.display_number in page
    assert f'href="https://wa.me/{number.display_number.lstrip("+")}"' in page
    assert 'src="data:image/svg+xml' in page
    for part in (
        "09:00–12:00, 13:00–17:30",
        "Inventory",
        "within 60 minutes",
        "tel:+31201234567",
        "Or come to the shop.",
    ):
        assert part in page
    for address in ("mailto:help@fietsland.example", "fietsland.example/privacy", "fietsland.example/form"):
        assert address in page
    assert "Long ago" not in page
    assert "Of kom langs in de winkel." in read(stranger, "nl")
    assert "Or come to the shop." not in read(stranger, "nl")


@pytest.mark.parametrize("who", ["stranger", "as_admin"])
def test_the_page_may_be_kept_for_everybody_and_knows_nobody(
    who: str, shown: Shown, request: pytest.FixtureRequest
) -> None:
    shown()
    client: Client = request.getfixturevalue(who)

    answer = client.get("/contact/", headers={"accept-language": "de-AT,en;q=0.5"})

    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert (answer.headers["Vary"], answer.headers["Content-Language"]) == ("Accept-Language", "de")
    assert not answer.cookies
    assert "csrf" not in answer.content.decode()
    assert "<script" not in answer.content.decode()
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert client.post("/contact/").status_code == 405


def test_the_page_knows_holidays_and_whether_it_is_open(shown: Shown, company: ClientCompany, enter: Enter) -> None:
    christmas = {"date": "2026-12-26", "hours": None, "note": "We are there for you"}
    shown(hours=HOURS | {"sat": [["10:00", "16:00"]]}, special_days=[christmas])
    noon = datetime(2026, 12, 21, 12, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))  # a Monday, between two spans
    with enter(company):
        page = number_public.page_of(InboxSettings.load(), company, language="en", at=noon)
        later = number_public.page_of(InboxSettings.load(), company, language="en", at=noon + timedelta(hours=1))

    assert (page.open_now, page.changes_at) == (False, noon + timedelta(minutes=30))
    assert (later.open_now, later.changes_at) == (True, noon + timedelta(hours=5))
    special = {day.isoformat(): (words, note) for day, words, note in page.special}
    assert special["2026-12-25"] == ("closed", "Christmas Day")
    assert special["2026-12-26"] == ("open as usual", "We are there for you")
    assert "2026-12-24" not in special


def test_nothing_about_people_is_on_it(stranger: Client, shown: Shown, as_admin: Client, as_agent: Client) -> None:
    shown(client_people=[{"name": "Piet", "email": "piet@fietsland.example", "about": ""}], duty_number="+3161")
    page = read(stranger)

    for secret in ("piet", "Piet", "+3161", "/inbox/", "/accounts/", "Balans"):
        assert secret not in page


def test_a_banned_number_switches_the_page_without_saying_why(
    stranger: Client, shown: Shown, company: ClientCompany, enter: Enter, number: PhoneNumber
) -> None:
    shown(other_mail="help@fietsland.example")
    stop(company, enter, number)

    page = read(stranger)

    assert "cannot be used on WhatsApp since" in page
    assert 'href="#other"' in page
    assert "https://wa.me/" not in page
    assert "ban" not in page.lower().replace("bank", "")


def test_a_second_number_is_named_instead(
    stranger: Client, shown: Shown, company: ClientCompany, enter: Enter, number: PhoneNumber
) -> None:
    shown()
    with enter(company):
        PhoneNumber.objects.create(
            phone_number_id="88",
            waba_id="99",
            display_number="+31201000099",
            meta_app_id=number.meta_app_id,
            state="live",
        )
    stop(company, enter, number)

    page = read(stranger)

    assert "Write to the other number below." in page
    assert "https://wa.me/31201000099" in page


def test_numbers_that_were_let_go_or_are_not_live_are_not_shown(
    stranger: Client, shown: Shown, company: ClientCompany, enter: Enter, number: PhoneNumber
) -> None:
    shown()
    with enter(company):
        fields = {"waba_id": "99", "meta_app_id": number.meta_app_id}
        PhoneNumber.objects.create(phone_number_id="88", display_number="+31201000088", state="setup", **fields)
        left = {"state": "stopped", "state_reason": "let_go", "state_since": timezone.now()}
        PhoneNumber.objects.create(phone_number_id="89", display_number="+31201000089", **left, **fields)

    page = read(stranger)

    assert "+31201000088" not in page
    assert "+31201000089" not in page


def test_an_admin_switches_the_page_on(as_admin: Client, as_agent: Client, stranger: Client) -> None:
    url = "/settings/contact-page/"
    assert as_agent.get(url).status_code == 403
    assert html_rules.breaches_in(as_admin.get(url).content.decode()) == []
    assert as_admin.post(url, {"public_page": "on", "other_mail": "no address"}).status_code == 422

    given = {"public_page": "on", "other_mail": "help@fietsland.example", "text_nl": "Bel ons.", "text_de": " "}
    assert as_admin.post(url, given).status_code == 302

    assert "Bel ons." in read(stranger, "de")
    assert "/contact/" in as_admin.get(url).content.decode()


def notice_at(number: PhoneNumber) -> str:
    return f"/numbers/{number.pk}/notice/"


@pytest.fixture
def published(as_admin: Client, number: PhoneNumber) -> Callable[..., Any]:
    def publish(**given: str) -> Any:
        return as_admin.post(notice_at(number), {"on": "2026-11-22", **given})

    return publish


def test_a_stop_notice_is_read_by_everybody_until_it_is_withdrawn(
    published: Callable[..., Any],
    as_admin: Client,
    stranger: Client,
    company: ClientCompany,
    enter: Enter,
    number: PhoneNumber,
) -> None:
    assert html_rules.breaches_in(as_admin.get(notice_at(number)).content.decode()) == []
    assert published(text_nl="", text_de="").status_code == 422

    assert published(text_nl="We stoppen <b>hier</b>.", text_de="Wir hören auf.").status_code == 302

    assert "We stoppen &lt;b&gt;hier&lt;/b&gt;." in read(stranger, "nl")
    assert '<div lang="de"><p>Wir hören auf.</p></div>' in read(stranger, "de")
    assert '<div lang="nl">' in read(stranger, "en")  # the company's own language
    assert "22" in read(stranger)
    with enter(company):
        assert InboxSettings.load().public_page
        assert AuditEntry.objects.filter(action="number.notice_published").count() == 1

    assert as_admin.post(f"{notice_at(number)}withdraw/").status_code == 302

    assert "stoppen" not in read(stranger, "nl")
    assert "We stoppen" in as_admin.get(notice_at(number)).content.decode()
    with enter(company):
        words = NumberNews.objects.filter(kind="profile").order_by("at", "id").values_list("after", flat=True)
        assert list(words) == ["notice_published", "notice_withdrawn"]


def test_agents_publish_no_notice_and_strangers_to_the_company_find_none(
    as_supervisor: Client, as_other_admin: Client, number: PhoneNumber
) -> None:
    given = {"on": "2026-11-22", "text_nl": "Weg."}

    assert as_supervisor.post(notice_at(number), given).status_code == 403
    assert as_other_admin.post(notice_at(number), given).status_code == 404


def test_trouble_on_the_numbers_page_leads_to_the_notice(
    as_admin: Client, company: ClientCompany, enter: Enter, number: PhoneNumber
) -> None:
    stop(company, enter, number)

    page = as_admin.get(f"/numbers/{number.pk}/").content.decode()

    assert notice_at(number) in page
    assert "so people are not told" in page


def test_days_that_are_alike_stand_together() -> None:
    hours = {**HOURS, "sat": [["10:00", "16:00"]]}

    assert number_public.hours_in_words(hours) == [
        ("Mon–Fri", "09:00–12:00, 13:00–17:30"),
        ("Sat", "10:00–16:00"),
        ("Sun", "closed"),
    ]
    assert number_public.hours_in_words({}) == []
