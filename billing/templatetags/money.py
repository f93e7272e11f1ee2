"""Amounts of money in words of the reader's language."""

from decimal import Decimal

from babel.numbers import format_currency
from django import template
from django.utils import translation

register = template.Library()

TO_THE_CENT_AND_FINER = "¤ #,##0.00##"


@register.filter
def amount(value: Decimal, currency: str) -> str:
    """Two decimals, and up to four where a price of one message has them."""
    locale = (translation.get_language() or "en").replace("-", "_")
    return str(format_currency(value, currency, TO_THE_CENT_AND_FINER, locale=locale, currency_digits=False))
