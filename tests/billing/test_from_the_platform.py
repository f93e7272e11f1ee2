"""A status webhook with a price becomes usage the same minute, of the company it belongs to."""

from django.utils import timezone

from billing.models import UsageRecord
from conversations.models import Conversation, Message, PhoneNumber
from conversations.status import MessageStatus
from tenants.models import ClientCompany
from tests.fixtures.companies import Enter
from tests.fixtures.webhooks import Deliver, WriteFrom, change, envelope, status_of
from tests.fixtures.work import RunDue

PRICE = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}


def test_a_delivered_answer_is_metered_in_its_company_only(
    company: ClientCompany,
    other_company: ClientCompany,
    number: PhoneNumber,
    write_from: WriteFrom,
    deliver: Deliver,
    run_due: RunDue,
    enter: Enter,
) -> None:
    write_from("31612345678", "Hallo?")
    with enter(company):
        conversation = Conversation.objects.get()
        answer = Message.objects.create(
            conversation=conversation,
            channel_id=conversation.channel_id,
            phone_number=number,
            direction="out",
            sender_kind="human",
            type="text",
            body="Goedemorgen",
            wamid="wamid.ANSWER",
            status=MessageStatus.ACCEPTED,
            at=timezone.now(),
            sequence=2,
        )
    statuses = [status_of("wamid.ANSWER", name, pricing=PRICE) for name in ("sent", "delivered")]
    deliver(envelope(number.waba_id, change(number, statuses=statuses)))

    run_due()

    with enter(company):
        record = UsageRecord.objects.get()
        assert (record.message_id, record.category, record.market) == (answer.pk, "service", "NL")
        assert record.delivered_at is not None
    with enter(other_company):
        assert not UsageRecord.objects.exists()
