"""What the demo's companies do about sensitive data and danger, and two people who write what asks for it."""

from datetime import datetime, timedelta
from typing import Any

from config.demo.companies import CompanyPlan
from conversations.models import Conversation, Direction, InboxSettings, Message
from conversations.services import summary
from conversations.services.inbound.guard import Guard
from conversations.services.inbound.items import Outcome
from conversations.status import MessageStatus
from tenants.accounts.models import User
from tenants.ids import uuid7

SETTINGS: dict[str, dict[str, Any]] = {
    "fietsland": {
        "other_mail": "administratie@fietsland.example",
        "other_phone": "030 012 34 56",
        "greeting": {
            "nl": "Hoi! Leuk dat je ons appt. We kijken meteen voor je.",
            "de": "Hallo! Schön, dass du schreibst. Wir schauen gleich für dich nach.",
            "en": "Hi! Thanks for your message. We will look into it right away.",
        },
        "away": {
            "nl": "Bedankt voor je bericht! De winkel is nu dicht. We zijn er weer {opens}.",
            "de": "Danke für deine Nachricht! Der Laden ist gerade zu. Wir sind wieder da: {opens}.",
            "en": "Thanks for your message! The shop is closed now. We are back {opens}.",
        },
    },
    "zorgvast": {
        "other_form_url": "https://zorgvast.example/veilig",
        "other_phone": "038 012 34 50",
        "danger_words": {
            "nl": ["benauwd", "bewusteloos", "reageert niet", "gaslek", "kan niet ademen", "suicid*", "zelfmoord*"],
            "*": ["112"],
        },
        "danger_protocol": (
            "1. Bel de cliënt meteen; neemt niemand op, bel dan 112 met het adres uit het dossier.\n"
            "2. Bel de achterwacht.\n3. Blijf in dit gesprek tot er iemand bij de cliënt is."
        ),
        "emergency_number": "112",
        "duty_number": "038 012 34 99",
        "greeting": {"nl": "Goedendag, welkom bij Zorgvast. Een collega leest uw bericht zo snel mogelijk."},
        "away": {"nl": "Wij zijn nu niet bereikbaar via WhatsApp. U kunt ons weer bereiken {opens}."},
    },
}
CLEARED = ("Wilma Hoekstra", "Peter Aalbers", "Nadia Benali", "Lotte", "Marieke")
SAID = (
    (40, "Mijn moeder heeft diabetes en krijgt insuline, haar BSN is 123456782. Kunt u dat doorgeven aan de huisarts?"),
    (6, "Help, mijn vader is benauwd en reageert niet goed"),
)


def settings(plan: CompanyPlan) -> dict[str, Any]:
    return SETTINGS.get(plan.subdomain, {})


def write(plan: CompanyPlan, *, at: datetime) -> None:
    """In the entered company: who is cleared, and what two of those who wait wrote last."""
    if plan.subdomain != "zorgvast":
        return
    for user in User.objects.filter(is_active=True):
        if user.name.startswith(CLEARED):
            shown = (at - timedelta(days=200)).date()
            User.objects.filter(pk=user.pk).update(
                cleared_on=shown, cleared_until=shown + timedelta(days=3 * 365), cleared_by="Wilma Hoekstra"
            )
    waiting = Conversation.objects.waiting().select_related("channel").order_by("-last_message_at")[: len(SAID)]
    guard, outcome = Guard(InboxSettings.load()), Outcome()
    for row, (minutes, text) in zip(waiting, SAID, strict=False):
        message = _said(row, text, at=at - timedelta(minutes=minutes))
        columns = {name: getattr(message, name) for name in ("id", "conversation_id", "channel_id", "direction", "at")}
        columns |= {"body": text, "content": {}}
        guard.look(columns, danger=True)
        Message.objects.filter(pk=message.pk).update(masks=columns["masks"])
        Conversation.objects.filter(pk=row.pk).update(
            last_message=message, last_message_at=message.at, last_direction=Direction.INBOUND, unread_count=1
        )
    guard.write(outcome)
    summary.refresh(outcome.conversations)


def _said(row: Conversation, text: str, *, at: datetime) -> Message:
    moment = max(at, row.last_message_at + timedelta(seconds=1))
    return Message.objects.create(
        conversation=row,
        channel=row.channel,
        phone_number_id=row.phone_number_id,
        direction=Direction.INBOUND,
        sender_kind=Message.SenderKind.CONTACT,
        type="text",
        body=text,
        wamid=f"wamid.DEMO{uuid7().hex}",
        at=moment,
        received_at=moment,
        sequence=int(moment.timestamp() * 1_000_000),
        status=MessageStatus.RECEIVED,
    )
