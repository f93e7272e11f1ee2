"""Tone, notices and articles: written by who may, read by everybody who answers, put into the answer."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Article, InboxSettings, Notice, NoticeRead
from tenants.accounts.models import AuditEntry, User
from tenants.context import inside
from tenants.models import ClientCompany
from tests.architecture.html_rules import assert_clean
from tests.conversations.inbox.conftest import Inbox
from tests.fixtures.companies import Enter

pytestmark = pytest.mark.usefixtures("db")
HX = {"HX-Request": "true"}


@pytest.fixture
def inbox(company: ClientCompany, enter: Enter) -> Inbox:
    return Inbox(company, enter)


def notice_in(company: ClientCompany, title: str = "Vrijdag dicht", **fields: object) -> Notice:
    given = {"body": "Wegens inventaris.", "starts_at": timezone.now() - timedelta(hours=1)} | fields
    with inside(company.schema_name):
        return Notice.objects.create(title=title, **given)


def article_in(company: ClientCompany, title: str, **fields: object) -> Article:
    with inside(company.schema_name):
        return Article.objects.create(title=title, **({"body": "Zo zit het."} | fields))


class TestTone:
    def test_stands_beside_every_conversation_with_address_hours_and_links(
        self, as_supervisor: Client, as_agent: Client, company: ClientCompany, inbox: Inbox
    ) -> None:
        saved = as_supervisor.post(
            "/settings/briefing/",
            {
                "tone": "Kort, en nooit jolig.",
                "form_of_address": "formal",
                "links": "Retouren | https://fietsland.test/retour\n\nhttps://fietsland.test/maten",
                "house_rules": "",
            },
        )
        page = as_agent.get(f"/inbox/{inbox.conversation().pk}/").content.decode()

        assert saved.status_code == 302
        assert "Kort, en nooit jolig." in page
        assert "Formal (u, Sie)" in page
        assert "Always open" in page
        assert 'href="https://fietsland.test/retour"' in page
        assert_clean(page)
        with inside(company.schema_name):
            assert InboxSettings.load().links[1] == {"name": "fietsland.test", "url": "https://fietsland.test/maten"}
            entry = AuditEntry.objects.get(action="settings.changed")
            assert entry.details["fields"] == ["form_of_address", "links", "tone"]

    @pytest.mark.parametrize(
        "line", ["Retouren", "x | javascript:alert(1)", "x | http://", "x | ftp://a.test", "x | http://[a"]
    )
    def test_a_link_that_leads_nowhere_is_refused_in_its_place(self, as_admin: Client, line: str) -> None:
        assert as_admin.post("/settings/briefing/", {"links": line}).status_code == 422

    def test_agents_read_it_and_do_not_write_it(self, as_agent: Client) -> None:
        for path in ("/settings/briefing/", "/notices/new/", "/knowledge/new/"):
            assert as_agent.get(path).status_code == 403
        assert as_agent.get("/notices/").status_code == 200
        assert as_agent.get("/knowledge/").status_code == 200

    def test_says_whether_the_company_is_open_now(self, as_agent: Client, company: ClientCompany, inbox: Inbox) -> None:
        with inside(company.schema_name):
            InboxSettings(hours={"mon": []}, closed_on_holidays=False).save()

        page = as_agent.get(f"/inbox/{inbox.conversation().pk}/").content.decode()

        assert "Closed" in page

    @pytest.mark.parametrize(
        "path", ["/settings/briefing/", "/notices/", "/notices/new/", "/knowledge/", "/knowledge/new/"]
    )
    def test_the_pages_are_clean(self, as_admin: Client, company: ClientCompany, path: str) -> None:
        notice_in(company)
        article_in(company, "Retour", tags=["geld"])

        page = as_admin.get(path)

        assert page.status_code == 200
        assert_clean(page.content.decode())


class TestNotices:
    def test_an_unread_one_stands_above_the_composer_until_it_is_read(
        self, as_agent: Client, as_second_agent: Client, company: ClientCompany, agent: User, inbox: Inbox
    ) -> None:
        row, notice = inbox.conversation(), notice_in(company)
        composer = f"/inbox/{row.pk}/composer/"
        read = f"/notices/{notice.pk}/read/"
        assert f'hx-post="{read}"' in as_agent.get(composer, headers=HX).content.decode()

        assert as_agent.post(read, headers=HX).status_code == 200
        assert as_agent.post(read, headers=HX).status_code == 200

        assert read not in as_agent.get(composer, headers=HX).content.decode()
        assert read in as_second_agent.get(composer, headers=HX).content.decode()
        with inside(company.schema_name):
            assert NoticeRead.objects.get(notice=notice).user_id == agent.pk

    def test_only_those_that_hold_now_are_shown(self, as_agent: Client, company: ClientCompany, inbox: Inbox) -> None:
        now = timezone.now()
        notice_in(company, "Nog niet", starts_at=now + timedelta(hours=1))
        notice_in(company, "Voorbij", ends_at=now - timedelta(minutes=1))
        notice_in(company, "Nu")

        page = as_agent.get(f"/inbox/{inbox.conversation().pk}/").content.decode()

        assert "Nog niet" not in page
        assert "Voorbij" not in page
        assert "Nu" in page

    def test_other_words_are_read_anew_and_the_same_words_are_not(
        self, as_admin: Client, agent: User, company: ClientCompany
    ) -> None:
        notice = notice_in(company)
        with inside(company.schema_name):
            NoticeRead.objects.create(notice=notice, user=agent)

        as_admin.post(f"/notices/{notice.pk}/", {"title": notice.title, "body": notice.body, "urgent": "on"})
        with inside(company.schema_name):
            assert NoticeRead.objects.count() == 1
            assert Notice.objects.get().urgent
        assert "Agent" in as_admin.get(f"/notices/{notice.pk}/").content.decode()

        as_admin.post(f"/notices/{notice.pk}/", {"title": notice.title, "body": "Toch open."})
        with inside(company.schema_name):
            assert not NoticeRead.objects.exists()

    def test_ending_one_takes_it_away_at_once(self, as_admin: Client, company: ClientCompany, inbox: Inbox) -> None:
        running, coming = notice_in(company), notice_in(company, "Later", starts_at=timezone.now() + timedelta(days=1))

        for notice in (running, coming):
            assert as_admin.post(f"/notices/{notice.pk}/end/").status_code == 302

        with inside(company.schema_name):
            assert list(Notice.objects.values_list("title", flat=True)) == [running.title]
        assert running.title not in as_admin.get(f"/inbox/{inbox.conversation().pk}/").content.decode()

    def test_one_that_ends_before_it_begins_is_refused(self, as_admin: Client) -> None:
        given = {"title": "x", "body": "y", "starts_at": "2026-05-02T10:00", "ends_at": "2026-05-02T09:00"}

        assert as_admin.post("/notices/new/", given).status_code == 422

    def test_of_another_company_are_not_there(self, as_admin: Client, other_company: ClientCompany) -> None:
        notice = notice_in(other_company, "Van hen")

        assert as_admin.get(f"/notices/{notice.pk}/").status_code == 404
        assert as_admin.post(f"/notices/{notice.pk}/read/").status_code == 404
        assert "Van hen" not in as_admin.get("/notices/").content.decode()


class TestArticles:
    def test_are_found_by_words_in_title_text_and_tags_with_titles_first(
        self, as_agent: Client, company: ClientCompany
    ) -> None:
        article_in(company, "Levertijden", body="Een retour duurt langer.")
        article_in(company, "Retour sturen", tags=["geld terug"])
        article_in(company, "Openingstijden")

        found = as_agent.get("/knowledge/find/", {"q": "RETOUR"}, headers=HX).content.decode()

        assert found.index("Retour sturen") < found.index("Levertijden")
        assert "Openingstijden" not in found
        assert "Retour sturen" in as_agent.get("/knowledge/find/", {"q": "terug geld"}, headers=HX).content.decode()

    def test_the_customers_language_comes_first(self, as_agent: Client, company: ClientCompany) -> None:
        article_in(company, "Aaa", language="nl")
        article_in(company, "Bbb", language="de")

        found = as_agent.get("/knowledge/find/", {"language": "de"}, headers=HX).content.decode()

        assert found.index("Bbb") < found.index("Aaa")

    @pytest.mark.parametrize("text", ["\x00", "%", "_", "'; drop table x; --", "a" * 5000])
    def test_odd_searches_find_nothing_and_break_nothing(
        self, as_agent: Client, company: ClientCompany, text: str
    ) -> None:
        article_in(company, "Retour")

        assert as_agent.get("/knowledge/find/", {"q": text}, headers=HX).status_code == 200
        assert as_agent.get("/knowledge/", {"q": text}).status_code == 200

    def test_are_written_changed_retired_and_brought_back(self, as_supervisor: Client, company: ClientCompany) -> None:
        given = {
            "title": "Retour",
            "body": "Binnen 30 dagen.",
            "language": "nl",
            "tags": "geld, geld , post",
            "url": "",
        }
        assert as_supervisor.post("/knowledge/new/", given).status_code == 302
        with inside(company.schema_name):
            article = Article.objects.get()
        assert article.tags == ["geld", "post"]

        as_supervisor.post(f"/knowledge/{article.pk}/", given | {"body": "Binnen 14 dagen."})
        text = f"/knowledge/{article.pk}/text/"
        assert as_supervisor.get(text, headers=HX).json() == {"text": "Binnen 14 dagen."}

        as_supervisor.post(f"/knowledge/{article.pk}/retire/")
        assert as_supervisor.get(text, headers=HX).status_code == 404
        assert "Retour" not in as_supervisor.get("/knowledge/find/", headers=HX).content.decode()
        as_supervisor.post(f"/knowledge/{article.pk}/bring-back/")
        assert as_supervisor.get(text, headers=HX).status_code == 200
