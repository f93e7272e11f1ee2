"""Somebody without clearance reaches nothing of what is set apart: not by looking for it, nor around a corner."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, MediaFile, Message, Note
from tenants.accounts.models import User
from tests.conversations.inbox.conftest import HX, Inbox


@pytest.fixture
def thread(inbox: Inbox, agent: User) -> tuple[Conversation, Conversation]:
    """One person's two spells: an earlier one that is set apart, and the open one that everybody may see."""
    row = inbox.conversation("Ana", said="Hallo?")
    with inbox.inside():
        apart = Conversation.objects.create(
            contact_id=row.contact_id,
            phone_number_id=row.phone_number_id,
            channel_id=row.channel_id,
            status="closed",
            sensitive=True,
            opened_at=timezone.now() - timedelta(days=2),
            closed_at=timezone.now() - timedelta(days=1),
            last_message_at=timezone.now() - timedelta(days=1),
        )
    inbox.message(apart, body="Uitslag positief", at=timezone.now() - timedelta(days=2))
    with inbox.inside():
        Note.objects.create(
            channel=row.channel, conversation=apart, author=agent, body="Positief gebeld", at=row.opened_at
        )
    return row, apart


def only(inbox: Inbox, row: Conversation) -> Message:
    with inbox.inside():
        return row.messages.get()


def test_looking_inside_the_thread_finds_nothing_of_what_is_set_apart(
    thread: tuple[Conversation, Conversation], as_agent: Client, cleared: Client
) -> None:
    row, _apart = thread

    assert as_agent.get(f"/inbox/{row.pk}/find/?q=positief").json()["ids"] == []
    assert len(cleared.get(f"/inbox/{row.pk}/find/?q=positief").json()["ids"]) == 2


def test_the_page_of_a_person_does_not_list_what_is_set_apart(
    thread: tuple[Conversation, Conversation], as_agent: Client, cleared: Client
) -> None:
    row, apart = thread

    for browser, listed in ((as_agent, False), (cleared, True)):
        page = browser.get(f"/contacts/{row.contact_id}/").content.decode()
        assert f"/inbox/{row.pk}/" in page
        assert (f"/inbox/{apart.pk}/" in page) is listed


def test_quoting_does_not_show_what_is_set_apart(
    thread: tuple[Conversation, Conversation], inbox: Inbox, as_agent: Client, reply
) -> None:
    row, apart = thread
    hidden = only(inbox, apart)

    answer = reply(as_agent, row, "Kijk", quoting=str(hidden.pk))

    assert answer.status_code == 200
    assert "Uitslag" not in answer.content.decode()
    assert inbox.sent(row)[0].quoted_wamid == ""


def test_handing_over_writes_no_note_where_one_may_not_look(
    thread: tuple[Conversation, Conversation], inbox: Inbox, as_agent: Client, agent: User
) -> None:
    row, apart = thread
    with inbox.inside():
        Conversation.objects.filter(pk=row.pk).update(assignee=agent)
        before = Note.objects.filter(conversation=apart).count()
    lines: dict[str, list[str] | str] = {"conversation": [str(row.pk), str(apart.pk)]}
    lines |= {f"{pk}-note": "Let op" for pk in (row.pk, apart.pk)} | {f"{pk}-to": "queue" for pk in (row.pk, apart.pk)}

    as_agent.post("/handover/", lines)

    with inbox.inside():
        assert Note.objects.filter(conversation=row, body="Let op").count() == 1
        assert Note.objects.filter(conversation=apart).count() == before


@pytest.mark.parametrize(
    "path",
    [
        "", "news/?since={since}", "around/", "contact/", "composer/", "labels/", "transfer/", "snooze/", "ask/",
        "replies/?q=a", "colleagues/?q=a", "looking/", "templates/", "guard/", "close/", "intent/", "find/?q=positief",
        "offer/buttons/", "next/",
    ],
)  # fmt: skip
def test_every_part_of_what_is_set_apart_is_as_if_it_were_not_there(
    thread: tuple[Conversation, Conversation], as_agent: Client, path: str
) -> None:
    since = timezone.now().isoformat().replace("+", "%2B")

    assert as_agent.get(f"/inbox/{thread[1].pk}/{path.format(since=since)}", headers=HX).status_code == 404


def test_the_file_of_a_card_that_was_sent_there_is_not_served(
    thread: tuple[Conversation, Conversation], inbox: Inbox, as_agent: Client, cleared: Client
) -> None:
    _row, apart = thread
    with inbox.inside():
        key = default_storage.save("cards/one.jpg", ContentFile(b"picture"))
        media = MediaFile.objects.create(
            phone_number_id=UUID(int=1),
            direction="out",
            kind="image",
            state="stored",
            storage_key=key,
            mime_type="image/jpeg",
            card_of_id=only(inbox, apart).pk,
            card=0,
            received_at=timezone.now(),
        )

    assert as_agent.get(f"/files/{media.pk}/").status_code == 404
    shown = cleared.get(f"/files/{media.pk}/")
    assert b"".join(shown.streaming_content) == b"picture"
    shown.close()


def test_the_list_to_call_back_takes_no_address_from_what_is_set_apart(
    thread: tuple[Conversation, Conversation], inbox: Inbox, as_admin: Client
) -> None:
    row, apart = thread
    inbox.message(row, body="Mail: ana@open.test")
    inbox.message(apart, body="Mail: ana@kliniek.test")

    page = as_admin.get(f"/numbers/{row.phone_number_id}/waiting/").content.decode()

    assert "ana@open.test" in page
    assert "ana@kliniek.test" not in page
