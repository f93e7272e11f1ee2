"""No route opens anything of another company, or anything that the role does not carry."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, MediaFile, Message, MessageTemplate
from tests.conversations.inbox.conftest import HX, Inbox

GET = ["", "older/?before=0.0.{message}", "news/?since=2026-01-01T00:00:00Z", "contact/", "composer/", "templates/"]
POST = ["reply/", "note/", "take/", "release/", "close/", "reopen/"]
OF_MESSAGE = ["undo/", "again/", "reaction/"]


@pytest.fixture
def theirs(other_inbox: Inbox) -> tuple[Conversation, Message]:
    """A conversation of the other company with one message."""
    row = other_inbox.conversation("Somebody elsewhere", said="Private")
    with other_inbox.inside():
        return row, row.messages.get()


def test_conversations_of_another_company_do_not_exist(
    as_admin: Client, theirs: tuple[Conversation, Message], inbox: Inbox, other_inbox: Inbox
) -> None:
    row, message = theirs
    base = f"/inbox/{row.pk}/"
    before = other_inbox.fresh(row).version

    for path in GET:
        assert as_admin.get(base + path.format(message=message.pk), headers=HX).status_code == 404, path
    for path in POST:
        data = {"body": "x", "token": str(uuid4())}
        assert as_admin.post(base + path, data, headers=HX).status_code == 404, path
    for path in OF_MESSAGE:
        assert as_admin.post(f"{base}messages/{message.pk}/{path}", {"emoji": "👍"}).status_code == 404, path
    assert as_admin.post(f"{base}messages/{message.pk}/removal/", {"reason": "x"}).status_code == 404
    assert as_admin.get(f"{base}around/?at={message.pk}").status_code == 404
    assert other_inbox.fresh(row).version == before
    assert "Somebody" not in as_admin.get(f"/inbox/rows/?ids={row.pk}").content.decode()


def test_messages_of_another_thread_are_not_reached_through_ones_own(
    as_admin: Client, theirs: tuple[Conversation, Message], inbox: Inbox
) -> None:
    mine, beside = inbox.conversation("Mine"), inbox.conversation("Beside")
    with inbox.inside():
        other_message = beside.messages.get()

    for message in (theirs[1], other_message):
        base = f"/inbox/{mine.pk}/messages/{message.pk}/"
        for path in OF_MESSAGE:
            assert as_admin.post(base + path, {"emoji": "👍"}).status_code == 404, path
        assert as_admin.post(f"{base}removal/", {"reason": "x"}).status_code == 404
    with inbox.inside():
        other_message.refresh_from_db()
    assert other_message.body == "Hallo?"


def test_quoting_a_message_of_another_thread_quotes_nothing(
    as_agent: Client, inbox: Inbox, reply: Callable[..., object]
) -> None:
    mine, beside = inbox.conversation("Mine"), inbox.conversation("Beside")
    with inbox.inside():
        foreign = beside.messages.get()

    reply(as_agent, mine, "Look", quoting=str(foreign.pk))

    assert [message.quoted_wamid for message in inbox.sent(mine)] == [""]


def test_templates_and_files_of_another_company_do_not_exist(
    as_admin: Client, inbox: Inbox, other_inbox: Inbox
) -> None:
    row = inbox.conversation()
    with other_inbox.inside():
        template = MessageTemplate.objects.create(
            waba_id="200000000000002", name="theirs", language="nl", category="UTILITY", status="APPROVED"
        )
        media = MediaFile.objects.create(
            phone_number_id=uuid4(), kind="image", state="stored", storage_key="x", received_at=timezone.now()
        )

    assert as_admin.get(f"/inbox/{row.pk}/templates/{template.pk}/").status_code == 404
    assert as_admin.post(f"/inbox/{row.pk}/templates/{template.pk}/preview/").status_code == 404
    assert as_admin.get(f"/files/{media.pk}/").status_code == 404
    assert as_admin.get(f"/files/{media.pk}/thumbnail/").status_code == 404


def test_signed_out_a_page_leads_to_the_sign_in_and_a_fragment_tells_htmx_so(as_nobody: Client, inbox: Inbox) -> None:
    row = inbox.conversation()

    page = as_nobody.get(f"/inbox/{row.pk}/")
    fragment = as_nobody.get(f"/inbox/{row.pk}/news/", headers=HX)

    assert (page.status_code, page["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert (fragment.status_code, fragment["HX-Redirect"]) == (401, "/accounts/login/")
    assert as_nobody.get("/live/token/", headers=HX).status_code == 401


def test_an_agent_may_not_remove_and_a_supervisor_may(as_agent: Client, as_supervisor: Client, inbox: Inbox) -> None:
    row = inbox.conversation(said="Secret")
    with inbox.inside():
        message = row.messages.get()
    address = f"/inbox/{row.pk}/messages/{message.pk}/removal/"

    assert as_agent.post(address, {"reason": "x"}).status_code == 403
    assert "data-remove" not in as_agent.get(f"/inbox/{row.pk}/").content.decode()
    assert as_supervisor.post(address, {"reason": "Asked by the person"}).status_code == 200
    assert "data-remove" in as_supervisor.get(f"/inbox/{inbox.conversation('B').pk}/").content.decode()
