"""Refusals of values that do not fit into a message, in words for the person who typed them."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class InvalidField(ValueError):
    """A value does not fit. ``field`` names it, ``user_message`` says why and what to do next."""

    def __init__(self, field: str, user_message: str | Promise, *, limit: int | None = None) -> None:
        super().__init__(field)
        self.field = field
        self.user_message = user_message
        self.limit = limit

    def __str__(self) -> str:
        return f"{self.field}: {self.user_message}"


class TooLong(InvalidField):
    """More characters than the platform takes."""

    def __init__(self, field: str, limit: int) -> None:
        words = _("The text is too long. Use at most %(limit)d characters.") % {"limit": limit}
        super().__init__(field, words, limit=limit)


class Missing(InvalidField):
    """Nothing stands where something must."""

    def __init__(self, field: str, *, name: str | Promise = "") -> None:
        words = format_lazy("{}: {}", name, _("fill this in.")) if name else None
        super().__init__(field, words or _("Something is missing here. Fill it in and try again."))


def required(field: str, value: str, *, limit: int) -> str:
    """A text of 1 to ``limit`` characters that is not only white space, fit for the wire."""
    if not value or not value.strip():
        raise Missing(field)
    return bounded(field, value, limit=limit)


def bounded(field: str, value: str, *, limit: int) -> str:
    """A text of at most ``limit`` characters, fit for the wire."""
    if len(value) > limit:
        raise TooLong(field, limit)
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidField(field, _("The text has characters that cannot be sent. Remove them and try again."))
    return value
