"""What the inbox's templates say: one line per message, ticks, texts with their marks, times in the reader's zone."""

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import uuid4

from babel import Locale, UnknownLocaleError
from django import template
from django.utils import formats, timezone, translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from conversations import consent_words, wording
from conversations.looks import bubbles
from conversations.models import Contact, Conversation, ConversationEvent, MediaFile, Message, Note
from conversations.services import queue
from conversations.services.handling.mentions import Called
from conversations.services.writing import composer_modes
from conversations.shown import masks_of, shown_body
from conversations.status import MessageStatus
from tenants import countries
from tenants.accounts.models import User
from tenants.models.company import HUES

register = template.Library()

register.filter("shown_body", shown_body)
register.filter("masks_of", masks_of)
register.filter("icon_of", wording.icon_of)
register.filter("name_of", wording.name_of)
register.filter("line_of", wording.line_of)
register.filter("problem_of", wording.problem_of)
register.filter("waiting_of", wording.waiting_of)
register.filter("event_text", wording.event_text)
register.filter("media_problem", wording.media_problem)
register.filter("number_reason", wording.number_reason)
register.filter("consent_name", wording.consent_name)
register.filter("consent_source", consent_words.source_name)
register.filter("identity_name", wording.identity_name)
register.filter("purpose_name", wording.purpose_name)
register.filter("kind_name", wording.kind_name)
register.filter("consent_state", wording.consent_state)

LINK = re.compile(r"https?://[^\s<>\"'\x00-\x1f]+")
MARKS = (
    (re.compile(r"```(.+?)```", re.DOTALL), "code"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), "strong"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), "em"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), "s"),
)
EMOJI = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3]{1,12}")
FOLD_CHARS, FOLD_LINES = 1500, 24


@register.filter
def message_text(body: str) -> SafeString:
    """A stranger's text: escaped, with links and the marks people type (*bold*, _italic_, ~struck~, ```code```)."""
    parts, end = [], 0
    for found in LINK.finditer(body):
        url = found[0].rstrip(".,;:!?)]}")
        link = '<a href="{}" target="_blank" rel="noopener noreferrer nofollow ugc">{}</a>'
        parts += [_marked(body[end : found.start()]), format_html(link, url, url)]
        end = found.start() + len(url)
    parts.append(_marked(body[end:]))
    return mark_safe("".join(parts))  # noqa: S308  every part is escaped


@register.simple_tag
def note_text(note: Note, called: Sequence[Called], me: User | None = None) -> SafeString:
    """A note with whom it calls marked; one's own name more than others'."""
    names = {one.name.casefold(): one for one in called}
    if not names:
        return message_text(note.body)
    longest_first = "|".join(re.escape(one.name) for one in sorted(called, key=lambda one: -len(one.name)))
    parts, end = [], 0
    for found in re.finditer(rf"(?<!\w)@({longest_first})(?!\w)", note.body, re.IGNORECASE):
        one = names.get(found[1].casefold())
        mine = mark_safe(" data-mine") if one and me and one.pk == me.pk else ""
        parts += [message_text(note.body[end : found.start()])]
        parts += [format_html('<mark class="mention"{}>{}</mark>', mine, found[0])]
        end = found.end()
    parts.append(message_text(note.body[end:]))
    return mark_safe("".join(parts))  # noqa: S308  every part is escaped


def _marked(text: str) -> str:
    html = str(escape(text))
    for pattern, element in MARKS:
        html = pattern.sub(rf"<{element}>\1</{element}>", html)
    return html


@register.filter
def only_emoji(body: str) -> bool:
    return bool(EMOJI.fullmatch(body.replace(" ", "")))


@register.filter
def is_long(body: str) -> bool:
    return len(body) > FOLD_CHARS or body.count("\n") > FOLD_LINES


@register.filter
def icon_of_event(event: ConversationEvent) -> str:
    return wording.EVENT_ICONS.get(event.kind, "info")


@register.filter
def member_hue(contact: Contact) -> str:
    """One of the 24 prepared hues for a member of a group, always the same."""
    return f"hue-{contact.pk.int % HUES + 1}"


@register.filter
def state_of(message: Message) -> str:
    """The status as pages name it in ``data-state``."""
    return MessageStatus(message.status).api_name


@register.filter
def status_times(message: Message) -> str:
    """All times of a message in one text for the tooltip: platform, received here, sent, delivered, read."""
    if message.direction == "in":
        named = [(_("Sent"), message.at), (_("Received"), message.received_at), (_("Shown"), message.created_at)]
        return " · ".join(f"{name} {exact(moment)}" for name, moment in named if moment)
    return " · ".join(f"{name} {exact(moment)}" for name, moment in bubbles.times_of_ours(message))


@register.filter
def exact(moment: datetime) -> str:
    """Date and time to the second in the reader's zone."""
    local = timezone.localtime(moment)
    return f"{_short_date(local.date(), get_language())} {local:%H:%M:%S}"


@lru_cache(maxsize=2048)
def _short_date(day: date, _language: str | None) -> str:
    """A thread says the same day a hundred times."""
    return str(formats.date_format(day, "SHORT_DATE_FORMAT"))


@register.filter
def hours_minutes(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


@register.filter
def day_of(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()


@register.filter
def day_name(moment: datetime) -> str:
    """Today, yesterday, a weekday within the week, else the date."""
    day, today = timezone.localdate(moment), timezone.localdate()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    if today - timedelta(days=7) < day < today:
        return formats.date_format(day, "l")
    return formats.date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")


@register.filter
def moment_ahead(moment: datetime) -> str:
    """A time to come: the clock, with the weekday unless it is today."""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        return f"{local:%H:%M}"
    return f"{formats.date_format(local, 'l')} {local:%H:%M}"


@register.filter
def time_left(mode: composer_modes.Mode) -> str:
    minutes = mode.minutes_left
    if minutes < 60:
        return ngettext("%(count)s minute left", "%(count)s minutes left", minutes) % {"count": minutes}
    return ngettext("%(count)s hour left", "%(count)s hours left", minutes // 60) % {"count": minutes // 60}


@register.simple_tag
def waiting(since: datetime) -> SafeString:
    """How long somebody waits: minutes, hours, days; the page keeps it counting."""
    minutes = max(int((timezone.now() - since).total_seconds() // 60), 0)
    if minutes < 60:
        text = ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    elif minutes < 48 * 60:
        text = ngettext("%(count)d hr", "%(count)d hr", minutes // 60) % {"count": minutes // 60}
    else:
        text = ngettext("%(count)d day", "%(count)d days", minutes // 1440) % {"count": minutes // 1440}
    return format_html('<time datetime="{}" title="{}" data-waiting>{}</time>', since.isoformat(), exact(since), text)


@register.simple_tag
def row_key(row: Conversation, asked: queue.Asked) -> str:
    return queue.sort_key(row, view=asked.view, sort=asked.sort)


@register.simple_tag
def fresh_token() -> str:
    """One composed message has one token, however often it is submitted."""
    return str(uuid4())


@register.filter
def page_token(message: Message) -> str:
    return (message.client_token or "").rpartition(":")[2]


@register.filter
def undoable(message: Message, user: User) -> bool:
    """Whether this person can still take the message back."""
    waits = message.not_before is not None and message.not_before > timezone.now()
    return waits and message.status == MessageStatus.QUEUED and message.author_id == user.pk


@register.filter
def undo_ms(message: Message) -> int:
    """Milliseconds until the message may leave."""
    left = (message.not_before or timezone.now()) - timezone.now()
    return max(left // timedelta(milliseconds=1), 0)


@register.filter
def masked_number(wa_id: str) -> str:
    """A phone number that shows its country and last two digits only."""
    return f"+{wa_id[:2]} {'•' * max(len(wa_id) - 4, 3)} {wa_id[-2:]}" if wa_id else ""


@register.filter
def duration(media: MediaFile) -> str:
    seconds = math.ceil((media.duration_ms or 0) / 1000)
    return f"{seconds // 60}:{seconds % 60:02d}"


@register.filter
def language_name(code: str) -> str:
    if not code:
        return ""
    try:
        names = Locale.parse(translation.get_language() or "en", sep="-").languages
    except (UnknownLocaleError, ValueError):
        return code
    return str(names.get(code[:2], code))


@register.filter
def country_name(code: str) -> str:
    return countries.name_of(code) if code else ""


BLANK = re.compile(r"\{\{\s*[A-Za-z0-9_]+\s*\}\}")


@register.filter
def open_blanks(text: str) -> SafeString:
    """A template's text with what is still to be filled in marked."""
    return mark_safe(BLANK.sub(lambda found: f"<mark>{found[0]}</mark>", str(escape(text))))  # noqa: S308  escaped


@register.filter
def in_trouble(message: Message) -> bool:
    """Whether a note below the bubble says why it did not arrive, or why it still waits."""
    if message.status in (MessageStatus.FAILED, MessageStatus.UNKNOWN):
        return True
    return wording.waiting_of(message) is not None
