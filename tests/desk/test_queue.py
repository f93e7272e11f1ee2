"""One queue over all clients: what breaks first on top, names fetched from each client, nothing without a grant."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.desk.models import DeskEntry
from conversations.models import Conversation
from tenants.accounts.models import User
from tenants.accounts.services import grants
from tenants.context import inside
from tenants.models import ClientCompany, StaffGrant
from tenants.services.companies import create_company
from tests.architecture.html_rules import assert_clean
from tests.desk.conftest import HX, Waits, asked, counted, give, row_at

pytestmark = pytest.mark.usefixtures("db")


def rows_of(page: Any) -> list[str]:
    """The ids of the rows, from the top."""
    return re.findall(r'id="row-([0-9a-f-]{36})"', page.content.decode())


@pytest.mark.usefixtures("granted_both")
class TestOrder:
    def test_rows_of_all_clients_stand_by_what_breaks_first_and_danger_above_all(
        self, as_staff: Client, company: ClientCompany, other_company: ClientCompany, waits: Waits
    ) -> None:
        late = waits(company, "Laat", minutes_ago=90)
        fresh = waits(other_company, "Vers", minutes_ago=2)
        danger = waits(other_company, "Nood", minutes_ago=1, danger_at=timezone.now())
        waits(company, "Klaar", minutes_ago=200, waiting_since=None, due_at=None)

        page = as_staff.get("/desk/")

        assert rows_of(page) == [str(danger.pk), str(late.pk), str(fresh.pk)]
        assert_clean(page.content.decode())

    def test_what_came_back_to_her_or_to_nobody_stands_on_top_until_looked_at(
        self, as_staff: Client, staff_person: User, company: ClientCompany, other_company: ClientCompany,
        agent: User, waits: Waits,
    ) -> None:  # fmt: skip
        now, late = timezone.now(), waits(company, "Laat", minutes_ago=90)
        back = {"waiting_since": None, "woke_at": now, "unread_count": 1}
        mine = waits(other_company, "Mijn", assignee=row_at(other_company, staff_person), **back)
        nobodys = waits(company, "Vrij", **(back | {"woke_at": now - timedelta(minutes=1)}))
        waits(company, "Van een ander", assignee=agent, **back)
        danger = waits(other_company, "Nood", minutes_ago=1, danger_at=now)

        page = as_staff.get("/desk/")

        assert rows_of(page) == [str(row.pk) for row in (danger, nobodys, mine, late)]
        assert page.content.decode().count("Came back") == 2
        assert page.context["counts"].waiting == 4
        keys = re.findall(r'data-key="(\S+?)"', page.content.decode())
        assert keys == sorted(keys)
        as_staff.get(f"/desk/{other_company.pk}/inbox/{mine.pk}/", headers=HX)
        assert rows_of(as_staff.get("/desk/")) == [str(row.pk) for row in (danger, nobodys, late)]

    def test_of_promises_that_break_together_who_waits_longest_comes_first(
        self, as_staff: Client, company: ClientCompany, other_company: ClientCompany, waits: Waits
    ) -> None:
        opening = timezone.now() + timedelta(hours=9)
        fresh = waits(company, "Vers", minutes_ago=6, due_at=opening)
        longest = waits(other_company, "Langst", minutes_ago=180, due_at=opening)
        between = waits(company, "Tussen", minutes_ago=18, due_at=opening)

        assert rows_of(as_staff.get("/desk/")) == [str(row.pk) for row in (longest, between, fresh)]

    def test_each_row_names_its_client_the_person_and_the_last_line(
        self, as_staff: Client, company: ClientCompany, other_company: ClientCompany, waits: Waits
    ) -> None:
        waits(company, "Marieke", said="Waar is mijn fiets?")
        waits(other_company, "Gerda", said="Komt er nog iemand?")

        text = as_staff.get("/desk/").content.decode()

        for shown in ("Marieke", "Waar is mijn fiets?", "Gerda", "Komt er nog iemand?"):
            assert shown in text
        assert text.count("desk-client") == 2
        assert f"hue-{company.hue}" in text

    def test_the_views_are_waiting_mine_all_and_on_hold(
        self, as_staff: Client, staff_person: User, company: ClientCompany, waits: Waits
    ) -> None:
        me = row_at(company, staff_person)
        waiting = waits(company, "Wacht")
        mine = waits(company, "Mijn", waiting_since=None, assignee=me)
        held = waits(company, "Slaapt", hold="snoozed", hold_until=timezone.now() + timedelta(hours=2))

        found = {view: set(rows_of(as_staff.get("/desk/", {"view": view}))) for view in ("waiting", "mine", "held")}
        everything = set(rows_of(as_staff.get("/desk/", {"view": "all"})))

        assert found == {"waiting": {str(waiting.pk)}, "mine": {str(mine.pk)}, "held": {str(held.pk)}}
        assert everything == {str(waiting.pk), str(mine.pk), str(held.pk)}

    def test_filters_by_client_language_and_skill(
        self, as_staff: Client, company: ClientCompany, other_company: ClientCompany, waits: Waits
    ) -> None:
        here, there = waits(company, "Hier"), waits(other_company, "Daar")
        DeskEntry.objects.filter(pk=here.pk).update(language="de", skills=["billing"])

        assert rows_of(as_staff.get("/desk/", {"client": str(other_company.pk)})) == [str(there.pk)]
        assert rows_of(as_staff.get("/desk/", {"language": "de"})) == [str(here.pk)]
        assert rows_of(as_staff.get("/desk/", {"skill": "billing"})) == [str(here.pk)]

    def test_a_language_finds_its_regions(
        self, as_staff: Client, company: ClientCompany, other_company: ClientCompany, waits: Waits
    ) -> None:
        here, there = waits(company, "Hier"), waits(other_company, "Daar")
        DeskEntry.objects.filter(pk=here.pk).update(language="de_AT")
        DeskEntry.objects.filter(pk=there.pk).update(language="fil")

        page = as_staff.get("/desk/", {"language": "de"})

        assert rows_of(page) == [str(here.pk)]
        assert rows_of(as_staff.get("/desk/", {"language": "de-at"})) == [str(here.pk)]
        assert rows_of(as_staff.get("/desk/", {"language": "de_CH"})) == []
        assert rows_of(as_staff.get("/desk/", {"language": "fi"})) == []
        told = page.content.decode()
        assert '<option value="de" selected>German</option>' in told
        assert '<option value="de_AT">German (Austria)</option>' in told

    def test_pages_follow_by_key_without_gaps_or_doubles(
        self, as_staff: Client, company: ClientCompany, other_company: ClientCompany, waits: Waits
    ) -> None:
        now = timezone.now()
        for number in range(45):  # fifteen each are promised the same moment
            due = now + timedelta(hours=number // 15)
            waits(company if number % 2 else other_company, f"Persoon {number}", minutes_ago=number, due_at=due)
        first = as_staff.get("/desk/queue/")
        after = re.search(r"after=([^\"&]+)", first.content.decode())
        assert after

        second = as_staff.get(f"/desk/queue/?after={after[1]}")

        assert len(rows_of(first)) == 40
        assert len(rows_of(second)) == 5
        assert not set(rows_of(first)) & set(rows_of(second))

    @pytest.mark.parametrize("after", ["x", "9_1_x", "1_99999999999999999999_0_" + "0" * 32, "\x00"])
    def test_an_odd_key_is_the_beginning(
        self, as_staff: Client, company: ClientCompany, waits: Waits, after: str
    ) -> None:
        waits(company, "Eerste")

        assert len(rows_of(as_staff.get("/desk/queue/", {"after": after}))) == 1

    def test_news_says_what_left_and_counts(self, as_staff: Client, company: ClientCompany, waits: Waits) -> None:
        stays, leaves = waits(company, "Blijft"), waits(company, "Gaat", waiting_since=None)

        news = as_staff.get("/desk/rows/", {"ids": f"{stays.pk},{leaves.pk},x", "view": "waiting"})

        assert rows_of(news) == [str(stays.pk)]
        assert 'data-of-waiting="1"' in news.content.decode()


class TestWithoutAGrant:
    def test_nothing_of_a_client_is_visible(self, as_staff: Client, company: ClientCompany, waits: Waits) -> None:
        row = waits(company, "Geheim")

        page = as_staff.get("/desk/", {"view": "all"})

        assert page.status_code == 200
        assert rows_of(page) == []
        assert "Geheim" not in page.content.decode()
        assert company.name not in page.content.decode()
        assert rows_of(as_staff.get("/desk/rows/", {"ids": str(row.pk), "view": "all"})) == []
        assert as_staff.get("/desk/", {"client": str(company.pk)}).status_code == 404

    def test_a_grant_shows_its_client_and_no_other(
        self, as_staff: Client, granted: StaffGrant, other_company: ClientCompany, waits: Waits
    ) -> None:
        waits(other_company, "Geheim")

        text = as_staff.get("/desk/", {"view": "all"}).content.decode()

        assert "Geheim" not in text
        assert other_company.name not in text

    def test_an_ended_grant_empties_the_desk_at_once(
        self, as_staff: Client, granted: StaffGrant, company: ClientCompany, waits: Waits
    ) -> None:
        waits(company, "Marieke")
        assert "Marieke" in as_staff.get("/desk/").content.decode()

        grants.end(granted, ended_by="Admin")

        assert "Marieke" not in as_staff.get("/desk/").content.decode()

    def test_sensitive_conversations_are_for_cleared_people(
        self, as_staff: Client, staff_person: User, company: ClientCompany, waits: Waits
    ) -> None:
        waits(company, "Kwetsbaar", sensitive=True)
        give(staff_person, company)
        assert "Kwetsbaar" not in as_staff.get("/desk/", {"view": "all"}).content.decode()
        User.objects.filter(pk=staff_person.pk).update(cleared_on=timezone.localdate())
        staff_person.refresh_from_db()

        # cleared at the agency but not at the client yet: the client's row decides
        assert "Kwetsbaar" not in as_staff.get("/desk/", {"view": "all"}).content.decode()
        give(staff_person, company)

        assert "Kwetsbaar" in as_staff.get("/desk/", {"view": "all"}).content.decode()

    def test_staff_of_another_agency_are_no_staff_here(self, as_agent: Client) -> None:
        assert as_agent.get("/desk/").status_code == 404


class TestCost:
    def test_the_queries_do_not_grow_with_the_rows(
        self, as_staff: Client, granted: StaffGrant, company: ClientCompany, waits: Waits
    ) -> None:
        def cost() -> int:
            with counted() as captured:
                assert as_staff.get("/desk/", {"view": "all", "limit": "100"}).status_code == 200
            return asked(captured)

        for number in range(3):
            waits(company, f"Persoon {number}", minutes_ago=number)
        cost()
        with_three = cost()
        for number in range(57):
            waits(company, f"Nog een {number}", minutes_ago=number)

        assert cost() == with_three
        assert with_three <= 22

    def test_every_further_company_on_the_page_costs_four_queries(
        self, as_staff: Client, staff_person: User, company: ClientCompany, agency: Any, waits: Waits
    ) -> None:
        def cost() -> int:
            with counted() as captured:
                as_staff.get("/desk/", {"view": "all"})
            return asked(captured)

        with inside(company.schema_name):
            number = Conversation.objects.model._meta.get_field("phone_number").related_model.objects.get()
        more = []
        for order in range(6):
            one = create_company(agency, name=f"Klant {order}", subdomain=f"klant-{order}", language="nl", country="NL")
            with inside(one.schema_name):
                number.save(force_insert=True)
            give(staff_person, one)
            more.append(one)
        for one in more[:2]:
            waits(one, "Iemand")
        cost()
        with_two = cost()
        for one in more[2:]:
            waits(one, "Iemand")

        assert cost() - with_two == 4 * 4


def test_who_waits_longest_stands_first_also_without_a_promise(
    as_staff: Client, granted: StaffGrant, company: ClientCompany, waits: Waits
) -> None:
    young = waits(company, "Jong", minutes_ago=1, due_at=None)
    old = waits(company, "Oud", minutes_ago=300, due_at=None)

    assert rows_of(as_staff.get("/desk/")) == [str(old.pk), str(young.pk)]


class TestOneByOne:
    def test_ones_own_conversations_of_all_clients_have_numbers(
        self, as_staff: Client, staff_person: User, company: ClientCompany, other_company: ClientCompany,
        granted_both: None, waits: Waits,
    ) -> None:  # fmt: skip
        for at in (company, other_company):
            waits(at, f"Bij {at.name}", assignee=row_at(at, staff_person))
        waits(company, "Van niemand")

        strip = as_staff.get("/desk/own/").content.decode()

        assert 'data-own="2"' in strip
        assert "Bij Fietsland" in strip
        assert "Bij Zorgvast" in strip
        assert "Van niemand" not in strip

    def test_the_next_one_is_nobodys_and_breaks_first(
        self, as_staff: Client, granted: StaffGrant, company: ClientCompany, agent: User, waits: Waits
    ) -> None:
        waits(company, "Van een ander", minutes_ago=90, assignee=agent)
        late, fresh = waits(company, "Laat", minutes_ago=60), waits(company, "Vers")
        middle = waits(company, "Ertussen", minutes_ago=30)

        assert as_staff.get("/desk/next/").headers["Location"].endswith(f"/{late.pk}/")
        for here, turn in ((late, middle), (middle, fresh), (fresh, late)):  # whoever goes past one sees the one behind
            after = as_staff.get("/desk/next/", {"after": str(here.pk)}, headers={"HX-Request": "true"})
            assert after["X-Next"].endswith(f"/{turn.pk}/")

    def test_an_id_alone_leads_to_its_conversation_and_only_under_a_grant(
        self, as_staff: Client, granted: StaffGrant, company: ClientCompany, other_company: ClientCompany, waits: Waits
    ) -> None:
        mine, strange = waits(company, "Hier"), waits(other_company, "Daar")

        assert as_staff.get(f"/desk/open/{mine.pk}/").headers["Location"] == f"/desk/{company.pk}/inbox/{mine.pk}/"
        assert as_staff.get(f"/desk/open/{strange.pk}/").status_code == 404
