"""One button that opens something: a web page, a form, the address form of a country, a call to the business."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from conversations.whatsapp import limits
from conversations.whatsapp.fields import InvalidField
from conversations.whatsapp.interactive.frame import PLAIN, Frame, Payload, interactive, web_address

FLOW_VERSION = "3"
ADDRESS_COUNTRIES = ("IN", "SG")
MAX_CALL_DAYS = 30


@dataclass(slots=True, frozen=True)
class Link:
    """A text with one button that opens a web page."""

    kind: ClassVar[str] = "link"
    body: str
    label: str
    url: str
    frame: Frame = PLAIN

    def part(self) -> Payload:
        parameters = {
            "display_text": limits.text(self.kind, "label", self.label),
            "url": web_address(self.kind, "url", self.url),
        }
        action = {"name": "cta_url", "parameters": parameters}
        return interactive(self.kind, "cta_url", body=self.body, action=action, around=self.frame.parts(self.kind))


@dataclass(slots=True, frozen=True)
class Flow:
    """A text with a button that opens a form of the platform.

    screen  with it the form opens there (navigate); without, the form's own server says where (data_exchange)
    data    what the first screen is filled with
    draft   the form is not published yet; only for trying it out

    The form's ``flow_token`` is the message's id; it is put in when the message leaves and comes back with the answer.
    """

    kind: ClassVar[str] = "flow"
    body: str
    label: str
    flow_id: str
    screen: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    draft: bool = False
    frame: Frame = PLAIN

    def part(self) -> Payload:
        if self.data and not self.screen:
            raise InvalidField("screen", _("Name the first screen that these values are for."))
        parameters: Payload = {
            "flow_message_version": FLOW_VERSION,
            "flow_id": limits.text(self.kind, "flow_id", self.flow_id),
            "flow_cta": limits.text(self.kind, "label", self.label),
            "flow_action": "navigate" if self.screen else "data_exchange",
            "mode": "draft" if self.draft else "published",
        }
        if self.screen:
            opens: Payload = {"screen": limits.text(self.kind, "screen", self.screen)}
            if self.data:
                opens["data"] = dict(self.data)
            parameters["flow_action_payload"] = opens
        action = {"name": "flow", "parameters": parameters}
        return interactive(self.kind, "flow", body=self.body, action=action, around=self.frame.parts(self.kind))


@dataclass(slots=True, frozen=True)
class Address:
    """A text with the form for an address; the platform has it for India and Singapore.

    values  what is known already, by the platform's names of the form's fields
    """

    kind: ClassVar[str] = "address"
    body: str
    country: str
    values: Mapping[str, str] = field(default_factory=dict)

    def part(self) -> Payload:
        if self.country not in ADDRESS_COUNTRIES:
            raise InvalidField("country", _("WhatsApp has this form for India and Singapore only."))
        parameters: Payload = {"country": self.country}
        if self.values:
            parameters["values"] = dict(self.values)
        action = {"name": "address_message", "parameters": parameters}
        return interactive(self.kind, "address_message", body=self.body, action=action)


@dataclass(slots=True, frozen=True)
class VoiceCall:
    """A text with a button with which the person calls the business in WhatsApp; it works for so many days."""

    kind: ClassVar[str] = "voice_call"
    body: str
    label: str
    days: int = 7

    def part(self) -> Payload:
        if not 1 <= self.days <= MAX_CALL_DAYS:
            raise InvalidField("days", _("The button works for 1 to 30 days."), limit=MAX_CALL_DAYS)
        parameters = {"display_text": limits.text(self.kind, "label", self.label), "ttl_minutes": self.days * 1440}
        action = {"name": "voice_call", "parameters": parameters}
        return interactive(self.kind, "voice_call", body=self.body, action=action)
