"""Special data leaves soon, what was never sent leaves too, and nobody's pace is kept for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.models import ConsentRecord, Conversation, ConversationEvent, Draft, Message, Note, PromiseRecord
from privacy.services import nights
from tenants.accounts.models import User
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter
from tests.privacy import aging
from tests.privacy.aging import Thread, ago


def set_apart(thread: Thread) -> Thread:
    Conversation.objects.filter(pk=thread.conversation.pk).update(sensitive=True)
    return thread


def rows_of(thread: Thread) -> int:
    return sum(
        model.objects.filter(conversation=thread.conversation).count() for model in (Message, Note, ConversationEvent)
    )


def test_what_is_set_apart_leaves_thirty_days_after_closing_with_its_files(
    company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        old, fresh = set_apart(aging.thread(closed=31, with_file=True)), set_apart(aging.thread(closed=29))
        living, ordinary = set_apart(aging.thread(closed=None)), aging.thread(closed=31)
        media = old.messages[0].media
        assert media is not None

        nights.retain_now()

        assert rows_of(old) == 0
        assert (rows_of(fresh), rows_of(living), rows_of(ordinary)) == (4, 4, 4)
        assert Conversation.objects.filter(pk=old.conversation.pk).exists()
        assert not type(media).objects.filter(pk=media.pk, state="stored").exists()


@pytest.mark.parametrize(("said", "left"), [(["given"], 4), (["given", "withdrawn"], 0), (["requested"], 0)])
def test_explicit_consent_in_force_lets_it_stay(
    said: list[str], left: int, company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        old = set_apart(aging.thread(closed=31))
        for number, event in enumerate(said):
            ConsentRecord.objects.create(
                contact=old.contact,
                purpose="special_data",
                event=event,
                source="agent",
                occurred_at=ago(40) + timedelta(days=number),
            )

        nights.retain_now()

        assert rows_of(old) == left


def test_a_file_there_leaves_thirty_days_after_it_came_though_people_still_write(
    company: ClientCompany, enter: Enter
) -> None:
    with enter(company):
        living = set_apart(aging.thread(closed=None, with_file=True))
        media = living.messages[0].media
        assert media is not None
        type(media).objects.filter(pk=media.pk).update(received_at=ago(31))

        nights.retain_now()

        media.refresh_from_db()
        assert media.state == "removed"
        assert rows_of(living) == 4


def test_what_was_never_sent_leaves_although_no_message_is_left(
    company: ClientCompany, enter: Enter, admin: User
) -> None:
    with enter(company):
        empty, living = aging.thread(closed=366, messages=0), aging.thread(closed=None)
        for thread, touched in ((empty, 1), (living, 400)):
            Draft.objects.create(
                conversation=thread.conversation, user=admin, mode="reply", body="secret", changed_at=ago(touched)
            )
        kept = Draft.objects.create(
            conversation=living.conversation, user=admin, mode="note", body="new", changed_at=timezone.now()
        )

        nights.retain_now()

        assert [draft.pk for draft in Draft.objects.all()] == [kept.pk]


def test_who_answered_when_leaves_with_the_thread_however_long_the_person_stays(
    company: ClientCompany, enter: Enter, admin: User
) -> None:
    with enter(company):
        old = aging.thread(closed=366)
        type(old.contact).objects.filter(pk=old.contact.pk).update(last_message_at=timezone.now())
        PromiseRecord.objects.create(
            conversation=old.conversation,
            waiting_since=ago(368),
            due_at=ago(367),
            answered_at=ago(367),
            answered_by=admin,
        )

        nights.retain_now()

        assert not PromiseRecord.objects.exists()
        assert Conversation.objects.filter(pk=old.conversation.pk).exists()
