"""Amounts of money in words of the reader's language."""

from decimal import Decimal

from babel.numbers import format_currency
from django import template
from django.utils import translation
from django.utils.translation import gettext_lazy as _

register = template.Library()

TO_THE_CENT = "¤\N{NO-BREAK SPACE}#,##0.00"
TO_THE_CENT_AND_FINER = "¤ #,##0.00##"
# what the platform calls a price, in the words of our own pages
CATEGORIES = {
    "authentication": _("Sign-in code"),
    "authentication-international": _("Sign-in code from abroad"),
    "marketing": _("Marketing"),
    "marketing_lite": _("Marketing"),
    "utility": _("Service"),
    "service": _("Answers within 24 hours"),
    "referral_conversion": _("After an advertisement"),
    "group_marketing": _("Marketing in groups"),
    "group_utility": _("Service in groups"),
    "group_service": _("Answers in groups"),
    "general_purpose_ai": _("AI assistant"),
}


@register.filter
def amount(value: Decimal, currency: str) -> str:
    """Two decimals, and up to four where a price of one message has them."""
    locale = (translation.get_language() or "en").replace("-", "_")
    return str(format_currency(value, currency, TO_THE_CENT_AND_FINER, locale=locale, currency_digits=False))


@register.filter
def price(value: Decimal, currency: str) -> str:
    """To the cent, as sums of a month are."""
    locale = (translation.get_language() or "en").replace("-", "_")
    return str(format_currency(value, currency, TO_THE_CENT, locale=locale, currency_digits=False))


@register.filter
def category_name(category: str) -> str:
    """A category of the platform in words; a new one as the platform writes it."""
    return str(CATEGORIES.get(category, category))
