"""What pages say about message templates."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from conversations import template_words
from conversations.templatetags.inbox import BLANK, message_text
from conversations.views.template_pages.shape import dashed
from conversations.whatsapp.template_text import PreviewButton

register = template.Library()

register.filter("state_of_template", template_words.state_of)
register.filter("reason_of", template_words.reason_of)
register.filter("refusal_of", template_words.refusal_of)
register.filter("news_text", template_words.news_text)
register.filter("news_reason", template_words.news_reason)
register.filter("category_name", template_words.category_name)
register.filter("quality_name", template_words.quality_name)
register.filter("language_label", template_words.language_label)
register.filter("dashed", dashed)


@register.filter
def asked_words(asked: str) -> Any:
    return template_words.ASKED.get(asked, "")


@register.filter
def category_meaning(category: str) -> Any:
    return template_words.CATEGORY_MEANINGS.get(category, "")


@register.filter
def quality_tone(quality: str) -> str:
    return template_words.QUALITIES.get(quality, ("", ""))[0]


@register.filter
def group_name(group: str) -> Any:
    return template_words.GROUPS.get(group, group)


@register.filter
def header_name(kind: str) -> Any:
    return template_words.HEADERS.get(kind, kind)


@register.filter
def button_name(kind: str) -> Any:
    return template_words.BUTTONS.get(kind, ("", kind))[1]


@register.filter
def button_icon(kind: str) -> str:
    return template_words.BUTTONS.get(kind, ("circle", ""))[0]


@register.filter
def button_label(button: PreviewButton) -> Any:
    return template_words.button_label(button.kind, button.text)


@register.filter
def with_blanks(text: str) -> SafeString:
    """A template's text as a customer reads it; what is still open is marked."""
    return mark_safe(BLANK.sub(lambda found: f"<mark>{found[0]}</mark>", message_text(text)))  # noqa: S308  escaped


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """A value by a key that is only known here."""
    return mapping.get(str(key), "") if hasattr(mapping, "get") else ""


@register.filter
def card_file(files: Any, at: int) -> str:
    """The sample file of a card."""
    return str(files.get(f"card.{at}", "")) if hasattr(files, "get") else ""


@register.simple_tag
def problem_at(problems: dict[str, Any], field: str) -> SafeString:
    """The place under a field where its problem stands; it is there when there is none, to be filled later."""
    words = problems.get(field, "")
    slot = dashed(field)
    if not words:
        return format_html('<div class="problem" id="problem-{}"></div>', slot)
    return format_html(
        '<div class="problem" id="problem-{}"><p class="field-error" role="alert">{}</p></div>', slot, words
    )


@register.filter
def split(words: str) -> list[str]:
    """The words of a text: a list that a page writes down."""
    return words.split()
