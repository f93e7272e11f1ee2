"""Greeting and away messages: at most one unasked message of a machine in a day (R-S03), never to a machine.

A mark per conversation in the transaction of the message leads here after commit. The message's ``client_token`` names
the conversation (and for an away text the day), so that however often the work runs, it leaves once.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.utils import timezone

from conversations.detectors.plain import folded
from conversations.errors import SensitiveContent
from conversations.models import Conversation, Direction, InboxSettings, Message
from conversations.services.guard import guarding_out
from conversations.services.outbox import outbox
from conversations.services.promise.promise import Promise
from tenants.errors import DomainError
from tenants.services import companies

KEY = "welcome"
QUIET = timedelta(hours=24)  # R-S03
STILL_THERE = timedelta(hours=1)  # who answered that lately after closing time is told from who went home
LATE = timedelta(hours=1)  # whoever wrote longer ago is not greeted any more
OPENS = re.compile(r"\{\{?\s*opens\s*\}?\}")
NUMBERS = {
    "nl": ("Bij direct gevaar: bel {emergency}.", "Spoed: {duty}."),
    "de": ("Bei akuter Gefahr: rufen Sie {emergency} an.", "Bereitschaft: {duty}."),
    "en": ("In immediate danger: call {emergency}.", "On duty: {duty}."),
    "fr": ("En cas de danger immédiat : appelez le {emergency}.", "Permanence : {duty}."),
}
OPENS_AGAIN = {
    "nl": "We zijn er weer {opens}.",
    "de": "Wir sind wieder da: {opens}.",
    "en": "We are back {opens}.",
    "fr": "Nous serons de retour {opens}.",
}
# How machines begin their own answers; they are not answered back.
MACHINE = re.compile(
    r"\s*(?:automatisch(?:e)? (?:antwoord|bericht|antwort|nachricht)|automatic (?:reply|response)|auto-?reply|"
    r"out of office|afwezig(?:heids)?|abwesenheits|reponse automatique|message automatique|dit is een automatisch|"
    r"dies ist eine automatische|this is an automated)"
)


def may_want(settings: InboxSettings) -> bool:
    """Whether the company has any such text at all."""
    return bool(_texts(settings.greeting) or _texts(settings.away))


def welcome(conversation_id: str) -> bool:
    """Greet in one conversation, or say that nobody is there; nothing where neither is due."""
    row = Conversation.objects.filter(pk=UUID(conversation_id)).select_related("contact", "channel").first()
    settings = InboxSettings.load()
    if row is None or not may_want(settings):
        return True
    said = _what_to_say(row, settings)
    if said is None:
        return True
    text, token = said
    origin = outbox.Origin(
        sender_kind=Message.SenderKind.RULE_BOT, client_token=token, priority=Message.Priority.AUTOMATION
    )
    if not _say(row, origin, text) and (numbers := numbers_for(settings, row.contact.language)):
        _say(row, origin, numbers)  # where danger is near they are said whatever else may not be
    return True


def _say(row: Conversation, origin: outbox.Origin, text: str) -> bool:
    """Whether nothing in the text stopped it."""
    try:
        outbox.queue_text(row, origin=origin, body=text)
    except SensitiveContent as stop:
        guarding_out.record_stop(stop, by=None)
        return False
    except DomainError:
        pass  # the window closed, the number stands still: what was said by itself is not said later
    return True


def _what_to_say(row: Conversation, settings: InboxSettings) -> tuple[str, str] | None:
    """Text and token, or nothing."""
    now, contact = timezone.now(), row.contact
    last = row.messages.filter(direction=Direction.INBOUND).order_by("-at", "-sequence").first()
    if last is None or row.status == Conversation.Status.CLOSED or row.waiting_since is None:
        return None
    if contact.is_group or contact.blocked_at or now - last.at > LATE or MACHINE.match(folded(last.body)):
        return None
    hours = Promise.of(settings).hours
    closed = not hours.is_open(now)
    if _somebody_answered(row, since=now - (STILL_THERE if closed else QUIET)):
        return None
    if not settings.danger_words and _told_lately(row, now):
        return None
    if closed and _texts(settings.away):
        token = f"away:{row.pk}:{hours.local_day(now).isoformat()}"
        return compose(settings, away=True, language=contact.language, opens=hours.next_opening(now)), token
    fresh = not row.messages.filter(sender_kind=Message.SenderKind.RULE_BOT).exists()
    if not closed and fresh and _texts(settings.greeting):
        return compose(settings, away=False, language=contact.language), f"greeting:{row.pk}"
    return None


def _somebody_answered(row: Conversation, *, since: datetime) -> bool:
    """Whether a person of ours writes in this spell already: then no machine speaks in between."""
    answers = row.messages.filter(direction=Direction.OUTBOUND).exclude(sender_kind=Message.SenderKind.RULE_BOT)
    return answers.filter(at__gt=since).exists()


def _told_lately(row: Conversation, now: datetime) -> bool:
    """Whether this person had an unasked message of a machine within a day, on whatever number."""
    spoken = Message.objects.filter(
        channel__contact=row.contact_id,
        direction=Direction.OUTBOUND,
        sender_kind=Message.SenderKind.RULE_BOT,
        priority=Message.Priority.AUTOMATION,
        at__gt=now - QUIET,
    )
    return spoken.exists()


def compose(settings: InboxSettings, *, away: bool, language: str, opens: datetime | None = None) -> str:
    """A greeting or away text in the person's language, with when somebody is there again and, where danger is to be
    expected, the numbers to call.
    """
    company = companies.entered()
    texts = _texts(settings.away if away else settings.greeting)
    spoken = _spoken(texts, language, company.language)
    parts = [_with_opening(texts[spoken], spoken, opens, zone=company.time_zone) if away else texts[spoken]]
    numbers = _numbers(settings, spoken) if settings.danger_words else ""
    said = "\n\n".join(part for part in parts if part)
    if not numbers:
        return said[: outbox.MAX_BODY_CHARS]
    return f"{said[: outbox.MAX_BODY_CHARS - len(numbers) - 2]}\n\n{numbers}"


def numbers_for(settings: InboxSettings, language: str) -> str:
    """The numbers to call alone, where danger is to be expected; nothing elsewhere."""
    if not settings.danger_words:
        return ""
    company = companies.entered()
    return _numbers(settings, next((one[:2] for one in (language, company.language) if one[:2] in NUMBERS), "en"))


def _texts(value: object) -> dict[str, str]:
    listed = value if isinstance(value, dict) else {}
    return {str(key)[:2]: text.strip() for key, text in listed.items() if isinstance(text, str) and text.strip()}


def _spoken(texts: Mapping[str, str], *wanted: str) -> str:
    """The first language that there is a text in, else any."""
    return next((one[:2] for one in (*wanted, "en") if one[:2] in texts), next(iter(texts)))


def _with_opening(text: str, language: str, opens: datetime | None, *, zone: str) -> str:
    """The text with the honest moment in place of ``{opens}``, or behind it."""
    if opens is None:
        return OPENS.sub("", text).strip()
    told = format_datetime(
        opens, "EEEE d MMMM HH:mm", tzinfo=ZoneInfo(zone), locale=language if language in NUMBERS else "en"
    )
    if OPENS.search(text):
        return OPENS.sub(lambda _found: told, text)
    return f"{text} {OPENS_AGAIN.get(language, OPENS_AGAIN['en']).format(opens=told)}"


def _numbers(settings: InboxSettings, language: str) -> str:
    emergency, duty = NUMBERS.get(language, NUMBERS["en"])
    lines = [emergency.format(emergency=settings.emergency_number)] if settings.emergency_number else []
    lines += [duty.format(duty=settings.duty_number)] if settings.duty_number else []
    return " ".join(lines)
