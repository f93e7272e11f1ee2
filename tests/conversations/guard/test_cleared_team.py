"""In a team that is cleared as a whole words only warn; identifiers are hidden and stop there, too."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from conversations.models import Conversation, Team, TeamMember
from tenants.accounts.models import User
from tenants.models import ClientCompany
from tests.conversations.guard.test_coming_in import BSN, SICK, last
from tests.fixtures.companies import Enter
from tests.fixtures.webhooks import WriteFrom

Reply = Callable[..., Any]


def test_words_are_read_and_written_there_and_numbers_are_not(
    high_risk: ClientCompany,
    enter: Enter,
    write_from: WriteFrom,
    second_agent: User,
    cleared: Client,
    reply: Reply,
) -> None:
    write_from(None, f"{SICK}, bsn {BSN}")
    row = last(high_risk, enter).conversation
    page = f"/inbox/{row.pk}/"
    assert "zwanger" not in cleared.get(page).content.decode()
    assert reply(cleared, row, SICK).status_code == 422

    with enter(high_risk):
        team = Team.objects.create(name="Praktijk", cleared_as_a_whole=True)
        TeamMember.objects.create(team=team, user=second_agent)
        Conversation.objects.filter(pk=row.pk).update(team=team)

    shown = cleared.get(page).content.decode()
    assert "zwanger" in shown and BSN not in shown
    assert "zwanger" not in cleared.get("/inbox/").content.decode()  # lists keep them hidden
    assert reply(cleared, row, SICK).status_code == 200
    assert reply(cleared, row, f"bsn {BSN}").status_code == 422


def test_where_the_teams_word_has_lapsed_they_are_hidden_again(
    high_risk: ClientCompany, enter: Enter, write_from: WriteFrom, cleared: Client
) -> None:
    write_from(None, SICK)
    row = last(high_risk, enter).conversation
    with enter(high_risk):
        team = Team.objects.create(name="Praktijk", cleared_as_a_whole=True)
        Conversation.objects.filter(pk=row.pk).update(team=team)
        assert "zwanger" in cleared.get(f"/inbox/{row.pk}/").content.decode()
        Team.objects.update(cleared_as_a_whole=False)

    assert "zwanger" not in cleared.get(f"/inbox/{row.pk}/").content.decode()
