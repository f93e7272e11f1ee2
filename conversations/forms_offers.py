"""What people fill in to send something to tap, a place or a contact card; lengths stand in the table of limits."""

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations import places
from conversations.forms import PlainText
from conversations.models import Channel, InboxSettings, Message
from conversations.services.writing.replying import Composed
from conversations.whatsapp import interactive, limits
from conversations.whatsapp.fields import InvalidField
from conversations.whatsapp.interactive import Frame

MAX_PASTED_CHARS = 2000


def words(kind: str, field: str, label: Any = None, *, needed: bool | None = None, rows: int = 0) -> PlainText:
    """A text field with the platform's length, which the page counts down."""
    limit = limits.of(kind, field)
    needed = bool(limit.least) if needed is None else needed
    attrs = {"class": "input", "dir": "auto", "data-counted": str(limit.most)} | ({"rows": str(rows)} if rows else {})
    widget = forms.Textarea(attrs=attrs) if rows else forms.TextInput(attrs=attrs)
    return PlainText(label=cast("Any", label or limit.name), max_length=limit.most, required=needed, widget=widget)


class OfferForm(forms.Form):
    """One thing to send; ``token`` is made by the page, one per message."""

    kind: ClassVar[str]
    title: ClassVar[Any]
    send: ClassVar[Any] = _("Send")

    token = forms.UUIDField(widget=forms.HiddenInput)
    quoting = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def composed(self) -> Composed:
        """What is to be sent. Raises InvalidField"""
        raise NotImplementedError

    def quoted_in(self, channel: Channel) -> Message | None:
        pk = self.cleaned_data.get("quoting")
        return Message.objects.seen_in(channel).filter(pk=pk).first() if pk else None

    def add_problem(self, field: str, problem: Any) -> None:
        """Put a refusal at the field it names, or above all."""
        name = self.field_of(field)
        self.add_error(name if name in self.fields else None, problem)

    def field_of(self, path: str) -> str:
        """The form's own name of a field of the platform's."""
        return path

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        return self.visible_fields()


def _titles(count: int) -> dict[str, PlainText]:
    return {
        f"button{number}": words("buttons", "title", _("Button %(number)d") % {"number": number}, needed=number == 1)
        for number in range(1, count + 1)
    }


class ButtonsForm(OfferForm):
    kind, title = "buttons", _("Buttons")
    body = words("buttons", "body", rows=3)
    header = words("buttons", "header")
    footer = words("buttons", "footer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_titles(limits.most("buttons", "buttons")))
        self.order_fields(["body", "button1", "button2", "button3", "header", "footer"])

    def composed(self) -> Composed:
        data = self.cleaned_data
        titles = [data[name].strip() for name in data if name.startswith("button") and data[name].strip()]
        buttons = [interactive.Button(f"button-{number}", title) for number, title in enumerate(titles, 1)]
        frame = Frame(data["header"], footer=data["footer"])
        return Composed(offer=interactive.Buttons(data["body"], buttons, frame))

    def field_of(self, path: str) -> str:
        return f"button{int(path.split('.')[1]) + 1}" if path.startswith("buttons.") else path


class ListForm(OfferForm):
    """A row that names a heading begins a section."""

    kind, title = "list", _("List to choose from")
    body = words("list", "body", rows=3)
    button = words("list", "button")
    header = words("list", "header")
    footer = words("list", "footer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = range(1, limits.most("list", "rows") + 1)
        for number in self.numbers:
            self.fields[f"row{number}"] = words("list", "title", needed=number == 1)
            self.fields[f"description{number}"] = words("list", "description")
            self.fields[f"section{number}"] = words("list", "section_title", needed=False)

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("body", "button", "header", "footer")]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Rows for the page: those with words and the first three stand open."""
        found = []
        for number in self.numbers:
            row = {part: self[f"{part}{number}"] for part in ("row", "description", "section")}
            filled = any(bound.value() for bound in row.values())
            found.append(row | {"number": number, "open": number <= 3 or filled})
        return found

    def composed(self) -> Composed:
        data = self.cleaned_data
        sections: list[tuple[str, list[interactive.Row]]] = []
        for number in self.numbers:
            title = data[f"row{number}"].strip()
            if not title:
                continue
            heading = data[f"section{number}"].strip()
            if not sections or heading:
                sections.append((heading, []))
            row = interactive.Row(f"row-{number}", title, data[f"description{number}"].strip())
            sections[-1][1].append(row)
        offered = [interactive.Section(rows, heading) for heading, rows in sections]
        frame = Frame(data["header"], footer=data["footer"])
        return Composed(offer=interactive.List(data["body"], data["button"], offered, frame))

    def field_of(self, path: str) -> str:
        return "section1" if path.startswith("sections.") else path


class LinkForm(OfferForm):
    kind, title = "link", _("Button that opens a page")
    body = words("link", "body", rows=3)
    label = words("link", "label")
    url = words("link", "url")
    header = words("link", "header")
    footer = words("link", "footer")

    def composed(self) -> Composed:
        data = self.cleaned_data
        frame = Frame(data["header"], footer=data["footer"])
        return Composed(offer=interactive.Link(data["body"], data["label"], data["url"], frame))


class AskLocationForm(OfferForm):
    kind, title = "ask_location", _("Ask where they are")
    body = words("ask_location", "body", rows=3)

    def composed(self) -> Composed:
        return Composed(offer=interactive.AskLocation(self.cleaned_data["body"]))


class AskPhoneNumberForm(OfferForm):
    kind, title = "ask_phone_number", _("Ask for the phone number")
    body = words("ask_phone_number", "body", rows=3)

    def composed(self) -> Composed:
        return Composed(offer=interactive.AskPhoneNumber(self.cleaned_data["body"]))


class LocationForm(OfferForm):
    kind, title = "location", _("Place")
    place = forms.CharField(
        label=_("Coordinates or the address of a map"),
        max_length=MAX_PASTED_CHARS,
        help_text=_("Paste 52.0907, 5.1214 or the long address from the browser. Nothing is fetched."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    name = words("location", "name")
    address = words("location", "address")

    def composed(self) -> Composed:
        data = self.cleaned_data
        found = places.read(data["place"])
        if found is None:
            words_ = _("No place is in this. Open the map, and paste its long address or the coordinates.")
            raise InvalidField("place", words_)
        latitude, longitude = found
        kept = {name: data[name].strip() for name in ("name", "address")}
        return Composed(place={"latitude": latitude, "longitude": longitude, **kept})


class ContactForm(OfferForm):
    kind, title = "contacts", _("Contact card")
    name = words("contacts", "name")
    phone = words("contacts", "phone", needed=False)
    email = forms.EmailField(
        label=_("E-mail address"), required=False, widget=forms.EmailInput(attrs={"class": "input"})
    )
    company = words("contacts", "company")

    def composed(self) -> Composed:
        data = self.cleaned_data
        if not data["phone"].strip() and not data["email"]:
            raise InvalidField("phone", _("Give a phone number or an e-mail address."))
        card: dict[str, Any] = {"name": {"formatted_name": data["name"].strip(), "first_name": data["name"].strip()}}
        if data["phone"].strip():
            card["phones"] = [{"phone": data["phone"].strip()}]
        if data["email"]:
            card["emails"] = [{"email": data["email"]}]
        if data["company"].strip():
            card["org"] = {"company": data["company"].strip()}
        return Composed(cards=(card,))


class FlowForm(OfferForm):
    kind, title = "flow", _("Form to fill in")
    body = words("flow", "body", rows=3)
    label = words("flow", "label")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {one.id: one for one in InboxSettings.load().known_forms}
        choices = forms.ChoiceField(
            label=_("Form"),
            choices=[(one.id, one.name) for one in self.known.values()],
            widget=forms.Select(attrs={"class": "input"}),
        )
        self.fields["flow_id"] = choices
        self.order_fields(["flow_id", "body", "label"])

    def composed(self) -> Composed:
        data = self.cleaned_data
        chosen = self.known[data["flow_id"]]
        return Composed(offer=interactive.Flow(data["body"], data["label"], chosen.id, screen=chosen.screen))


FORMS: dict[str, type[OfferForm]] = {
    form.kind: form
    for form in (
        ButtonsForm,
        ListForm,
        LinkForm,
        AskLocationForm,
        AskPhoneNumberForm,
        LocationForm,
        ContactForm,
        FlowForm,
    )
}
