"""What people set about themselves, and the language they are spoken to in."""

import pytest
from django.test import Client

from tenants.accounts.models import AuditEntry, User
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter

GIVEN = {"name": "Sanne", "alias": "Team fiets", "language": "de", "theme": "dark", "undo_seconds": "7"}


def test_a_person_changes_her_own_profile_and_it_is_recorded_by_name_only(
    as_agent: Client, agent: User, company: ClientCompany, enter: Enter
) -> None:
    answer = as_agent.post("/accounts/profile/", GIVEN)

    assert answer.status_code == 302
    with enter(company):
        agent.refresh_from_db()
        entry = AuditEntry.objects.get(action="profile.changed")
    assert (agent.name, agent.alias, agent.theme, agent.undo_seconds) == ("Sanne", "Team fiets", "dark", 7)
    assert (entry.actor_kind, entry.subject_kind) == ("user", "user")
    switched_off = {"enter_sends", "letter_keys"}
    assert set(entry.details["fields"]) == {"name", "alias", "language", "theme", "undo_seconds"} | switched_off
    page = as_agent.get("/accounts/profile/").content.decode()
    assert '<html lang="de" data-theme="dark"' in page


def test_what_enter_does_is_a_choice_of_ones_own(as_agent: Client) -> None:
    as_agent.post("/accounts/profile/", {**GIVEN, "enter_sends": "on"})

    page = as_agent.get("/accounts/profile/").content.decode()
    assert 'name="enter_sends"' in page and "checked" in page.partition('name="enter_sends"')[2][:120]


@pytest.mark.parametrize("seconds", ["-1", "11", "many", ""])
def test_seconds_to_undo_are_from_zero_to_ten(as_agent: Client, seconds: str) -> None:
    answer = as_agent.post("/accounts/profile/", {**GIVEN, "undo_seconds": seconds})

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()


@pytest.mark.parametrize("field", ["theme", "language"])
def test_values_that_do_not_exist_are_refused(as_agent: Client, field: str) -> None:
    assert as_agent.post("/accounts/profile/", {**GIVEN, field: "klingon"}).status_code == 422


def test_markup_in_a_name_stays_text(as_agent: Client) -> None:
    as_agent.post("/accounts/profile/", {**GIVEN, "name": "<script>alert(1)</script>"})

    page = as_agent.get("/accounts/profile/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_staff_set_how_they_answer_once_and_have_no_alias_of_their_own(as_staff: Client) -> None:
    page = as_staff.get("/accounts/profile/").content.decode()

    assert 'name="undo_seconds"' in page and 'name="open_next"' in page
    assert 'name="alias"' not in page
    given = {"name": "Kim", "language": "", "theme": "", "undo_seconds": "5"}
    assert as_staff.post("/accounts/profile/", given).status_code == 302


def test_signed_out_people_choose_a_language_for_their_browser(on_company: Client) -> None:
    assert '<html lang="nl"' in on_company.get("/accounts/login/").content.decode()

    answer = on_company.post("/accounts/language/", {"language": "de", "next": "/accounts/login/"})

    assert answer["Location"] == "/accounts/login/"
    assert '<html lang="de"' in on_company.get("/accounts/login/").content.decode()


def test_the_way_back_never_leads_to_another_site(on_company: Client) -> None:
    answer = on_company.post("/accounts/language/", {"language": "de", "next": "https://evil.example/"})

    assert answer["Location"] == "/"


def test_one_language_here_changes_nothing_elsewhere(as_agent: Client, as_other_agent: Client) -> None:
    as_agent.post("/accounts/language/", {"language": "de", "next": "/"})

    assert '<html lang="de"' in as_agent.get("/accounts/profile/").content.decode()
    assert '<html lang="en"' in as_other_agent.get("/accounts/profile/").content.decode()


@pytest.mark.parametrize("side", ["as_agent", "as_staff"])
def test_notifications_and_sound_are_a_choice_and_nothing_at_first(side: str, request: pytest.FixtureRequest) -> None:
    browser: Client = request.getfixturevalue(side)
    before = browser.get("/accounts/profile/").content.decode()
    browser.post("/accounts/profile/", {**GIVEN, "notify_desktop": "on", "notify_sound": "on"})

    after = browser.get("/accounts/profile/").content.decode()
    assert "data-wants" not in before
    assert '<div id="notify" hidden data-wants-desktop data-wants-sound' in after
    assert "data-notify-try" in after


def test_who_wants_to_be_told_is_told_on_every_page_and_by_one_script(as_agent: Client, as_staff: Client) -> None:
    assert 'id="notify"' not in as_agent.get("/contacts/").content.decode()

    as_agent.post("/accounts/profile/", {**GIVEN, "notify_desktop": "on"})
    given = {"name": "Daan", "theme": "", "language": "", "undo_seconds": "5", "notify_sound": "on"}
    assert as_staff.post("/accounts/profile/", given).status_code == 302

    for client, path in ((as_agent, "/contacts/"), (as_agent, "/search/"), (as_staff, "/"), (as_staff, "/floor/")):
        page = client.get(path).content.decode()
        assert page.count('id="notify"') == page.count("data-live-waits") == 1, path
    for client, path in ((as_agent, "/inbox/"), (as_agent, "/accounts/profile/"), (as_staff, "/desk/")):
        page = client.get(path).content.decode()
        assert (page.count('id="notify"'), page.count("data-live-waits")) == (1, 0), path
