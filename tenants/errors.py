"""Refusals that people and integrators see."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule said no. ``code`` never changes (API), ``user_message`` is for people and is translated."""

    code: str = "refused"
    http_status: int = 409
    user_message: str | Promise = _("This is not possible now.")

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.code)
        self.detail = detail


class WrongSchema(RuntimeError):
    """Code ran outside a company, or inside the wrong one. A fault of ours, never shown to people."""
