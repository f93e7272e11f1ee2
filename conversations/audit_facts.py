"""How the audit trail reads what the inbox, the numbers and their guard record: with the words their pages use."""

import re
from typing import Any

from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from conversations import alarm_words, guard_words, template_words, wording
from conversations.models import NumberSync
from conversations.services.connecting import path
from conversations.services.connecting.handing_over import Ground
from conversations.services.numbers import number_history
from conversations.templatetags.connecting import method_name, region_name
from conversations.views.admin.forms import KeyForm
from conversations.views.admin.forms_people import ClearanceForm
from tenants.accounts.audit_facts import Fact, coded, count, id_of, moment, plain, register, yes_no

NAME = Fact(_("name"), plain, names_subject=True)
FOUND = Fact(_("what was found"), coded(guard_words.name_of))
CLEARANCE = re.compile(r"(?P<name>seen|until|nda|kind) (?P<value>.*?)(?=, (?:seen|until|nda|kind) |$)")
CLEARANCE_FIELDS = {"seen": "seen_on", "until": "until", "kind": "kind", "nda": "nda_signed_on"}
HANDED_OVER = {
    NumberSync.Kind.CONTACTS.value: _("contacts of the phone app"),
    NumberSync.Kind.HISTORY.value: _("earlier messages, up to 180 days"),
}


def register_all() -> None:
    """Once, when the app is loaded."""
    _contacts()
    _words()
    _people()
    _guard()
    _messages()
    _connecting()
    _numbers()
    _templates()


def _contacts() -> None:
    register("contacts.listed", "search.run", count=Fact(_("how many"), count))
    register("contact.changed", fields=id_of("contactfield", _("fields")))
    register("contact_field.dropped", name=NAME, count=Fact(_("how many"), count))
    register("contact.merged", "contact.unmerged", other=id_of("contact", _("other contact")))
    register("contact.blocked", "contact.unblocked", number=Fact(_("number"), plain))
    register("contact.erased_at_platform", known=Fact(_("WhatsApp knew this person"), yes_no))
    purpose = Fact(_("for"), coded(wording.purpose_name))
    register("consent.recorded", "consent.withdrawn", purpose=purpose)


def _words() -> None:
    register("label.created", "label.retired", "label.restored", name=NAME)
    before, after = Fact(_("before"), plain), Fact(_("after"), plain, names_subject=True)
    register("label.changed", "label.merged", before=before, after=after)
    register("intent.created", "intent.changed", "intent.retired", "intent.restored", name=NAME)
    shortcut = Fact(_("shortcut"), plain, names_subject=True)
    shared = Fact(_("for everybody"), yes_no)
    register("quick_reply.made", "quick_reply.changed", "quick_reply.removed", shortcut=shortcut, shared=shared)
    register("view.shared", name=NAME, again=Fact(_("again"), yes_no))
    register("view.unshared", name=NAME)


def _people() -> None:
    register("api_key.created", scopes=Fact(_("scopes"), coded(_choices_of(KeyForm, "scopes"))))
    register("person.clearance_changed", before=Fact(_("before"), clearance), after=Fact(_("after"), clearance))
    register("team.created", name=NAME, people=Fact(_("people"), count))
    register("team.changed", joined=Fact(_("joined"), count), left=Fact(_("left"), count))
    register("team.deleted", "team.clearance_lapsed", name=NAME)
    asked = "question.asked", "question.answered", "question.reminded", "question.withdrawn"
    register(*asked, conversation=id_of("conversation", _("conversation")))


def _guard() -> None:
    register("sensitive.shown", "sensitive.overridden", detectors=FOUND)
    register("sensitive.stopped", detectors=FOUND, reason=Fact(_("reason"), coded(wording.refusal_text)))
    register("sensitive.confirmed", "sensitive.rejected", detector=FOUND)
    shown, hidden = Fact(_("shown again"), count), Fact(_("hidden again"), count)
    register("sensitive.own_changed", shown=shown, hidden=hidden)
    added, removed = Fact(_("account numbers added"), plain), Fact(_("account numbers removed"), plain)
    register("settings.changed", accounts_added=added, accounts_removed=removed)
    register("danger.dealt_with", since=Fact(_("since"), moment))


def _messages() -> None:
    register("message.removed", journal_rows=Fact(_("deliveries cleared"), count))
    refused = Fact(_("reason"), coded(wording.refusal_text))
    register("message.refused", reason=refused, template=Fact(_("template"), plain))
    register("message.sent_anyway", asked=Fact(_("asked"), coded(wording.refusal_text, between=" ")))


def _connecting() -> None:
    method = Fact(_("how"), coded(method_name))
    register("connecting.started", "connecting.abandoned", "number.connected", method=method)
    titles = {step.name: step.title for step in path.EVERY}
    register("connecting.checked", steps=Fact(_("steps"), coded(titles, nothing=_("all"))))
    register("connecting.region_chosen", region=Fact(_("region"), region_name))
    kinds = Fact(_("what"), coded(HANDED_OVER, nothing=_("nothing")))
    register("number.handover_decided", kinds=kinds, ground=Fact(_("legal ground"), coded(dict(Ground.choices))))
    register(
        "number.disconnected",
        called_off=Fact(_("messages called off"), count),
        unsubscribed=Fact(_("events ended"), yes_no),
        switched_off=Fact(_("switched off at WhatsApp"), yes_no),
    )


def _numbers() -> None:
    register("alarm.acknowledged", kind=Fact(_("kind"), coded(_alarm)))
    register("number.changed", what=Fact(_("what"), coded(number_history.WORDS)))
    register("number.call_backs_opened", "number.call_backs_downloaded", count=Fact(_("how many"), count))
    register("number.called_back", whole=Fact(_("done"), yes_no))


def _templates() -> None:
    asked = "submitted", "edited", "deleted", "unpaused", "archived", "unarchived", "drafted", "discarded"
    actions = [f"template.{one}" for one in asked]
    named, language = Fact(_("template"), plain, names_subject=True), coded(template_words.language_label)
    every = Fact(_("all languages"), yes_no)
    register(*actions, template=named, language=Fact(_("language"), language), all_languages=every)


def clearance(value: Any) -> str:
    """``seen 2026-01-02, kind 84`` in the words of the form in which it is noted."""
    labels = {code: ClearanceForm.base_fields[name].label for code, name in CLEARANCE_FIELDS.items()}
    parts = [(labels[one["name"]], one["value"]) for one in CLEARANCE.finditer(str(value))]
    return "; ".join(f"{label}: {_day(text)}" for label, text in parts) or str(_("nothing"))


def _day(text: str) -> str:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    return str(formats.date_format(found, "SHORT_DATE_FORMAT")) if found else text


def _alarm(kind: str) -> str:
    return str(alarm_words.words_of(kind).title)


def _choices_of(form: Any, name: str) -> dict[str, Any]:
    return dict(form.base_fields[name].choices)
