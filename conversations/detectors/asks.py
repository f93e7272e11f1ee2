"""Texts that ask somebody for what may not be sent by chat: a word for it, and a verb that asks, in one sentence."""

import re

from conversations.detectors import disguise

SENTENCE = re.compile(r"[^.!?\n]{1,500}")
THINGS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"\b(?:{words})", re.IGNORECASE)
    for name, words in {
        "bsn": r"bsn\b|burgerservicenummer|sofinummer",
        "iban": r"iban\b|rekeningnummer|bankrekening|kontonummer|bankverbindung|account number|bank account|"
        r"num(?:é|e)ro de compte|compte bancaire",
        "card": r"creditcard|credit card|kaartnummer|card number|kreditkarte|kartennummer|carte bancaire|"
        r"num(?:é|e)ro de carte|cvc\b|cvv\b",
        "secret": r"wachtwoord|pincode|password|passwort|kennwort|mot de passe|code pin|geheimzahl",
        "national": r"paspoort|identiteitskaart|rijksregister|reisepass|personalausweis|ausweisnummer|steuer-?id|"
        r"passport|social security|num(?:é|e)ro de s(?:é|e)cu|carte d.identit(?:é|e)|registre national",
        "health": r"medicatie|diagnose\b|medische gegevens|gezondheidsgegevens|medikamente|gesundheitsdaten|diagnosis|"
        r"medical (?:details|data|records)|donn(?:é|e)es m(?:é|e)dicales|diagnostic\b",
    }.items()
}
VERBS = re.compile(
    r"\b(?:stuur|geef|vermeld|deel|mail ons|app ons|vul|wat is|wat zijn|laat ons weten|antwoord met|reageer met|"
    r"send(?:en)? sie|schicken|teilen sie|geben sie|nennen sie|wie lautet|antworten sie mit|"
    r"send|give|share|tell us|provide|enter|what is|what's|reply with|confirm your|"
    r"envoyez|donnez|indiquez|communiquez|quel(?:le)? est|r(?:é|e)pondez avec)\b",
    re.IGNORECASE,
)
NOT = re.compile(
    r"\b(?:nooit|niet|geen|nie|nicht|kein|keine|never|not|don't|no|jamais|pas|aucun|aucune)\b", re.IGNORECASE
)


def asks_for(text: str) -> list[str]:
    """What a text asks somebody to send; a warning never to send it asks for nothing."""
    found: list[str] = []
    for sentence in SENTENCE.findall(disguise.seen(text[:10_000])[0]):
        if VERBS.search(sentence) and not NOT.search(sentence):
            found += [name for name, words in THINGS.items() if words.search(sentence)]
    return list(dict.fromkeys(found))
