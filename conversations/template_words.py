"""Words for message templates: states, reasons and what to do, categories, what changed. Values in, texts out."""

from dataclasses import dataclass
from datetime import datetime

from babel import Locale, UnknownLocaleError
from django.utils import formats, timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.models import MessageTemplate, TemplateNews
from conversations.whatsapp.errors import rule_for
from conversations.whatsapp.payloads.clean import record

Text = str | Promise


@dataclass(frozen=True, slots=True)
class State:
    """How a template stands: a tone for pages, a word, what it means and what to do."""

    tone: str
    name: Text
    meaning: Text = ""


STATES: dict[str, State] = {
    "DRAFT": State("", gettext_lazy("Draft"), gettext_lazy("Nobody outside has seen it yet. Hand it in for review.")),
    "PENDING": State(
        "waiting",
        gettext_lazy("In review"),
        gettext_lazy("WhatsApp reads it. That takes minutes as a rule, at most a day."),
    ),
    "IN_APPEAL": State("waiting", gettext_lazy("Appealed"), gettext_lazy("WhatsApp looks again at its refusal.")),
    "APPROVED": State("good", gettext_lazy("Approved"), gettext_lazy("It can be sent.")),
    "REJECTED": State(
        "broken", gettext_lazy("Refused"), gettext_lazy("Change it and hand it in again. There is no limit of tries.")
    ),
    "PAUSED": State(
        "broken",
        gettext_lazy("Paused"),
        gettext_lazy("People blocked or reported it. Improve the text before it goes on, or use another template."),
    ),
    "DISABLED": State(
        "broken",
        gettext_lazy("Switched off"),
        gettext_lazy("It was paused too often. It cannot be used or changed any more: make a new one."),
    ),
    "FLAGGED": State(
        "waiting",
        gettext_lazy("Watched"),
        gettext_lazy("Its quality is low. Send it to fewer people, or improve it, before WhatsApp pauses it."),
    ),
    "LIMIT_EXCEEDED": State(
        "broken",
        gettext_lazy("Too many templates"),
        gettext_lazy("The account has as many templates as it may have. Delete some that nobody uses."),
    ),
    "LOCKED": State("broken", gettext_lazy("Locked"), gettext_lazy("WhatsApp locked it. Ask the support of WhatsApp.")),
    "PENDING_DELETION": State("", gettext_lazy("Being deleted"), gettext_lazy("WhatsApp is taking it away.")),
    "DELETED": State(
        "",
        gettext_lazy("Deleted"),
        gettext_lazy("Sent messages keep their text. The name is free again 30 days after it was deleted."),
    ),
    "ARCHIVED": State(
        "",
        gettext_lazy("Archived"),
        gettext_lazy("It cannot be sent. WhatsApp deletes it 28 days after it was archived, unless you take it out."),
    ),
}
REASONS: dict[str, Text] = {
    "ABUSIVE_CONTENT": gettext_lazy("WhatsApp finds the content abusive. Rewrite it in a friendly tone."),
    "INCORRECT_CATEGORY": gettext_lazy("The text does not fit its category. Choose the other one, or change the text."),
    "INVALID_FORMAT": gettext_lazy("The form is not right: often a variable, a sample or a link. Look at those first."),
    "PROMOTIONAL": gettext_lazy("It advertises. Take the advertising out, or make it a marketing template."),
    "SCAM": gettext_lazy("It looks like fraud to WhatsApp. Name your company and what the message is about."),
    "TAG_CONTENT_MISMATCH": gettext_lazy("Language or category and text do not go together. Check which is wrong."),
}
ASKED: dict[str, Text] = {
    "submit": gettext_lazy("On its way to WhatsApp for review"),
    "edit": gettext_lazy("The change is on its way to WhatsApp"),
    "delete": gettext_lazy("Being deleted at WhatsApp"),
    "delete_all": gettext_lazy("All languages are being deleted at WhatsApp"),
    "unpause": gettext_lazy("The pause is being ended"),
    "archive": gettext_lazy("Being archived at WhatsApp"),
    "unarchive": gettext_lazy("Being taken out of the archive"),
}
CATEGORIES: dict[str, Text] = {
    "UTILITY": gettext_lazy("Service"),
    "MARKETING": gettext_lazy("Marketing"),
    "AUTHENTICATION": gettext_lazy("Sign-in code"),
}
CATEGORY_MEANINGS: dict[str, Text] = {
    "UTILITY": gettext_lazy(
        "About something the person asked for, ordered or agreed to: a date, a delivery, a bill. No advertising."
    ),
    "MARKETING": gettext_lazy(
        "Offers, news, invitations, and everything that is not clearly service. Only with proof of consent."
    ),
    "AUTHENTICATION": gettext_lazy("A code to sign in or confirm with, and nothing else. WhatsApp writes the words."),
}
KINDS: dict[str, tuple[str, Text, Text]] = {
    "standard": (
        "message-square-text",
        gettext_lazy("Text with heading and buttons"),
        gettext_lazy("For nearly everything."),
    ),
    "carousel": (
        "gallery-horizontal-end",
        gettext_lazy("Carousel"),
        gettext_lazy("Two to ten cards with a picture, to swipe through."),
    ),
    "offer": (
        "timer",
        gettext_lazy("Offer with an end"),
        gettext_lazy("Counts down and lets people copy a code. Marketing."),
    ),
    "shop": (
        "shopping-bag",
        gettext_lazy("Articles of your catalogue"),
        gettext_lazy("The whole catalogue, several articles or one. The catalogue is kept at Meta."),
    ),
    "code": ("key-round", gettext_lazy("Sign-in code"), gettext_lazy("A one-time code with a button that copies it.")),
}
GROUPS: dict[str, Text] = {
    "approved": gettext_lazy("Approved"),
    "review": gettext_lazy("In review"),
    "trouble": gettext_lazy("In trouble"),
    "draft": gettext_lazy("Drafts"),
    "gone": gettext_lazy("Archived and deleted"),
}
HEADERS: dict[str, Text] = {
    "none": gettext_lazy("None"),
    "text": gettext_lazy("Text"),
    "image": gettext_lazy("Picture"),
    "video": gettext_lazy("Video"),
    "document": gettext_lazy("Document"),
    "location": gettext_lazy("Location"),
}
BUTTONS: dict[str, tuple[str, Text]] = {
    "QUICK_REPLY": ("reply", gettext_lazy("Quick reply")),
    "URL": ("external-link", gettext_lazy("Open a page")),
    "PHONE_NUMBER": ("phone", gettext_lazy("Call a number")),
    "COPY_CODE": ("copy", gettext_lazy("Copy a code")),
    "FLOW": ("clipboard-list", gettext_lazy("Fill in a form")),
    "REQUEST_CONTACT_INFO": ("contact", gettext_lazy("Ask for the phone number")),
    "OTP": ("copy", gettext_lazy("Copy code")),
    "VOICE_CALL": ("phone-call", gettext_lazy("Call on WhatsApp")),
    "CATALOG": ("shopping-bag", gettext_lazy("Open the catalogue")),
    "MPM": ("shopping-bag", gettext_lazy("Show the articles")),
    "SPM": ("shopping-bag", gettext_lazy("Show the article")),
}
SHOPS: dict[str, tuple[Text, Text]] = {
    "catalog": (gettext_lazy("The whole catalogue"), gettext_lazy("An article may lend its picture.")),
    "products": (gettext_lazy("Several articles"), gettext_lazy("Up to thirty, chosen with each message.")),
    "product": (gettext_lazy("One article"), gettext_lazy("Its picture and price above the text.")),
}
FIXED_LABELS: dict[str, Text] = {
    "COPY_CODE": gettext_lazy("Copy offer code"),
    "REQUEST_CONTACT_INFO": gettext_lazy("Share phone number"),
    "OTP": gettext_lazy("Copy code"),
    "CATALOG": gettext_lazy("View catalog"),
    "MPM": gettext_lazy("View items"),
    "SPM": gettext_lazy("View"),
}
QUALITIES: dict[str, tuple[str, Text]] = {
    "GREEN": ("good", gettext_lazy("Good")),
    "YELLOW": ("waiting", gettext_lazy("Middling")),
    "RED": ("broken", gettext_lazy("Low")),
}


def state_of(template: MessageTemplate) -> State:
    """How it stands; a state that nobody has seen yet is shown by its own word."""
    return STATES.get(template.status, State("waiting", template.status.replace("_", " ").capitalize()))


def reason_of(template: MessageTemplate) -> Text:
    """Why it was refused, in words; empty when nothing is known."""
    code = template.rejected_reason
    if not code or code == "NONE":
        return ""
    return REASONS.get(code, code.replace("_", " ").capitalize())


def refusal_of(template: MessageTemplate) -> dict[str, Text]:
    """What the platform said no to last, in words: title, cause, next step and its own details."""
    refusal = record(template.refusal)
    if not refusal:
        return {}
    code = refusal.get("code")
    rule = rule_for(code if isinstance(code, int) else None)
    details = str(refusal.get("details") or "")
    return {
        "title": rule.title,
        "cause": rule.cause,
        "next": rule.next_step,
        "details": details,
        "field": str(refusal.get("field") or ""),
    }


def news_text(news: TemplateNews) -> str:
    """One line of the history."""
    before, after = news.before, news.after
    match news.kind:
        case "quality":
            return _("Quality: %(after)s") % {"after": quality_name(after)}
        case "category" if news.reason == "will_become":
            return _("WhatsApp will make it %(after)s") % {"after": category_name(after)}
        case "category":
            names = {"before": category_name(before), "after": category_name(after)}
            return _("Category changed from %(before)s to %(after)s") % names
        case "components":
            return _("The text was changed at WhatsApp")
    state = STATES.get(after)
    return str(state.name) if state else after


def news_reason(news: TemplateNews) -> Text:
    """Why, as far as it is known."""
    if news.reason in ("will_become", "submitted", ""):
        return _("Handed in here") if news.reason == "submitted" else ""
    if news.reason.startswith("error_") and news.reason[6:].isdecimal():
        return rule_for(int(news.reason[6:])).cause
    return REASONS.get(news.reason, news.reason)


def category_name(category: str) -> Text:
    return CATEGORIES.get(category.upper(), category.replace("_", " ").capitalize())


def quality_name(quality: str) -> Text:
    return QUALITIES[quality][1] if quality in QUALITIES else _("not known yet")


def language_label(code: str) -> str:
    """A language with its region, in the reader's own: “English (United Kingdom)”."""
    try:
        locale = Locale.parse(code, sep="_")
        return str(locale.get_display_name(translation.get_language() or "en") or code)
    except (UnknownLocaleError, ValueError):
        return code


def button_label(kind: str, text: str) -> Text:
    """The words on a button: its own, or those that the platform puts there."""
    return text or FIXED_LABELS.get(kind, BUTTONS.get(kind, ("", kind))[1])


def exact_moment(moment: datetime) -> str:
    """Date and time in the reader's zone."""
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
