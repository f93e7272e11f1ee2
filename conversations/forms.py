"""What people type in the inbox, checked before a service sees it."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conversations.models import Channel, Draft, Message
from conversations.services.guard import guarding_out
from conversations.services.outbox.outbox import MAX_BODY_CHARS
from conversations.services.writing.drafts import MAX_CHARS as MAX_DRAFT_CHARS

NUL = "\x00"
MAX_AGE_MS = 24 * 3600 * 1000
MAX_CONFIRMED = 10
MAX_ANSWER_CHARS = 330


class PlainText(forms.CharField):
    """A text as it was typed: NUL becomes a visible sign instead of an error that would lose the text."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace(NUL, "\ufffd").replace("\r\n", "\n") if isinstance(text, str) else text


class ReplyForm(forms.Form):
    """An answer: text, or a file with or without caption; ``token`` is made by the page, one per answer.

    voice    the file was recorded here as a voice note
    sticker  the file is a picture that goes out as a sticker
    age      milliseconds since it was sent, when it had to wait for the connection
    """

    body = PlainText(required=False, strip=False, max_length=MAX_BODY_CHARS)
    token = forms.UUIDField()
    quoting = forms.UUIDField(required=False)
    file = forms.FileField(required=False, allow_empty_file=True, max_length=255)
    voice = forms.BooleanField(required=False)
    sticker = forms.BooleanField(required=False)
    close = forms.BooleanField(required=False)
    snooze = forms.BooleanField(required=False)
    age = forms.IntegerField(required=False, min_value=0, max_value=MAX_AGE_MS)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if not cleaned.get("file") and not cleaned.get("body", "").strip() and "body" not in self.errors:
            self.add_error("body", _("Write something first."))
        return cleaned

    def quoted_in(self, channel: Channel) -> Message | None:
        """The quoted message, if it stands in this thread and whoever it was opened for may see it."""
        pk: UUID | None = self.cleaned_data.get("quoting")
        return Message.objects.seen_in(channel).filter(pk=pk).first() if pk else None


def confirmed_in(data: QueryDict) -> frozenset[str]:
    """The codes of the questions that were answered with "Send anyway"; behind a colon the reason that one asks."""
    codes = frozenset(code[:MAX_ANSWER_CHARS] for code in data.getlist("confirmed")[:MAX_CONFIRMED])
    why = data.get("override_reason", "").strip()
    return codes | {f"{guarding_out.CODE}:{why}"[:MAX_ANSWER_CHARS]} if why else codes


class DraftForm(forms.Form):
    """What is being written; ``age`` says how many milliseconds ago the last key was pressed."""

    mode = forms.ChoiceField(choices=Draft.Mode)
    body = PlainText(required=False, strip=False, max_length=MAX_DRAFT_CHARS)
    quoting = forms.UUIDField(required=False)
    known_at = forms.DateTimeField(required=False)
    age = forms.IntegerField(required=False, min_value=0, max_value=MAX_AGE_MS)


class NoteForm(forms.Form):
    """A note; ``token`` is made by the page, one per note."""

    token = forms.UUIDField(required=False)
    body = PlainText(strip=False, max_length=MAX_BODY_CHARS, error_messages={"required": _("Write something first.")})


class TemplateForm(forms.Form):
    """What goes with every message template; its blanks are checked by the service that fills them."""

    token = forms.UUIDField()
    purpose = forms.ChoiceField(
        choices=Message.Purpose, error_messages={"required": _("Say what this message template is sent for.")}
    )
    reference = PlainText(required=False, max_length=200)
    file = forms.FileField(required=False, allow_empty_file=True, max_length=255)


class ReactionForm(forms.Form):
    emoji = forms.CharField(required=False, max_length=40)


class RemovalForm(forms.Form):
    reason = forms.CharField(max_length=200, error_messages={"required": _("Say why, for those who look here later.")})


class TakeForm(forms.Form):
    """``holder``: who held the conversation on the page where the button was pressed; empty for nobody."""

    holder = forms.UUIDField(required=False)
