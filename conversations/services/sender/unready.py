"""Why no request can be made of a message, for now or at all."""

from dataclasses import dataclass


@dataclass(slots=True)
class Unfit:
    """No request can be made of the message; ``refusal`` is the code of a DomainError, ``details`` names the field."""

    details: str
    refusal: str = "text_invalid"


@dataclass(slots=True)
class NotYet:
    """A file of the message is still fetched or made fit."""
