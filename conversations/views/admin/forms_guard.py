"""What admins decide about sensitive data, danger, and messages that go out by themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations import guard_words
from conversations.detectors import SURE, scan
from conversations.detectors.danger import MAX_WORDS
from conversations.models import InboxSettings
from conversations.own_identifiers import MAX_ACCOUNTS, account, grouped
from conversations.services.guard import guarding

LANGUAGES = (("nl", _("Dutch")), ("de", _("German")), ("en", _("English")), ("fr", _("French")))
MAX_WORD_CHARS = 80
MAX_TEXT_CHARS = 1500


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "input", "rows": str(rows)})


class AccountsField(forms.CharField):
    """Account numbers, one a line, kept without gaps; each is checked."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(grouped, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]
        if len(lines) > MAX_ACCOUNTS:
            raise forms.ValidationError(_("At most %(most)s account numbers.") % {"most": MAX_ACCOUNTS})
        for line in lines:
            if not account(line):
                raise forms.ValidationError(_("This is no account number (IBAN): %(line)s") % {"line": line[:40]})
        return list(dict.fromkeys(map(account, lines)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or []))
        except forms.ValidationError:
            return True


class SensitiveForm(forms.ModelForm):  # type: ignore[type-arg]
    own_accounts = AccountsField(
        label=_("Your own account numbers"),
        required=False,
        max_length=2000,
        widget=_area(3),
        help_text=_("One IBAN a line. Your numbers and the phone and mail of your contact page are known already."),
    )

    class Meta:
        model = InboxSettings
        fields = ["own_accounts", "term_lists", "blur_media"]
        widgets = {
            "blur_media": forms.RadioSelect(
                choices=[("class", _("As the risk class says")), ("always", _("Always")), ("never", _("Never"))]
            )
        }
        labels = {
            "term_lists": _("Look for words about health and other special data"),
            "blur_media": _("Blur pictures and films that come in"),
        }
        help_texts = {
            "term_lists": _("Numbers and passwords are always looked for."),
            "blur_media": _("Until somebody chooses to look. Who did is kept."),
        }


class _PerLanguage(forms.Form):
    """One field a language for each name in ``per_language``; kept as ``{"nl": …}`` in the column of that name."""

    per_language: tuple[tuple[str, Any, int, int], ...] = ()  # column, label, rows, longest

    def __init__(self, *args: Any, settings: InboxSettings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.settings = settings
        for column, label, rows, longest in self.per_language:
            kept = getattr(settings, column) or {}
            for code, language in LANGUAGES:
                field = forms.CharField(
                    label=f"{label} · {language}", required=False, max_length=longest, widget=_area(rows)
                )
                field.initial = self.shown(kept.get(code))
                self.fields[f"{column}_{code}"] = field

    def shown(self, kept: Any) -> str:
        return kept if isinstance(kept, str) else ""

    def kept(self, column: str) -> dict[str, Any]:
        """What was filled in, by language."""
        values = {code: self.cleaned_data.get(f"{column}_{code}", "").strip() for code, _name in LANGUAGES}
        return {code: text for code, text in values.items() if text}

    def save(self) -> list[str]:
        """Write what changed; names of the columns that did."""
        columns = [column for column, *_rest in self.per_language]
        news = {column: self.kept(column) for column in columns} | self.plain()
        changed = [name for name, value in news.items() if getattr(self.settings, name) != value]
        for name in changed:
            setattr(self.settings, name, news[name])
        self.settings.save()
        return changed

    def plain(self) -> dict[str, Any]:
        """The columns that are no matter of language."""
        return {}


class DangerForm(_PerLanguage):
    per_language = (("danger_words", _("Danger words"), 3, 8000),)

    danger_protocol = forms.CharField(
        label=_("What to do"),
        required=False,
        max_length=4000,
        widget=_area(6),
        help_text=_("Shown above the composer while a danger word waits."),
    )
    emergency_number = forms.CharField(label=_("Emergency number"), required=False, max_length=40)
    duty_number = forms.CharField(label=_("Number of who is on duty"), required=False, max_length=40)

    def __init__(self, *args: Any, settings: InboxSettings, **kwargs: Any) -> None:
        super().__init__(*args, settings=settings, **kwargs)
        for name in ("danger_protocol", "emergency_number", "duty_number"):
            self.fields[name].initial = getattr(settings, name)
        kept = settings.danger_words.get("*", []) if isinstance(settings.danger_words, dict) else []
        every = forms.CharField(
            label=_("Danger words · every language"),
            required=False,
            widget=_area(2),
            initial=self.shown(kept),
            help_text=_(
                "One a line: a word or a few. A star at the end stands for any ending. Case and accents do not matter."
            ),
        )
        self.fields["danger_words_*"] = every
        self.order_fields(["danger_words_*", *(f"danger_words_{code}" for code, _name in LANGUAGES)])

    def shown(self, kept: Any) -> str:
        return "\n".join(word for word in kept if isinstance(word, str)) if isinstance(kept, list) else ""

    def kept(self, column: str) -> dict[str, Any]:
        texts = super().kept(column)
        if every := self.cleaned_data.get("danger_words_*", "").strip():
            texts["*"] = every
        listed = {code: _words(text) for code, text in texts.items()}
        return {code: words for code, words in listed.items() if words}

    def plain(self) -> dict[str, Any]:
        names = ("danger_protocol", "emergency_number", "duty_number")
        return {name: self.cleaned_data[name].strip() for name in names}


def _words(text: str) -> list[str]:
    words = (" ".join(line.split())[:MAX_WORD_CHARS] for line in text.splitlines())
    return list(dict.fromkeys(word for word in words if word))[:MAX_WORDS]


class GreetingForm(_PerLanguage):
    per_language = (
        ("greeting", _("Greeting"), 3, MAX_TEXT_CHARS),
        ("away", _("Away"), 3, MAX_TEXT_CHARS),
    )

    def clean(self) -> dict[str, Any]:
        """What would be stopped when it leaves is said now, not in the night."""
        found = super().clean() or {}
        for name, text in list(found.items()):
            hits = [hit for hit in scan(text, with_terms=False) if hit.confidence >= SURE] if text else []
            if hits := guarding.own(self.settings).without(text, hits) if hits else []:
                told = {"found": guard_words.listed([hit.detector for hit in hits])}
                problem = _("This would be stopped when it is sent: %(found)s.")
                self.add_error(name, problem % told)
        return found
