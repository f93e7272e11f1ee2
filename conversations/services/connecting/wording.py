"""The shape of a problem's words."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Who(StrEnum):
    """Who has to act."""

    YOU = "you"
    CLIENT = "client"
    OWNER = "owner"
    OPERATOR = "operator"
    WHATSAPP = "whatsapp"
    NOBODY = "nobody"

    @property
    def words(self) -> Text:
        return WHO[self]


WHO: dict[Who, Text] = {
    Who.YOU: _("You"),
    Who.CLIENT: _("An admin of the business, in WhatsApp Manager"),
    Who.OWNER: _("Whoever holds the phone with this number"),
    Who.OPERATOR: _("Whoever runs this service"),
    Who.WHATSAPP: _("WhatsApp"),
    Who.NOBODY: _("Nobody: it passes by itself"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a step is not done, who acts, and what to do next. ``waits``: nothing is wrong, it is somebody's turn."""

    cause: Text
    who: Who
    next_step: Text
    title: Text = ""
    waits: bool = False
