"""The index while others work on the same messages: no words stay of what is gone, and none are forgotten."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from conversations.models import Message, SearchEntry, SearchTodo
from conversations.services.search import indexing
from tests.config.checkout import eventually
from tests.conversations.inbox.conftest import Inbox

pytestmark = pytest.mark.usefixtures("committed")


def in_a_thread(inbox: Inbox, work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            with inbox.inside():
                work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def test_a_message_that_is_deleted_while_it_is_taken_in_leaves_no_words(inbox: Inbox) -> None:
    message_of = inbox.conversation(said="Geheim")

    def delete() -> None:
        Message.objects.filter(conversation=message_of).delete()

    with inbox.inside(), transaction.atomic():
        indexing._batch()
        gone = in_a_thread(inbox, delete)
        eventually(lambda: not gone.is_alive() or somebody_waits_for_us(), what="deleted or waiting for us")
    gone.join(60)

    with inbox.inside():
        assert not Message.objects.exists()
        assert not SearchEntry.objects.exists()


def test_a_message_that_somebody_holds_is_taken_in_later(inbox: Inbox) -> None:
    message_of, held, done = inbox.conversation(said="Fiets"), threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Message.objects.select_for_update().get(conversation=message_of)
            held.set()
            done.wait(60)

    holding = in_a_thread(inbox, hold)
    held.wait(60)
    with inbox.inside():
        indexing.index()
        assert not SearchEntry.objects.exists()
        assert SearchTodo.objects.count() == 1
        done.set()
        holding.join(60)
        indexing.index()
        assert SearchEntry.objects.count() == 1
