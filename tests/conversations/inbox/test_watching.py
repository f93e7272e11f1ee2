"""Who looks and who types, to each other: for seconds, in Valkey only."""

from django.test import Client

from conversations.services.handling import watching
from tenants import wake
from tests.conversations.inbox.conftest import HX, Inbox


def test_colleagues_see_who_looks_and_who_types_until_they_leave(
    as_agent: Client, as_second_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    path = f"/inbox/{row.pk}/looking/"

    alone = as_agent.post(path, {"state": "looking"}, headers=HX).content.decode()
    together = as_second_agent.post(path, {"state": "looking"}, headers=HX).content.decode()
    as_second_agent.post(path, {"state": "note"}, headers=HX)
    typing = as_agent.get(path, headers=HX).content.decode()
    as_second_agent.post(path, {"state": "gone"}, headers=HX)
    left = as_agent.get(path, headers=HX).content.decode()

    assert "Agent" not in alone
    assert "Agent" in together and "looks" in together and "Second" not in together
    assert "Second Agent" in typing and "types a note" in typing
    assert "Second Agent" not in left


def test_looking_elsewhere_shows_nobody(as_agent: Client, as_second_agent: Client, inbox: Inbox) -> None:
    row, other = inbox.conversation(), inbox.conversation("Other")
    as_second_agent.post(f"/inbox/{other.pk}/looking/", {"state": "reply"}, headers=HX)

    assert "Second" not in as_agent.get(f"/inbox/{row.pk}/looking/", headers=HX).content.decode()


def test_who_says_nothing_for_a_while_is_gone_and_odd_states_say_nothing(
    as_agent: Client, as_second_agent: Client, inbox: Inbox
) -> None:
    row = inbox.conversation()
    path = f"/inbox/{row.pk}/looking/"
    as_second_agent.post(path, {"state": "looking"}, headers=HX)
    as_second_agent.post(path, {"state": "<script>"}, headers=HX)
    with inbox.inside():
        key = watching._key(row.pk)
    [(person, told)] = wake.client().hgetall(key).items()
    assert told.startswith(b"looking:")
    assert 0 < wake.client().ttl(key) <= 2 * watching.SECONDS

    wake.client().hset(key, person, "looking:1")

    assert "Second" not in as_agent.get(path, headers=HX).content.decode()


def test_without_valkey_nobody_is_shown_and_the_page_works(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation()
    wake.trip()

    told = as_agent.post(f"/inbox/{row.pk}/looking/", {"state": "looking"}, headers=HX)

    assert told.status_code == 200
