"""What people say about their presence, and where conversations go."""

from typing import Any
from uuid import UUID

from django import forms

from conversations.forms import PlainText
from conversations.services.people.handover import QUEUE, Line
from tenants.accounts.models import Presence

TARGET = r"queue|(?:team|person):[0-9a-fA-F-]{36}"


class PresenceForm(forms.Form):
    presence = forms.ChoiceField(choices=Presence.choices)
    reason = forms.CharField(max_length=60, required=False)


class MoveForm(forms.Form):
    to = forms.RegexField(rf"\A(?:{TARGET})\Z")


class HandOverLine(forms.Form):
    """One conversation of the list; an odd target is the queue, so that nothing stays behind."""

    to = PlainText(required=False)
    note = PlainText(required=False)

    def __init__(self, *args: Any, conversation: str, usually: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._conversation, self._usually = conversation, usually

    def clean(self) -> dict[str, Any]:
        try:
            self.conversation_id = UUID(self._conversation)
        except ValueError as error:
            raise forms.ValidationError("conversation") from error
        return self.cleaned_data

    @property
    def line(self) -> Line:
        data = self.cleaned_data
        return Line(self.conversation_id, to=data.get("to") or self._usually or QUEUE, note=data.get("note") or "")
