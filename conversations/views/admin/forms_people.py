"""What admins fill in about people and teams."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations import people_words
from conversations.models import InboxSettings, Team
from conversations.services.people.person_facts import Answers, Clearance
from conversations.services.people.teams import TeamFacts
from tenants.accounts.models import User

MOST_WORDS, MOST_CHARS = 30, 40


class Words(forms.CharField):
    """A few words with commas between them, in lower case, each once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=MOST_WORDS * MOST_CHARS, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        words = [" ".join(word.split()).lower() for word in str(super().clean(value) or "").split(",")]
        found = list(dict.fromkeys(word for word in words if word))
        if len(found) > MOST_WORDS or any(len(word) > MOST_CHARS for word in found):
            raise forms.ValidationError(_("At most 30 words of 40 characters, with commas between them."))
        return found


class Languages(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, choices=people_words.language_choices, **kwargs)


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    skills = Words(
        label=_("What it knows"),
        help_text=_("Words with commas, as intents ask for them: “returns, billing”. Empty: everything else."),
    )
    languages = Languages(label=_("Languages it answers"), help_text=_("None: any."))
    auto_assign = forms.BooleanField(
        label=_("Give its conversations out by themselves"),
        required=False,
        help_text=_("To whoever of it is available, has room and speaks the language."),
    )
    cleared_as_a_whole = forms.BooleanField(
        label=_("Cleared as a whole"),
        required=False,
        help_text=_("Everybody in it is cleared: words only warn; numbers of identity still are masked."),
    )
    members = forms.MultipleChoiceField(required=False)
    leads = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, people: Sequence[User], team: Team | None = None, **kwargs: Any) -> None:
        self.people = people
        if team is not None:
            kwargs["initial"] = _initial(team)
        super().__init__(*args, **kwargs)
        for name in ("members", "leads"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  declared above
            field.choices = [(str(user.pk), user.name) for user in people]

    @property
    def facts(self) -> TeamFacts:
        """Whoever leads is in it."""
        data = self.cleaned_data
        leads = frozenset(UUID(pk) for pk in data["leads"])
        members = frozenset(UUID(pk) for pk in data["members"]) | leads
        names = ("name", "skills", "languages", "auto_assign", "cleared_as_a_whole")
        return TeamFacts(**{name: data[name] for name in names}, members=members, leads=leads)

    @property
    def rows(self) -> list[tuple[User, bool, bool]]:
        """Everybody, with whether she is in it and leads it."""
        inside, leading = (set(map(str, self[name].value() or [])) for name in ("members", "leads"))
        return [(user, str(user.pk) in inside, str(user.pk) in leading) for user in self.people]


def _initial(team: Team) -> dict[str, Any]:
    members = list(team.members.all())
    return {
        "name": team.name,
        "skills": team.skills,
        "languages": team.languages,
        "auto_assign": team.auto_assign,
        "cleared_as_a_whole": team.cleared_as_a_whole,
        "members": [str(member.user_id) for member in members],
        "leads": [str(member.user_id) for member in members if member.leads],
    }


class GivingOutForm(forms.ModelForm):  # type: ignore[type-arg]
    """How conversations are given out, for the whole company."""

    capacity = forms.IntegerField(
        label=_("Conversations at once per person"), min_value=0, max_value=500, help_text=_("0: any number.")
    )
    silent_minutes = forms.IntegerField(
        label=_("Take back what a silent person holds after (minutes)"),
        min_value=0,
        max_value=1440,
        help_text=_("Where somebody waits and the holder had no page open for so long. 0: never."),
    )

    class Meta:
        model = InboxSettings
        fields = ["auto_assign", "capacity", "silent_minutes"]
        labels = {"auto_assign": _("Give all conversations out by themselves")}
        help_texts = {"auto_assign": _("Otherwise only those of the teams that want it; anybody can always claim one.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "giving_%s"  # beside the form of a team on the same page
        super().__init__(*args, **kwargs)

    def clean_silent_minutes(self) -> int:
        minutes = int(self.cleaned_data["silent_minutes"])
        if 0 < minutes < 3:
            raise forms.ValidationError(_("At least 3 minutes: open pages say once a minute that they are there."))
        return minutes


class AnswersForm(forms.Form):
    languages = Languages(label=_("Languages"), help_text=_("None: nothing is known, so any may come."))
    skills = Words(label=_("Skills"), help_text=_("Words with commas, as intents ask for them."))
    capacity = forms.IntegerField(
        label=_("Conversations at once"), min_value=0, max_value=500, help_text=_("0: as the company says.")
    )

    @property
    def answers(self) -> Answers:
        data = self.cleaned_data
        return Answers(data["languages"], data["skills"], data.get("capacity") or 0)


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class ClearanceForm(forms.Form):
    seen_on = DayField(
        label=_("Certificate of good conduct seen on"),
        help_text=_("Look at it and give it back: no copy is kept here, nor should one be. Empty: not cleared."),
    )
    kind = forms.CharField(
        label=_("Its profile"), max_length=60, required=False, help_text=_("As it says, for example “84, 85”.")
    )
    until = DayField(label=_("To be shown again by"), help_text=_("From then on this person counts as not cleared."))
    nda_signed_on = DayField(label=_("Confidentiality signed on"))

    @property
    def clearance(self) -> Clearance:
        data = self.cleaned_data
        return Clearance(data["seen_on"], data["until"], data["kind"], data["nda_signed_on"])
