"""Sends a test message through the outbox, to a phone of one's own that has written to the number."""

import phonenumbers
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from conversations import window
from conversations.models import Channel, Connecting, Message
from conversations.services.connecting import problems
from conversations.services.connecting.answering import PhoneOdd
from conversations.services.handling import conversations
from conversations.services.outbox import outbox
from conversations.services.outbox.outbox import Origin
from tenants.accounts import audit
from tenants.accounts.models import User
from tenants.errors import DomainError


class NoTestWindow(DomainError):
    code = "test_no_window"

    def __init__(self) -> None:
        super().__init__()
        words = problems.PROBLEMS[self.code]
        self.user_message = f"{words.cause} {words.next_step}"


@transaction.atomic
def send_test(connecting: Connecting, *, phone: str, by: User | None) -> Message:
    """Answer the person with this phone, who wrote to the number within the last 24 hours; through the real outbox.

    phone   as people dial it from abroad: never somebody who did not ask for it, so nobody is made by this
    Raises  PhoneOdd, NoTestWindow, and what outbox.queue_text raises
    """
    channel = Channel.objects.filter(
        phone_number=connecting.number_id, contact__wa_id=_wa_id(phone), contact__merged_into=None
    ).first()
    if channel is None or not window.is_open(channel.window_opened_at, at=timezone.now()):
        raise NoTestWindow
    text = gettext("This is a test message: the number is connected.")
    origin = Origin(author=by if by and by.pk and User.objects.filter(pk=by.pk).exists() else None)
    message = outbox.queue_text(conversations.live_of(channel), origin=origin, body=text)
    row = Connecting.objects.select_for_update(of=("self",)).get(pk=connecting.pk)
    row.data = {**row.data, "test": str(message.pk)}
    row.save(update_fields=["data", "changed_at"])
    audit.record("number.tested", actor=by, subject=row.number)
    return message


def _wa_id(phone: str) -> str:
    try:
        parsed = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        raise PhoneOdd from None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
