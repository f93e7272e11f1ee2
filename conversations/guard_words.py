"""Findings of the guard in words, and what is offered to people who write what should not stand in a chat."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Text = str | Promise

NAMES: dict[str, Text] = {
    "iban": gettext_lazy("account number"),
    "card": gettext_lazy("payment card"),
    "kvnr": gettext_lazy("health insurance number"),
    "ehic": gettext_lazy("health insurance card"),
    "policy": gettext_lazy("policy number"),
    "de_tax_id": gettext_lazy("tax number"),
    "be_national": gettext_lazy("national number"),
    "fr_nir": gettext_lazy("social security number"),
    "de_pension": gettext_lazy("social security number"),
    "document": gettext_lazy("number of a passport, identity card or driving licence"),
    "bsn": gettext_lazy("citizen service number (BSN)"),
    "secret": gettext_lazy("password or PIN"),
    "unread": gettext_lazy("text too long to check"),
    "content": gettext_lazy("answers of a form"),
    "content_terms": gettext_lazy("health"),
    "national": gettext_lazy("identity document or national number"),
    "health": gettext_lazy("health"),
    "religion": gettext_lazy("religion"),
    "union": gettext_lazy("union"),
    "orientation": gettext_lazy("orientation"),
    "ethnicity": gettext_lazy("origin"),
    "politics": gettext_lazy("politics"),
    "offence": gettext_lazy("offences"),
}
CHANGE_IT = frozenset({"secret"})

# What the customer is told, in the customer's language: not words of the interface.
OTHER_CHANNEL = {
    "nl": (
        "Voor gegevens zoals deze is WhatsApp niet de juiste plek. Wilt u ze ons anders geven? {ways} "
        "Zet ze hier liever niet meer neer.",
        {
            "form": "Via ons beveiligde formulier: {value}.",
            "phone": "Per telefoon: {value}.",
            "mail": "Per mail: {value}.",
        },
    ),
    "de": (
        "Für solche Angaben ist WhatsApp nicht der richtige Ort. Bitte geben Sie sie uns auf einem anderen Weg: {ways} "
        "Schreiben Sie sie hier besser nicht mehr.",
        {
            "form": "Über unser gesichertes Formular: {value}.",
            "phone": "Telefonisch: {value}.",
            "mail": "Per E-Mail: {value}.",
        },
    ),
    "en": (
        "WhatsApp is not the right place for details like these. Please give them to us another way: {ways} "
        "It is better not to write them here again.",
        {"form": "With our secure form: {value}.", "phone": "By phone: {value}.", "mail": "By mail: {value}."},
    ),
    "fr": (
        "WhatsApp n'est pas le bon endroit pour ce genre d'informations. Merci de nous les donner autrement : {ways} "
        "Il vaut mieux ne plus les écrire ici.",
        {
            "form": "Par notre formulaire sécurisé : {value}.",
            "phone": "Par téléphone : {value}.",
            "mail": "Par e-mail : {value}.",
        },
    ),
}
CHANGE_SECRET = {
    "nl": "Verander uw wachtwoord of pincode voor de zekerheid.",
    "de": "Bitte ändern Sie Ihr Passwort oder Ihre PIN sicherheitshalber.",
    "en": "To be safe, please change your password or PIN.",
    "fr": "Par sécurité, changez votre mot de passe ou votre code.",
}


def name_of(detector: str) -> str:
    return str(NAMES.get(detector, _("sensitive data")))


def listed(detectors: Iterable[str]) -> str:
    """Several kinds in one phrase."""
    return get_text_list([name_of(one) for one in dict.fromkeys(detectors)], _("and"))


def event_text(kind: str, *, who: str, data: Mapping[str, Any]) -> str:
    """What happened about danger or sensitive data, as one sentence."""
    if kind == "danger_seen":
        words = data.get("words")
        said = [word for word in words if isinstance(word, str)] if isinstance(words, list) else []
        named = ", ".join(_("“%(word)s”") % {"word": word} for word in said)
        return _("Danger word: %(words)s") % {"words": named} if named else _("A danger word was written")
    if kind == "danger_over":
        return _("%(who)s dealt with the danger") % {"who": who}
    if kind == "sensitive_seen":
        found = data.get("detectors")
        return _("Sensitive data was hidden: %(names)s") % {"names": listed(found if isinstance(found, list) else [])}
    if not who:
        return _("Nothing sensitive is left here")
    return _("%(who)s found nothing sensitive here") % {"who": who}


def other_channel(*, language: str, form: str, phone: str, mail: str, detectors: Iterable[str] = ()) -> str:
    """What to write to somebody who sent sensitive data, in her language; nothing while the company offers no way.

    language   of the person, or of the company where hers is not known; English where it is none of ours
    detectors  what was found: who wrote a password down is told to change it
    """
    short = language[:2] if language[:2] in OTHER_CHANNEL else "en"
    frame, words = OTHER_CHANNEL[short]
    ways = [
        words[kind].format(value=value) for kind, value in (("form", form), ("phone", phone), ("mail", mail)) if value
    ]
    if not ways:
        return ""
    text = frame.format(ways=" ".join(ways))
    return f"{text} {CHANGE_SECRET[short]}" if not CHANGE_IT.isdisjoint(detectors) else text
