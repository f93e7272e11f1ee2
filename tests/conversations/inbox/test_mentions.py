"""A note calls colleagues and teams by an @; who is called sees it, and seen is what she opened."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, Mention, Team, TeamMember
from tenants.accounts.models import User
from tests.conversations.inbox.conftest import HX, Inbox


def note(browser: Client, row: Conversation, body: str) -> None:
    assert browser.post(f"/inbox/{row.pk}/note/", {"body": body}, headers=HX).status_code == 200


def called(inbox: Inbox) -> list[Any]:
    with inbox.inside():
        return list(Mention.objects.order_by("user__name").values_list("user__name", flat=True))


def test_a_colleague_named_in_a_note_is_called_once_and_oneself_is_not(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    note(as_agent, row, "@second agent and @Second Agent, look; I am @Agent. Mail me@Supervisor.example")

    assert called(inbox) == ["Second Agent"]


def test_a_team_calls_its_people(as_agent: Client, supervisor: User, second_agent: User, inbox: Inbox) -> None:
    row = inbox.conversation()
    with inbox.inside():
        team = Team.objects.create(name="Werkplaats")
        for user in (supervisor, second_agent):
            TeamMember.objects.create(team=team, user=user)

    note(as_agent, row, "Wat vindt de @werkplaats ervan?")

    assert called(inbox) == ["Second Agent", "Supervisor"]


def test_it_is_seen_when_the_called_one_opens_the_conversation(
    as_agent: Client, as_second_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    note(as_agent, row, "@Second Agent?")

    as_agent.get(f"/inbox/{row.pk}/")
    with inbox.inside():
        assert Mention.objects.get().seen_at is None
    as_second_agent.get(f"/inbox/{row.pk}/")
    with inbox.inside():
        assert Mention.objects.get().seen_at is not None


def test_it_is_seen_by_whoever_looks_at_the_conversation_when_the_note_comes(
    as_agent: Client, as_second_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    since = timezone.now().isoformat()
    note(as_agent, row, "@Second Agent?")

    as_second_agent.get(f"/inbox/{row.pk}/news/", {"since": since})
    with inbox.inside():
        assert Mention.objects.get().seen_at is None
    as_second_agent.get(f"/inbox/{row.pk}/news/", {"since": since, "looking": "1"})
    with inbox.inside():
        assert Mention.objects.get().seen_at is not None


def test_whom_a_note_calls_is_marked_and_the_reader_more_than_others(
    as_agent: Client, as_second_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        Team.objects.create(name="Werkplaats")
    note(as_agent, row, "@second agent of de @Werkplaats? <b>Niet @Niemand</b>, niet me@Werkplaats.example")

    mine, theirs = (each.get(f"/inbox/{row.pk}/").content.decode() for each in (as_second_agent, as_agent))

    assert '<mark class="mention" data-mine>@second agent</mark>' in mine
    assert '<mark class="mention">@second agent</mark>' in theirs
    assert '<mark class="mention">@Werkplaats</mark>' in mine and mine.count('<mark class="mention') == 2
    assert "&lt;b&gt;Niet @Niemand&lt;/b&gt;" in mine


@pytest.mark.parametrize(("typed", "first"), [("", "Admin"), ("sec", "Second Agent"), ("werk", "Werkplaats")])
def test_people_and_teams_are_offered_by_their_letters(
    as_agent: Client, inbox: Inbox, other_inbox: Inbox, typed: str, first: str
) -> None:
    row = inbox.conversation()
    for each in (inbox, other_inbox):
        with each.inside():
            Team.objects.create(name="Werkplaats" if each is inbox else "Zorg")

    shown = as_agent.get(f"/inbox/{row.pk}/colleagues/", {"q": typed}, headers=HX).content.decode()

    assert shown.index(f'data-name="{first}"') == shown.index("data-name=")
    assert "Zorg" not in shown and 'data-name="Agent"' not in shown


def test_of_a_sensitive_conversation_only_the_cleared_are_called(
    as_agent: Client, agent: User, second_agent: User, inbox: Inbox
) -> None:
    row = inbox.conversation()
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(sensitive=True)
        User.objects.filter(pk=agent.pk).update(cleared_on="2026-01-01")

    note(as_agent, row, "@Second Agent?")
    assert called(inbox) == []
    with inbox.inside():
        User.objects.filter(pk=second_agent.pk).update(cleared_on="2026-01-01")
    note(as_agent, row, "@Second Agent?")
    assert called(inbox) == ["Second Agent"]


@pytest.mark.parametrize(("language", "name", "word"), [("de", "daumen hoch", ""), ("nl", "duim omhoog", "bedankt")])
def test_the_emoji_picker_is_found_by_names_in_the_readers_language_and_in_english(
    as_agent: Client, agent: User, inbox: Inbox, language: str, name: str, word: str
) -> None:
    with inbox.inside():
        User.objects.filter(pk=agent.pk).update(language=language)

    response = as_agent.get("/emoji/", headers=HX)

    shown = response.content.decode()
    assert f'aria-label="{name}"' in shown and word in shown and "thumbs up" in shown
    assert "private" in response["Cache-Control"] and shown.count('class="emoji"') > 300
