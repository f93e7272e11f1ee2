"""The queue: what each view holds, in which order it stands, and that its address says it all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import (
    Conversation,
    ConversationFollower,
    Label,
    Mention,
    Note,
    PromiseRecord,
    SavedView,
    Team,
    TeamMember,
)
from conversations.services import queue
from conversations.services.handling import next_up
from tenants.accounts.models import AuditEntry, User
from tests.conversations.inbox.conftest import HX, Inbox

Hold = Conversation.Hold


def change(inbox: Inbox, row: Conversation, **fields: Any) -> None:
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(**fields)


def shown(inbox: Inbox, user: User, **asked: str) -> list[UUID]:
    with inbox.inside():
        return [row.pk for row in queue.page(queue.Asked.read(asked), user=user).rows]


def test_every_view_holds_what_its_name_says(inbox: Inbox, agent: User, second_agent: User) -> None:
    now = timezone.now()
    waiting, mine, theirs, team, asleep, customer, client, closed = (inbox.conversation(f"P{n}") for n in range(8))
    change(inbox, mine, assignee=agent)
    change(inbox, theirs, assignee=second_agent, waiting_since=None)
    change(inbox, asleep, assignee=second_agent, hold=Hold.SNOOZED, hold_since=now, hold_until=now + timedelta(hours=1))
    change(inbox, customer, assignee=second_agent, hold=Hold.CUSTOMER, hold_since=now)
    change(inbox, client, assignee=second_agent, hold=Hold.CLIENT, hold_since=now)
    change(inbox, closed, status="closed", waiting_since=None)
    with inbox.inside():
        ours = Team.objects.create(name="Repairs")
        TeamMember.objects.create(team=ours, user=agent)
        Conversation.objects.filter(pk=team.pk).update(team=ours)
        note = Note.objects.create(channel=closed.channel, conversation=closed, author=agent, body="@", at=now)
        Mention.objects.create(note=note, conversation=closed, user=agent, at=now)
        ConversationFollower.objects.create(conversation=theirs, user=agent)

    def view(name: str) -> set[UUID]:
        return set(shown(inbox, agent, view=name))

    assert view("waiting") == {waiting.pk, mine.pk, team.pk}
    assert view("mine") == {mine.pk}
    assert view("unassigned") == {waiting.pk, team.pk}
    assert view("team") == {team.pk}
    assert (view("snoozed"), view("customer"), view("client")) == ({asleep.pk}, {customer.pk}, {client.pk})
    assert view("mentions") == {closed.pk}
    assert view("following") == {theirs.pk}
    assert view("open") == {row.pk for row in (waiting, mine, theirs, team, asleep, customer, client)}
    assert view("closed") == {closed.pk}
    with inbox.inside():
        counts = queue.counts(agent).numbers
    for name in ("waiting", "mine", "unassigned", "team", "snoozed", "customer", "client", "open", "mentions"):
        assert counts[name] == len(view(name)), name


def test_danger_stands_first_then_what_breaks_first_then_what_rests(inbox: Inbox, agent: User) -> None:
    now = timezone.now()
    late, soon, old_danger, new_danger, rests = (inbox.conversation(f"P{n}", minutes_ago=9 - n) for n in range(5))
    change(inbox, late, due_at=now + timedelta(hours=2))
    change(inbox, soon, due_at=now + timedelta(minutes=2))
    change(inbox, old_danger, danger_at=now - timedelta(minutes=5), due_at=now + timedelta(hours=5))
    change(inbox, new_danger, danger_at=now, due_at=now - timedelta(hours=5))
    change(inbox, rests, waiting_since=None)

    assert shown(inbox, agent, view="open") == [old_danger.pk, new_danger.pk, soon.pk, late.pk, rests.pk]
    danger = [old_danger.pk, new_danger.pk]  # above every sort
    assert shown(inbox, agent, view="open", sort="wait") == [*danger, late.pk, soon.pk, rests.pk]
    assert shown(inbox, agent, view="open", sort="newest") == [*danger, rests.pk, soon.pk, late.pk]
    assert shown(inbox, agent, view="open", sort="oldest") == [*danger, late.pk, soon.pk, rests.pk]


def test_what_came_back_stands_on_top_for_its_holder_and_when_nobodys_for_all_until_looked_at(
    inbox: Inbox, agent: User, second_agent: User
) -> None:
    now = timezone.now()
    late, danger, hers, nobodys, rests = (inbox.conversation(f"P{n}", minutes_ago=90 - n) for n in range(5))
    change(inbox, late, due_at=now - timedelta(hours=1))
    change(inbox, danger, danger_at=now)
    change(inbox, hers, assignee=agent, waiting_since=None, woke_at=now, unread_count=1)
    change(inbox, nobodys, waiting_since=None, woke_at=now - timedelta(minutes=1), unread_count=1)
    change(inbox, rests, assignee=agent, waiting_since=None)

    on_top = [danger.pk, nobodys.pk, hers.pk, late.pk]
    assert shown(inbox, agent) == shown(inbox, agent, sort="wait") == on_top
    assert shown(inbox, agent, view="mine") == [hers.pk, rests.pk]
    assert shown(inbox, agent, view="unassigned") == [danger.pk, nobodys.pk, late.pk]
    assert shown(inbox, second_agent) == [danger.pk, nobodys.pk, late.pk]
    assert shown(inbox, agent, sort="newest") == [danger.pk, nobodys.pk, hers.pk, late.pk]
    with inbox.inside():
        assert (queue.counts(agent).numbers["waiting"], queue.counts(second_agent).numbers["waiting"]) == (4, 3)
        assert (queue.counts(agent).unread, queue.counts(second_agent).unread) == (2, 1)
        following = next_up.following(agent, after=Conversation.objects.get(pk=danger.pk))
    assert following is not None and following.pk == nobodys.pk


def test_of_promises_that_break_together_who_waits_longest_comes_first(inbox: Inbox, agent: User) -> None:
    opening = timezone.now() + timedelta(hours=9)  # everybody who wrote in the night is promised the same moment
    rows = [inbox.conversation(f"P{waited}", minutes_ago=waited) for waited in (6, 180, 18)]
    for row in rows:
        change(inbox, row, due_at=opening)

    longest_first = [rows[1].pk, rows[2].pk, rows[0].pk]
    assert shown(inbox, agent, view="waiting") == longest_first
    with inbox.inside():
        following = next_up.following(agent)
        page = queue.page(queue.Asked.read({"view": "waiting"}), user=agent)
        keys = [queue.sort_key(row, view=queue.View.WAITING, sort=queue.Sort.BREAKS) for row in page.rows]
    assert following is not None and following.pk == longest_first[0]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("sort", list(queue.Sort))
@pytest.mark.parametrize("view", [queue.View.OPEN, queue.View.SNOOZED, queue.View.CLOSED])
def test_pages_join_without_gap_or_repetition_in_every_sort(
    view: queue.View, sort: queue.Sort, inbox: Inbox, agent: User
) -> None:
    now = timezone.now().replace(microsecond=0)
    for number in range(9):  # three share a moment
        row, at = inbox.conversation(f"P{number}"), now - timedelta(minutes=number // 3)
        waits = at - timedelta(seconds=number % 5) if number % 2 else None
        fields: dict[str, Any] = {"last_message_at": at, "due_at": at, "waiting_since": waits}
        fields |= {"danger_at": at} if number % 4 == 1 else {}
        fields |= {"woke_at": at} if number % 3 == 2 and view == queue.View.OPEN else {}
        fields |= {"hold": Hold.SNOOZED, "hold_since": at, "hold_until": at} if view == queue.View.SNOOZED else {}
        fields |= {"status": "closed"} if view == queue.View.CLOSED else {}
        change(inbox, row, **fields)
    asked = queue.Asked(view, sort)

    with inbox.inside():
        whole = [row.pk for row in queue.page(asked, user=agent).rows]
        parts, after = [], None
        while True:
            page = queue.page(asked, user=agent, after=after, limit=2)
            parts += [row.pk for row in page.rows]
            keys = [queue.sort_key(row, view=view, sort=sort) for row in page.rows]
            assert keys == sorted(keys)
            if page.next is None:
                break
            after = queue.Key.read(str(page.next))

    assert len(whole) == 9
    assert parts == whole


def test_filters_narrow_and_stand_in_the_address(as_agent: Client, inbox: Inbox, agent: User) -> None:
    first, second = inbox.conversation("Anna"), inbox.conversation("Bram")
    with inbox.inside():
        label = Label.objects.create(name="Warranty", hue=3)
    change(inbox, first, labels=[label.pk], assignee=agent, unread_count=2)
    address = urlencode({"view": "open", "sort": "newest", "assignee": "me", "label": label.pk, "unread": "1"})

    page = as_agent.get(f"/inbox/?{address}").content.decode()
    list_only = as_agent.get(f"/inbox/queue/?{address}", headers=HX | {"HX-Target": "queue-pane"})

    assert "Anna" in page and "Bram" not in page
    assert "Warranty" in page and '<bdi class="cut">Mine</bdi>' in page
    assert list_only["HX-Push-Url"] == f"/inbox/?{address}"
    assert f"/inbox/{first.pk}/?{address.replace('&', '&amp;')}" in page
    assert second.pk


def test_each_filter_finds_its_own(inbox: Inbox, agent: User) -> None:
    now = timezone.now()
    hit, miss = inbox.conversation("Anna"), inbox.conversation("Bram", minutes_ago=60 * 24 * 3)
    with inbox.inside():
        team = Team.objects.create(name="Repairs")
        PromiseRecord.objects.create(conversation=hit, waiting_since=now, due_at=now, broken_at=now)
        hit.contact.language = "de"
        hit.contact.save()
    change(inbox, hit, team=team, unread_count=1, due_at=now + timedelta(minutes=5))
    change(inbox, miss, assignee=agent, due_at=now + timedelta(days=1))
    today = timezone.localdate()
    for asked in (
        {"team": str(team.pk)},
        {"language": "de"},
        {"unread": "1"},
        {"promise": "soon"},
        {"promise": "broken"},
        {"assignee": "nobody"},
        {"since": str(today - timedelta(days=1))},
        {"q": "anna"},
    ):
        assert shown(inbox, agent, **asked) == [hit.pk], asked
    assert shown(inbox, agent, until=str(today - timedelta(days=2)), assignee=str(agent.pk)) == [miss.pk]


def test_what_an_address_says_oddly_is_left_out_and_said(as_agent: Client, inbox: Inbox) -> None:
    inbox.conversation("Anna")

    page = as_agent.get("/inbox/?view=nowhere&sort=up&label=x&team=%00&since=tomorrow&promise=1").content.decode()

    assert "Anna" in page
    assert "could not be understood" in page
    asked = queue.Asked.read({"view": "nowhere", "label": "x", "since": "tomorrow"})
    assert (asked.odd, asked.query) == (("view", "label", "since"), "")


def test_a_view_is_kept_shared_by_supervisors_only_and_deleted(
    as_agent: Client, as_second_agent: Client, as_supervisor: Client, inbox: Inbox
) -> None:
    inbox.conversation("Anna")

    kept = as_agent.post("/inbox/views/", {"name": "German ones", "query": "language=de&view=open", "shared": "1"})
    again = as_agent.post("/inbox/views/", {"name": " ", "query": ""}, headers=HX)
    with inbox.inside():
        mine = SavedView.objects.get()
    not_hers = as_second_agent.post(f"/inbox/views/{mine.pk}/delete/")
    as_supervisor.post("/inbox/views/", {"name": "Everybody's", "query": "view=unassigned&odd=1", "shared": "1"})
    page = as_agent.get("/inbox/").content.decode()
    others = as_second_agent.get("/inbox/").content.decode()

    assert kept["HX-Redirect"] == "/inbox/?view=open&language=de"
    assert mine.owner_id is not None, "an agent's own, whatever she asked for"
    assert (again.status_code, not_hers.status_code) == (422, 404)
    assert "German ones" in page and "Everybody&#x27;s" in page
    assert "German ones" not in others and "Everybody&#x27;s" in others
    assert as_agent.post(f"/inbox/views/{mine.pk}/", {"name": "Deutsch"}).status_code == 204
    assert as_agent.post(f"/inbox/views/{mine.pk}/delete/").status_code == 204
    with inbox.inside():
        assert [view.query for view in SavedView.objects.all()] == ["view=unassigned"]
        assert AuditEntry.objects.filter(action="view.shared").count() == 1


def test_a_view_is_renamed_and_what_is_wrong_stands_where_it_is_wrong(
    as_agent: Client, as_supervisor: Client, agent: User, inbox: Inbox
) -> None:
    with inbox.inside():
        first, second = (SavedView.objects.create(name=name, query="view=open", owner=agent) for name in "AB")
        shared = SavedView.objects.create(name="Everybody's", query="view=open")
    dialog = as_agent.get("/inbox/?view=open").content.decode()
    assert f'action="/inbox/views/{first.pk}/"' in dialog and f"/inbox/views/{shared.pk}/" not in dialog

    taken = as_agent.post(f"/inbox/views/{second.pk}/", {"name": "A", "query": "view=team"}, headers=HX)
    told = taken.content.decode()
    assert (taken.status_code, told.count('role="alert"')) == (422, 1)
    assert told.index('role="alert"') > told.index(f"/inbox/views/{second.pk}/")
    assert 'value="view=team"' in told
    refused = as_supervisor.post("/inbox/views/", {"name": " ", "query": ""}, headers=HX).content.decode()
    assert 'name="shared"' in refused and f"/inbox/views/{shared.pk}/" in refused

    as_supervisor.post(f"/inbox/views/{shared.pk}/", {"name": "All of us"})
    with inbox.inside():
        shared.refresh_from_db()
        assert shared.name == "All of us"
        assert AuditEntry.objects.filter(action="view.shared").exists()


def test_a_kept_view_forgets_whose_name_was_looked_for(as_agent: Client, inbox: Inbox) -> None:
    asked = {"name": "Open ones", "query": urlencode({"view": "open", "q": "Marieke Jansen"})}

    assert "is not kept" in as_agent.get("/inbox/?view=open&q=Marieke").content.decode()
    assert as_agent.post("/inbox/views/", asked)["HX-Redirect"] == "/inbox/?view=open"

    with inbox.inside():
        assert [view.query for view in SavedView.objects.all()] == ["view=open"]


def test_whoever_may_see_less_opens_a_shared_address_and_sees_less(as_agent: Client, inbox: Inbox) -> None:
    hidden, label = inbox.conversation("Anna"), uuid4()
    change(inbox, hidden, sensitive=True, labels=[label])

    page = as_agent.get(f"/inbox/?sensitive=1&label={label}&team={uuid4()}&assignee={uuid4()}")

    assert page.status_code == 200
    told = page.content.decode()
    assert "Anna" not in told and "Nothing passes these filters" in told
    assert as_agent.get(f"/inbox/{hidden.pk}/?sensitive=1").status_code == 404


def test_what_people_speak_is_found_with_its_region(as_agent: Client, inbox: Inbox, agent: User) -> None:
    row = inbox.conversation("Anna")
    inbox.conversation("Bram")
    with inbox.inside():
        row.contact.language = "pt_BR"
        row.contact.save()

    offered = as_agent.get("/inbox/filters/").content.decode()

    assert 'value="pt_BR"' in offered
    assert 'value="pt"' in offered and "Portuguese (Brazil)" in offered
    assert shown(inbox, agent, language="pt_BR") == [row.pk]


@pytest.mark.parametrize(
    ("spoken", "asked", "found"),
    [
        ("de_AT", "de", True), ("pt-BR", "pt", True), ("de", "de", True), ("DE", "de", True), ("pt_BR", "pt-br", True),
        ("fil", "fi", False), ("de", "de_AT", False), ("de_CH", "de_AT", False), ("", "de", False),
    ],
)  # fmt: skip
def test_a_language_finds_its_regions_and_a_region_itself_alone(
    inbox: Inbox, agent: User, spoken: str, asked: str, found: bool
) -> None:
    row = inbox.conversation("Anna")
    with inbox.inside():
        row.contact.language = spoken
        row.contact.save()

    assert (shown(inbox, agent, language=asked) == [row.pk]) is found


@pytest.mark.parametrize(
    "address",
    [
        "?view=unassigned",
        "?view=open&sort=wait",
        "?view=snoozed",
        "?view=mentions&sort=oldest",
        "?view=team",
        "?view=following",
        "?view=open&promise=broken&language=nl&q=marieke",
        "queue/?view=open",
        "queue/?view=open&after=0_2199-01-01T00:00:00+00:00_2199-01-01T00:00:00+00:00_00000000-0000-7000-8000-000000000000",
        "rows/?view=open",
        "filters/?view=open",
        "bulk/?act=give",
    ],
)
def test_every_part_of_the_queue_costs_the_same_with_few_rows_and_with_many(
    address: str, as_agent: Client, agent: User, inbox: Inbox, count_queries: Callable[[], Any]
) -> None:
    listed: list[str] = []

    def add(many: int) -> None:
        with inbox.inside():
            label, _made = Label.objects.get_or_create(name="Warranty")
        for _one in range(many):
            row = inbox.conversation()
            fields = {"hold": Hold.SNOOZED, "hold_since": timezone.now()} if "snoozed" in address else {}
            change(inbox, row, labels=[label.pk], assignee=agent, **fields)
            listed.append(str(row.pk))
            with inbox.inside():
                team = Team.objects.create(name=f"Team {len(listed)}")
                TeamMember.objects.create(team=team, user=agent)
                Conversation.objects.filter(pk=row.pk).update(team=team)
                ConversationFollower.objects.create(conversation=row, user=agent)
                if len(listed) < 12:
                    SavedView.objects.create(name=f"View {len(listed)}", query="view=open&q=marieke", owner=agent)
            if "mentions" in address:
                with inbox.inside():
                    note = Note.objects.create(
                        channel=row.channel, conversation=row, author=agent, body="@", at=timezone.now()
                    )
                    Mention.objects.create(note=note, conversation=row, user=agent, at=timezone.now())

    def ask() -> None:
        more = f"&ids={','.join(listed)}" if "rows" in address else ""
        assert as_agent.get(f"/inbox/{address}{more}").status_code == 200

    add(2)
    ask()
    with count_queries() as few:
        ask()
    add(10)
    with count_queries() as many:
        ask()

    assert len(many) == len(few) <= 18, [query["sql"][:90] for query in many.captured_queries]


def test_what_is_sensitive_is_neither_shown_nor_counted_for_people_without_clearance(
    as_agent: Client, inbox: Inbox, agent: User
) -> None:
    row = inbox.conversation("Anna")
    change(inbox, row, sensitive=True)

    hidden = as_agent.get("/inbox/").content.decode()
    with inbox.inside():
        without = queue.counts(agent).numbers["waiting"]
        User.objects.filter(pk=agent.pk).update(cleared_on=timezone.localdate())
    visible = as_agent.get("/inbox/").content.decode()

    assert "Anna" not in hidden and without == 0
    assert "Anna" in visible
    assert as_agent.get(f"/inbox/{uuid4()}/").status_code == 404


def test_a_kept_view_in_which_nobody_can_stand_counts_nothing(as_agent: Client, agent: User, inbox: Inbox) -> None:
    inbox.conversation()
    with inbox.inside():
        SavedView.objects.create(name="Gone", query="view=open&q=zzz", owner=agent)

    assert b"Gone" in as_agent.get("/inbox/").content
