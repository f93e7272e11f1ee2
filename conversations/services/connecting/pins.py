"""The two-step PIN of a number: made when nobody chooses one."""

import secrets

from conversations.models import PhoneNumber
from conversations.services.numbers import number_settings
from tenants.accounts.models import User


def new_pin() -> str:
    """Six digits that nobody guesses."""
    while (pin := f"{secrets.randbelow(10**6):06d}") in number_settings.EASY_PINS:
        pass
    return pin


def change(number: PhoneNumber, *, pin: str = "", by: User) -> None:
    """Set a new two-step PIN: the one given, or one that nobody guesses. Outside any transaction; safe to repeat.

    Raises  what number_settings.change_pin raises
    """
    number_settings.change_pin(number, pin or new_pin(), by=by)
