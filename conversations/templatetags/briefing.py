"""What the parts beside a conversation say about its company."""

from typing import Any

from django import template

from conversations.models import Contact, QuickReply
from conversations.services.contacts import languages
from conversations.services.knowledge import briefing

register = template.Library()


@register.simple_tag(takes_context=True)
def company_briefing(context: Any) -> briefing.Briefing:
    """The entered company's briefing for the person of the request."""
    request = context["request"]
    return briefing.of_request(request, request.user)


@register.simple_tag(takes_context=True)
def quick_replies(context: Any) -> list[QuickReply]:
    return list(briefing.quick_replies_for(context["request"].user))


@register.simple_tag(takes_context=True)
def writing_language(context: Any, contact: Contact) -> str:
    """The language in which this person is written to."""
    return languages.order_for(contact, company_language=context["request"].company.language)[0]


@register.filter
def address_in(language: str, form: str) -> str:
    """u or je, Sie or du: the company's form of address in this language."""
    return languages.address_in(language, form=form)


@register.filter
def first_text(reply: QuickReply, language: str) -> str:
    """A quick reply in this language, else in the first that it has."""
    texts = reply.texts if isinstance(reply.texts, dict) else {}
    return str(texts.get(language) or next(iter(texts.values()), ""))


@register.filter
def city(zone: str) -> str:
    """The place whose clock a time zone is: Lisbon for Europe/Lisbon."""
    return zone.rpartition("/")[2].replace("_", " ")
