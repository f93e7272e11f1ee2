"""Collects what does not fit in a message template, each at the field where it stands."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = str | Promise


@dataclass(slots=True, frozen=True)
class Problem:
    """One thing to put right; ``field`` is the form's own name of the place, empty for the whole.

    ``empty``: nothing stands there yet, which is no mistake while somebody is still writing.
    """

    field: str
    message: Text
    empty: bool = False


@dataclass(slots=True)
class Problems:
    """What was found so far; the first of a field is the one that is shown."""

    found: list[Problem] = field(default_factory=list)

    def add(self, place: str, message: Text, *, empty: bool = False) -> None:
        self.found.append(Problem(place, message, empty))

    def missing(self, place: str, value: str) -> bool:
        """Whether nothing stands there; then that is noted."""
        if value.strip():
            return False
        self.add(place, _("Fill this in."), empty=True)
        return True

    def too_long(self, place: str, value: str, limit: int) -> bool:
        """Whether there are more characters than the limit; then that is noted."""
        if len(value) <= limit:
            return False
        words = _("This has %(count)d characters; WhatsApp allows %(limit)d.")
        self.add(place, words % {"count": len(value), "limit": limit})
        return True
