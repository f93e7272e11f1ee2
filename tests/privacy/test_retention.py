"""What is out of time leaves at night, for real and with proof; what is not, and what others own, stays."""

from datetime import timedelta
from typing import Any

from django.core.files import storage
from django.test import Client

from billing.models import UsageRecord
from conversations.integrations.models import Event, IdempotencyRecord
from conversations.models import (
    Channel,
    ConsentRecord,
    Contact,
    Conversation,
    ConversationEvent,
    MediaFile,
    Message,
    Note,
    WebhookCall,
)
from conversations.status import MessageStatus
from privacy.models import RetentionPolicy, RetentionRun
from privacy.services import nights
from tenants.accounts.models import HandOver, Invitation, User
from tenants.ids import uuid7
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter
from tests.privacy import aging
from tests.privacy.aging import ago
from tests.privacy.counting import run_of

State = RetentionRun.State


class TestMessageText:
    def test_leaves_a_year_after_closing_and_open_threads_stay(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            old, fresh, living = aging.thread(closed=366), aging.thread(closed=364), aging.thread(closed=None)
            Conversation.objects.filter(pk=living.conversation.pk).update(opened_at=ago(800), last_message_at=ago(800))

            nights.retain_now()

            assert not Message.objects.filter(conversation=old.conversation).exists()
            assert not Note.objects.filter(conversation=old.conversation).exists()
            assert not ConversationEvent.objects.filter(conversation=old.conversation).exists()
            assert Message.objects.filter(conversation=fresh.conversation).count() == 2
            assert Message.objects.filter(conversation=living.conversation).count() == 2
            assert (run_of("message_text").state, run_of("message_text").deleted) == (State.FINISHED, 4)

    def test_takes_its_files_along(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            RetentionPolicy.objects.create(data_class="media", days=2000)
            old = aging.thread(closed=366, with_file=True)
            media = old.messages[0].media
            assert media is not None

            nights.retain_now()

            assert not storage.default_storage.exists(media.storage_key)
            assert not storage.default_storage.exists(media.thumbnail_key)
            assert not MediaFile.objects.exists()
            assert run_of("message_text").bytes_freed == 1000

    def test_what_is_just_leaving_waits_for_the_next_night(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            old = aging.thread(closed=366)
            Message.objects.filter(pk=old.messages[0].pk).update(status=MessageStatus.SENDING)

            nights.retain_now()

            assert Message.objects.get() == old.messages[0]

    def test_the_thread_of_somebody_whose_old_messages_left_still_opens(
        self, company: ClientCompany, enter: Enter, as_agent: Client
    ) -> None:
        with enter(company):
            old = aging.thread(closed=40)
            newer = Conversation.objects.create(
                contact=old.contact,
                phone_number=old.conversation.phone_number,
                channel=old.channel,
                opened_at=ago(1),
                last_message_at=ago(1),
            )
            Contact.objects.update(last_message_at=ago(1))
            RetentionPolicy.objects.create(data_class="message_text", days=30, reason="Less is enough")

            nights.retain_now()

            old.conversation.refresh_from_db()
            assert old.conversation.last_message is None
            assert not Message.objects.exists()
        for conversation in (old.conversation, newer):
            assert as_agent.get(f"/inbox/{conversation.pk}/").status_code == 200
        assert as_agent.get("/inbox/").status_code == 200

    def test_what_it_cost_stays_known(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            old = aging.thread(closed=366)
            message = old.messages[0]
            UsageRecord.objects.create(
                phone_number_id="1",
                message_id=message.pk,
                wamid=message.wamid,
                delivered_at=ago(370),
                category="utility",
            )

            nights.retain_now()

            assert UsageRecord.objects.get().message_id == message.pk


class TestFiles:
    def test_leave_after_ninety_days_with_their_thumbnails_and_names(
        self, company: ClientCompany, enter: Enter
    ) -> None:
        with enter(company):
            thread = aging.thread(closed=None, with_file=True)
            media = thread.messages[0].media
            assert media is not None
            MediaFile.objects.update(received_at=ago(91))
            kept = aging.file(ago(89))

            nights.retain_now()

            assert not storage.default_storage.exists(media.storage_key)
            assert not storage.default_storage.exists(media.thumbnail_key)
            assert storage.default_storage.exists(kept.storage_key)
            media.refresh_from_db()
            assert (media.state, media.storage_key, media.filename) == (MediaFile.State.REMOVED, "", "")
            assert Message.objects.filter(media=media).exists()
            assert (run_of("media").deleted, run_of("media").bytes_freed) == (1, 1000)

    def test_that_were_never_sent_leave_with_their_row(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            aging.file(ago(91))

            nights.retain_now()

            assert not MediaFile.objects.exists()

    def test_one_that_will_not_go_is_named_and_keeps_its_row_while_the_others_leave(
        self, company: ClientCompany, enter: Enter
    ) -> None:
        with enter(company):
            stuck, gone = aging.file(ago(91)), aging.file(ago(91))
            storage.default_storage.delete(stuck.storage_key)
            storage.default_storage.save(f"{stuck.storage_key}/a-folder-that-is-not-empty", aging.ContentFile(b"x"))

            nights.retain_now(batch=1)

            assert MediaFile.objects.get() == stuck
            assert not storage.default_storage.exists(gone.storage_key)
            run = run_of("media")
            assert (run.state, run.deleted) == (State.FAILED, 1)
            assert run.errors == [{"code": "file_stuck", "rows": 1}]
            assert run_of("journal").state == State.FINISHED


class TestTheOthers:
    def test_the_journal_leaves_after_fourteen_days(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            aging.journal(received=15, number=3)
            aging.journal(received=13, number=2)

            nights.retain_now()

            assert WebhookCall.objects.count() == 2

    def test_a_person_leaves_a_year_after_the_last_message(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            gone, stays = aging.thread(closed=366), aging.thread(closed=300)

            nights.retain_now()

            assert Contact.objects.get() == stays.contact
            assert not Conversation.objects.filter(pk=gone.conversation.pk).exists()

    def test_a_person_stays_as_long_as_the_messages_do(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            RetentionPolicy.objects.create(data_class="message_text", days=2000, reason="The law asks for it")
            thread = aging.thread(closed=500)

            nights.retain_now()

            assert Contact.objects.get() == thread.contact

    def test_of_somebody_who_opted_out_only_the_identity_stays(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            thread = aging.thread(closed=366)
            Contact.objects.update(opted_out_at=ago(400), language="nl", metadata={"shoe": 43})

            nights.retain_now()
            nights.retain_now()

            left = Contact.objects.get()
            assert (left.name, left.language, left.metadata, left.wa_id) == ("", "", {}, thread.contact.wa_id)
            assert not Channel.objects.exists()
            assert run_of("contact_profile").deleted == 0

    def test_proof_of_consent_stays_five_years_after_its_last_use(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            first, second = aging.thread(closed=None), aging.thread(closed=None)
            for thread, used in ((first, 1900), (second, 100)):
                given = {"purpose": "marketing", "event": "given", "source": "keyword"}
                ConsentRecord.objects.create(contact=thread.contact, occurred_at=ago(2000), **given)
                Contact.objects.filter(pk=thread.contact.pk).update(last_message_at=ago(used))

            nights.retain_now()

            assert ConsentRecord.objects.get().contact == second.contact

    def test_usage_becomes_a_count_without_a_person(self, company: ClientCompany, enter: Enter) -> None:
        with enter(company):
            given: dict[str, Any] = {"phone_number_id": "1", "category": "marketing", "market": "NL"}
            for age, wamid in ((800, "wamid.A"), (10, "wamid.B")):
                UsageRecord.objects.create(
                    message_id=uuid7(),
                    wamid=wamid,
                    recipient="31612345678",
                    delivered_at=ago(age),
                    raw={"a": 1},
                    **given,
                )

            nights.retain_now()
            nights.retain_now()

            stripped, whole = UsageRecord.objects.order_by("delivered_at")
            assert (whole.wamid, whole.recipient) == ("wamid.B", "31612345678")
            assert stripped.wamid == f"counted:{stripped.pk}"
            assert (stripped.recipient, stripped.raw, stripped.message_id.int) == ("", {}, 0)
            assert (stripped.category, stripped.market) == ("marketing", "NL")
            assert stripped.delivered_at is not None
            assert abs(stripped.delivered_at - ago(800)) <= timedelta(days=1)

    def test_facts_answers_and_ways_to_sign_in_leave(self, company: ClientCompany, enter: Enter, admin: User) -> None:
        with enter(company):
            for age in (800, 10):
                Event.objects.create(kind="message.received", object_id=uuid7(), at=ago(age))
            for age in (8, 6):
                record = IdempotencyRecord.objects.create(api_key_id=uuid7(), key=str(age), fingerprint="f")
                IdempotencyRecord.objects.filter(pk=record.pk).update(created_at=ago(age))
            for age in (31, 29):
                Invitation.objects.create(user=admin, token_hash=f"i{age}", expires_at=ago(age))
                HandOver.objects.create(user=admin, token_hash=f"h{age}", grant_id=uuid7(), created_at=ago(age))

            nights.retain_now()

            assert Event.objects.count() == 1
            assert IdempotencyRecord.objects.get().key == "6"
            assert Invitation.objects.get().token_hash == "i29"
            assert HandOver.objects.get().token_hash == "h29"
