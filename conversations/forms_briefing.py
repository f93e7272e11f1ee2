"""What people fill in about tone, notices and knowledge."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

MAX_LINKS = 20
MAX_NAME_CHARS, MAX_URL_CHARS, MAX_TAG_CHARS = 60, 500, 40


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "input", "rows": str(rows), "dir": "auto"})


def _web_host(url: str) -> str:
    """The host of an address of the web, empty for whatever else somebody wrote."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host if parts.scheme in ("https", "http") and len(url) <= MAX_URL_CHARS else ""


class BriefingForm(forms.Form):
    """How the company speaks and what stands beside every conversation."""

    tone = forms.CharField(
        label=_("Tone"),
        required=False,
        max_length=4000,
        widget=area(5),
        help_text=_("How you speak to people, in a few sentences or rules. Always in view of whoever answers."),
    )
    form_of_address = forms.ChoiceField(
        label=_("Form of address"),
        required=False,
        choices=[
            ("", _("Not said")),
            ("formal", _("Formal (u, Sie)")),
            ("informal", _("Informal (je, du)")),
        ],
    )
    links = forms.CharField(
        label=_("Links"),
        required=False,
        widget=area(4),
        help_text=_("One a line: name | address. They stand beside every conversation."),
    )
    house_rules = forms.CharField(
        label=_("House rules"),
        required=False,
        max_length=20_000,
        widget=area(6),
        help_text=_("Whoever of the agency must accept them reads them before working here, and again after a change."),
    )

    def clean_links(self) -> list[dict[str, str]]:
        links = []
        for line in self.cleaned_data["links"].splitlines()[: MAX_LINKS + 1]:
            if not line.strip():
                continue
            name, _bar, url = (part.strip() for part in line.rpartition("|"))
            host = _web_host(url)
            if not host:
                raise forms.ValidationError(
                    _("This line has no address that begins with https://: %(line)s"), params={"line": line[:80]}
                )
            links.append({"name": (name or host)[:MAX_NAME_CHARS], "url": url})
        if len(links) > MAX_LINKS:
            raise forms.ValidationError(_("At most %(count)d links."), params={"count": MAX_LINKS})
        return links

    @staticmethod
    def lines_of(links: list[dict[str, str]]) -> str:
        return "\n".join(f"{link.get('name', '')} | {link.get('url', '')}" for link in links)


class NoticeForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    body = forms.CharField(label=_("Text"), max_length=4096, widget=area(5))
    starts_at = forms.DateTimeField(
        label=_("From"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: at once."),
    )
    ends_at = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: until somebody ends it."),
    )
    urgent = forms.BooleanField(label=_("Urgent: stands first, in red"), required=False)


class ArticleForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    body = forms.CharField(
        label=_("Text"), max_length=20_000, widget=area(12), help_text=_("Put into the answer as it stands here.")
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Any language")), *settings.LANGUAGES]
    )
    tags = forms.CharField(label=_("Tags"), required=False, max_length=400, help_text=_("Words, with commas between."))
    url = forms.URLField(label=_("Source"), required=False, assume_scheme="https", max_length=200)

    def clean_tags(self) -> list[str]:
        return [tag.strip()[:MAX_TAG_CHARS] for tag in self.cleaned_data["tags"].split(",") if tag.strip()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {name: value.replace("\x00", "") if isinstance(value, str) else value for name, value in data.items()}
