"""What templates say about hidden parts, blurred files and danger."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from conversations import guard_words
from conversations.models import MediaFile, Message
from conversations.services.guard import guard_notices, media_blur
from conversations.shown import detectors_of, masks_of, spans
from conversations.templatetags.inbox import message_text

register = template.Library()

register.filter("finding_name", guard_words.name_of)


@register.filter
def hidden_names(message: Message) -> str:
    """Which kinds of data are hidden in a message."""
    return _("Hidden here: %(names)s") % {"names": guard_words.listed(detectors_of(masks_of(message)))}


@register.filter
def with_marks(message: Message) -> SafeString:
    """The whole text with the parts that are hidden otherwise marked."""
    text, parts, at = message.body, [], 0
    for start, end in spans(message.masks, len(text)):
        if end > at:
            parts += [
                message_text(text[at : max(start, at)]),
                "<mark>",
                message_text(text[max(start, at) : end]),
                "</mark>",
            ]
            at = end
    return mark_safe("".join([*parts, message_text(text[at:])]))  # noqa: S308  every part is escaped


@register.simple_tag(takes_context=True)
def guard_notice(context: Any) -> guard_notices.Notice | None:
    """What was found in the conversation that the page shows."""
    return guard_notices.notice_of(context["conversation"], user=context["me"])


@register.simple_tag(takes_context=True)
def is_blurred(context: Any, media: MediaFile) -> bool:
    """Whether a file is shown blurred; what the company wants is asked once a page."""
    if not media_blur.waits_for_a_look(media):
        return False
    page = context["conversation"]
    if not hasattr(page, "company_blurs"):
        page.company_blurs = media_blur.company_blurs()
    return bool(page.company_blurs)


@register.simple_tag
def danger_protocol(conversation: Any) -> guard_notices.Protocol | None:
    return guard_notices.protocol_of(conversation)
