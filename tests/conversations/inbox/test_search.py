"""Finding what was said: words in three languages, beginnings, numbers, file names; nobody finds what is hidden."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, Label, MediaFile, Message, Note, SearchEntry, SearchTodo
from conversations.search_words import Query, snippet
from conversations.services import removal, search
from tenants import work
from tenants.accounts.models import AuditEntry, User
from tests.conversations.inbox.conftest import Inbox


def index(inbox: Inbox) -> None:
    with inbox.inside():
        search.index()


def found(inbox: Inbox, text: str, user: User, **narrowed: Any) -> list[str]:
    with inbox.inside():
        page = search.find(text, user=user, filters=search.Filters(**narrowed))
        return [one.row.body for one in page.found]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Mijn fietsen zijn gestolen", "fiets gestolen"),
        ("Wo bleiben meine Bestellungen?", "bestellung"),
        ("The deliveries were delayed", "delivery delay"),
        ("Café crème, s'il vous plaît", "cafe creme"),
        ("Bel me op 06-1234 5678", "0612345678"),
        ("Order 2026-00471 is kapot", "202600471"),
        ("Het wachtwoordherstel werkt niet", "wachtwoordh"),
        ("Möbelhaus", "mobelhaus"),
        ("Onderdeel AB1234 ontbreekt", "ab1234"),
        ("Onderdeel AB1234 ontbreekt", "onderdeel ab12"),
    ],
)
def test_words_are_found_by_stem_accent_number_and_beginning(said: str, asked: str, inbox: Inbox, agent: User) -> None:
    inbox.conversation(said=said)
    inbox.conversation(said="Something else entirely")
    index(inbox)

    assert found(inbox, asked, agent) == [said]


def test_all_words_have_to_stand_there_and_the_latest_comes_first(inbox: Inbox, agent: User) -> None:
    now = timezone.now()
    row = inbox.conversation(said="blue bicycle", minutes_ago=50)
    inbox.message(row, body="red bicycle", at=now - timedelta(minutes=40))
    inbox.message(row, body="a blue, broken bicycle", at=now - timedelta(days=400))
    inbox.message(row, body="blue again, a bicycle", at=now)
    index(inbox)

    assert found(inbox, "blue bicycle", agent) == ["blue again, a bicycle", "blue bicycle", "a blue, broken bicycle"]


def test_pages_follow_one_another_over_weeks_and_years(inbox: Inbox, agent: User) -> None:
    row, now = inbox.conversation(said="nothing"), timezone.now().replace(microsecond=0)
    for number in range(12):
        inbox.message(row, body=f"parcel {number}", at=now - timedelta(days=number // 2 * 60))
    index(inbox)

    with inbox.inside():
        seen, after = [], None
        while True:
            page = search.find("parcel", user=agent, after=after, limit=5)
            seen += [one.row.body for one in page.found]
            if page.next is None:
                break
            after = search.Key.read(str(page.next))

    assert len(seen) == len(set(seen)) == 12
    assert {seen[0], seen[1]} == {"parcel 0", "parcel 1"}


def test_names_of_files_notes_and_structured_parts_are_found(inbox: Inbox, agent: User) -> None:
    row = inbox.conversation(said="hello")
    with inbox.inside():
        media = MediaFile.objects.create(
            phone_number_id=row.phone_number_id,
            direction="in",
            kind="document",
            filename="Factuur-april.pdf",
            received_at=timezone.now(),
        )
        Note.objects.create(channel=row.channel, conversation=row, author=agent, body="Belt liever", at=timezone.now())
    inbox.message(row, type="document", body="", media=media)
    inbox.message(row, type="location", body="", content={"name": "Stationsplein", "address": "Utrecht"})
    index(inbox)

    with inbox.inside():
        kinds = [
            (one.kind, one.line[0][0] if one.line else "")
            for text in ("factuur", "liever", "stationsplein")
            for one in search.find(text, user=agent).found
        ]
    assert [kind for kind, _line in kinds] == ["message", "note", "message"]
    assert kinds[0][1] == "Factuur"


def test_filters_narrow_the_lines(inbox: Inbox, agent: User) -> None:
    now, today = timezone.now(), timezone.localdate()
    row, other = inbox.conversation(said="parcel from her"), inbox.conversation(said="parcel of another")
    inbox.message(row, direction="out", body="parcel from us", at=now)
    inbox.message(row, body="parcel long ago", at=now - timedelta(days=30))
    with inbox.inside():
        label = Label.objects.create(name="Warranty")
        Conversation.objects.filter(pk=other.pk).update(labels=[label.pk])
    index(inbox)

    assert found(inbox, "parcel", agent, direction="out") == ["parcel from us"]
    assert found(inbox, "parcel", agent, label=label.pk) == ["parcel of another"]
    assert found(inbox, "parcel", agent, until=today - timedelta(days=20)) == ["parcel long ago"]
    assert "parcel long ago" not in found(inbox, "parcel", agent, since=today - timedelta(days=20))
    assert found(inbox, "parcel", agent, with_file=True) == []


def test_what_is_masked_removed_or_deleted_is_not_found(inbox: Inbox, agent: User, admin: User) -> None:
    row = inbox.conversation(said="hello")
    masked = inbox.message(row, body="my number is 123456782 thanks", masks=[[13, 22, "bsn"]])
    removed = inbox.message(row, body="parcel removed")
    deleted = inbox.message(row, body="parcel deleted")
    index(inbox)
    assert found(inbox, "123456782", agent) == []
    assert found(inbox, "thanks", agent) == [masked.body]

    with inbox.inside():
        removal.remove_message(removed, admin, "asked")
        Message.objects.filter(pk=deleted.pk).delete()
        assert not SearchEntry.objects.filter(pk__in=[removed.pk, deleted.pk]).exists(), "gone with the row"
    index(inbox)

    assert found(inbox, "parcel", agent) == []


def test_an_edited_message_is_found_by_its_new_words(inbox: Inbox, agent: User) -> None:
    row = inbox.conversation(said="old words")
    index(inbox)
    with inbox.inside():
        message = Message.objects.get(conversation=row)
        message.body = "new words"
        message.save()
    index(inbox)

    assert found(inbox, "old", agent) == []
    assert found(inbox, "new", agent) == ["new words"]


def test_sensitive_threads_are_found_by_cleared_people_only(inbox: Inbox, agent: User) -> None:
    row = inbox.conversation(said="about my diagnosis")
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(sensitive=True)
    index(inbox)

    hidden = found(inbox, "diagnosis", agent)
    agent.cleared_on = timezone.localdate()

    assert hidden == []
    assert found(inbox, "diagnosis", agent) == ["about my diagnosis"]


def test_every_way_in_leaves_a_mark_and_taking_in_twice_is_once(inbox: Inbox, agent: User) -> None:
    inbox.conversation(said="parcel")

    with inbox.inside():
        waits = SearchTodo.objects.count()
        marks = work.WorkMark.objects.filter(kind="search", schema_name=inbox.company.schema_name).count()
        search.index()
        search.queue_everything()
        search.index()
        left = SearchTodo.objects.count()

    assert (waits, marks >= 1, left) == (1, True, 0)
    assert found(inbox, "parcel", agent) == ["parcel"]


def test_the_page_shows_people_and_marked_lines_and_leads_to_the_message(
    as_agent: Client, inbox: Inbox, agent: User
) -> None:
    row = inbox.conversation("Marieke Parcel", said="where is my parcel <b>now</b>?")
    index(inbox)
    with inbox.inside():
        message = Message.objects.get(conversation=row)

    page = as_agent.get("/search/?q=parcel").content.decode()
    odd = as_agent.get("/search/?q=parcel&since=x&label=y&number=z&from=q&after=1")

    assert "<mark>parcel</mark>" in page
    assert "Marieke Parcel" in page
    assert "&lt;b&gt;now&lt;/b&gt;" in page
    assert f"/inbox/{row.pk}/?at={message.pk}" in page
    assert odd.status_code == 200
    with inbox.inside():
        entry = AuditEntry.objects.get(action="search.run")
    assert "parcel" not in str(entry.details)


def test_another_company_finds_nothing_of_ours(inbox: Inbox, other_inbox: Inbox, agent: User) -> None:
    inbox.conversation(said="parcel")
    index(inbox)
    index(other_inbox)

    assert found(other_inbox, "parcel", agent) == []


def test_a_page_of_lines_costs_the_same_with_two_and_with_thirty(
    as_agent: Client, inbox: Inbox, count_queries: Callable[[], Any]
) -> None:
    row = inbox.conversation(said="parcel")

    def add(many: int) -> None:
        for number in range(many):
            inbox.message(row, body=f"parcel {number}")
        index(inbox)

    add(1)
    as_agent.get("/search/?q=parcel")
    with count_queries() as few:
        as_agent.get("/search/?q=parcel")
    add(28)
    with count_queries() as many:
        as_agent.get("/search/?q=parcel")

    assert len(many) == len(few) <= 20


def test_the_command_bar_offers_conversations_people_and_the_search(as_agent: Client, inbox: Inbox) -> None:
    row = inbox.conversation("Marieke")

    told = as_agent.get("/command/?q=mari").content.decode()

    assert f"/inbox/{row.pk}/" in told and f"/contacts/{row.contact_id}/" in told and "/search/?q=mari" in told
    assert as_agent.get("/command/?q=").content.decode().strip() == ""


def test_odd_questions_find_nothing_and_break_nothing(inbox: Inbox, agent: User) -> None:
    for text in ("", "   ", "!!!", "' | & :* \\", "\x00", "a" * 5000, "'; DROP TABLE x; --", "🙂"):
        assert found(inbox, text, agent) == []
    assert Query.read("06-1234 5678 Fiets").words == ("fiets", "0612345678")


def test_a_snippet_begins_near_the_first_hit() -> None:
    text = "x" * 30 + " lorem ipsum " * 20 + "the broken Bicycle stands here"

    pieces = snippet(text, ["bicycles"])

    assert ("Bicycle", True) in pieces
    assert pieces[0][0].startswith("…")
    assert len("".join(piece for piece, _hit in pieces)) < 200
