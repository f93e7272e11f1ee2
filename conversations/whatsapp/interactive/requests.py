"""Questions for something the person shares with one tap: where they are, their number, leave to call them."""

from dataclasses import dataclass
from typing import ClassVar

from conversations.whatsapp.interactive.frame import Payload, interactive


@dataclass(slots=True, frozen=True)
class AskLocation:
    """A text with a button that lets the person share where they are."""

    kind: ClassVar[str] = "ask_location"
    body: str

    def part(self) -> Payload:
        return interactive(self.kind, "location_request_message", body=self.body, action={"name": "send_location"})


@dataclass(slots=True, frozen=True)
class AskPhoneNumber:
    """A text with a button that lets a person without a visible number share it."""

    kind: ClassVar[str] = "ask_phone_number"
    body: str

    def part(self) -> Payload:
        action = {"name": "request_contact_info"}
        return interactive(self.kind, "request_contact_info", body=self.body, action=action)


@dataclass(slots=True, frozen=True)
class AskCallPermission:
    """A question whether the business may call; once a day and twice a week per person."""

    kind: ClassVar[str] = "call_permission"
    body: str = ""

    def part(self) -> Payload:
        action = {"name": "call_permission_request"}
        return interactive(self.kind, "call_permission_request", body=self.body, action=action)
