"""The message templates of the three companies, as the platform approved them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from conversations.whatsapp import template_text

Components = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Template:
    """One template in one language. ``status`` other than APPROVED shows what cannot be sent."""

    place: str
    name: str
    language: str
    category: str
    components: Components
    status: str = "APPROVED"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A sent template: what went out, what both sides read, what the phone draws."""

    category: str
    sent: list[dict[str, Any]]
    shown: str
    buttons: list[dict[str, Any]]
    seen: dict[str, Any]


def _parts(body: str, *examples: str, header: str = "", footer: str = "", buttons: tuple[str, ...] = ()) -> Components:
    """``buttons``: quick replies, or ``label>address`` for a link."""
    parts: Components = [{"type": "HEADER", "format": "TEXT", "text": header}] if header else []
    parts.append({"type": "BODY", "text": body, **({"example": {"body_text": [list(examples)]}} if examples else {})})
    if footer:
        parts.append({"type": "FOOTER", "text": footer})
    if buttons:
        parts.append({"type": "BUTTONS", "buttons": [_button(label) for label in buttons]})
    return parts


def _button(label: str) -> dict[str, Any]:
    text, _, url = label.partition(">")
    return {"type": "URL", "text": text, "url": url} if url else {"type": "QUICK_REPLY", "text": text}


F, Z, O = "fietsland", "zorgvast", "omroepdelta"  # noqa: E741
UTILITY, MARKETING = "UTILITY", "MARKETING"
STOP_NL, STOP_DE = "Geen berichten meer? Antwoord STOP", "Keine Nachrichten mehr? Antworte STOP"

TEMPLATES = (
    Template(F, "fiets_klaar", "nl", UTILITY, _parts(
        "Hoi {{1}}, je {{2}} is klaar en staat voor je in de winkel. De reparatie kost {{3}}. Ophalen kan tot zes uur.",
        "Noor", "stadsfiets", "€ 64,50", header="Je fiets is klaar", buttons=("Ik kom vandaag", "Liever morgen"))),
    Template(F, "fiets_klaar", "de", UTILITY, _parts(
        "Hallo {{1}}, dein {{2}} ist fertig und steht im Laden bereit. Die Reparatur kostet {{3}}. Abholen bis 18 Uhr.",
        "Katrin", "Hollandrad", "64,50 €", header="Dein Rad ist fertig", buttons=("Ich komme heute", "Lieber morgen"))),
    Template(F, "fiets_klaar", "en", UTILITY, _parts(
        "Hi {{1}}, your {{2}} is ready for you in the shop. The repair comes to {{3}}. You can collect it until 6 pm.",
        "Grace", "city bike", "€64.50", header="Your bike is ready",
        buttons=("I will come today", "Tomorrow instead"))),
    Template(F, "afspraak_werkplaats", "nl", UTILITY, _parts(
        "Hoi {{1}}, je afspraak in de werkplaats is op {{2}} om {{3}}. Lukt het niet, laat het ons dan weten.",
        "Lars", "dinsdag 24 november", "9.30 uur", buttons=("Dat klopt", "Verzetten"))),
    Template(F, "bestelling_binnen", "nl", UTILITY, _parts(
        "Goed nieuws, {{1}}: je bestelling {{2}} is binnen. We bewaren die twee weken voor je.", "Tessa", "F-20417",
        footer="Fietsland Utrecht")),
    Template(F, "vraag_open", "nl", UTILITY, _parts(
        "Hoi {{1}}, je vroeg ons iets over {{2}}. We hebben een antwoord voor je. Schrijf terug, dan helpen we verder.",
        "Wout", "je accu", buttons=("Vertel maar",))),
    Template(F, "winterbeurt", "nl", MARKETING, _parts(
        "Hoi {{1}}, de dagen worden kort. Tot eind november krijg je bij een winterbeurt een set lampen cadeau.",
        "Fleur", footer=STOP_NL, buttons=("Plan een beurt", "Meer weten>https://fietsland.example/winterbeurt"))),
    Template(F, "winterbeurt", "de", MARKETING, _parts(
        "Hallo {{1}}, die Tage werden kurz. Bis Ende November gibt es zur Winterinspektion ein Lichtset dazu.",
        "Uwe", footer=STOP_DE, buttons=("Termin machen",))),
    Template(F, "accudeal", "nl", MARKETING, _parts("Nu {{1}} korting op alle accu's. Klik snel.", "40%"),
             "REJECTED", "PROMOTIONAL"),
    Template(Z, "bezoek_verschoven", "nl", UTILITY, _parts(
        "Goedendag {{1}}, het bezoek van {{2}} is verschoven naar {{3}}. Past dat niet, laat het ons dan weten.",
        "mevrouw Stam", "vanmiddag", "16.15 uur", buttons=("Dat past", "Bel mij"))),
    Template(Z, "vragenlijst_intake", "nl", UTILITY, _parts(
        "Beste {{1}}, voor het eerste gesprek op {{2}} vragen we u deze vragenlijst in te vullen.", "heer Mol",
        "donderdag 26 november", footer="Zorgvast thuiszorg", buttons=("Open de lijst>https://zorgvast.example/intake",))),
    Template(Z, "medicijnen_bezorgd", "nl", UTILITY, _parts(
        "Beste {{1}}, de apotheek heeft de medicijnrol voor {{2}} bezorgd. De wijkverpleging controleert hem morgen.",
        "mevrouw Kramer", "uw moeder")),
    Template(Z, "terugbelverzoek", "nl", UTILITY, _parts(
        "Beste {{1}}, u stelde ons een vraag over {{2}}. Wanneer mogen wij u bellen?", "heer Prins", "de planning",
        buttons=("Ochtend", "Middag"))),
    Template(Z, "mantelzorgavond", "nl", MARKETING, _parts(
        "Beste {{1}}, op {{2}} is er weer een avond voor mantelzorgers, met soep en een spreker. U bent welkom.", "Ria",
        "dinsdag 1 december", footer=STOP_NL, buttons=("Ik kom", "Deze keer niet"))),
    Template(O, "reactie_uitzending", "nl", UTILITY, _parts(
        "Beste {{1}}, dank voor je bericht over {{2}}. De redactie heeft een vraag voor je. Heb je even?", "Henk",
        "de dijkversterking", buttons=("Stel maar", "Nu niet"))),
    Template(O, "reactie_uitzending", "de", UTILITY, _parts(
        "Hallo {{1}}, danke für deine Nachricht zu {{2}}. Die Redaktion hat eine Frage an dich. Hast du kurz Zeit?",
        "Greta", "der Grenzbahn", buttons=("Gern", "Gerade nicht"))),
    Template(O, "reactie_uitzending", "en", UTILITY, _parts(
        "Hello {{1}}, thank you for your message about {{2}}. Our newsroom has a question. Do you have a moment?",
        "Priya", "the ferry", buttons=("Go ahead", "Not now"))),
    Template(O, "uitnodiging_studio", "nl", UTILITY, _parts(
        "Beste {{1}}, we verwachten je op {{2}} om {{3}} in de studio. Meld je bij de balie met je naam.", "Roos",
        "vrijdag 27 november", "10.15 uur", header="Tot in de studio", buttons=("Ik kom", "Ik kan niet"))),
    Template(O, "prijswinnaar", "nl", UTILITY, _parts(
        "Gefeliciteerd {{1}}, je hebt {{2}} gewonnen. Stuur ons binnen twee weken je adres.", "Bart",
        "twee kaarten voor het Deltafestival")),
    Template(O, "nieuwsbrief_app", "nl", MARKETING, _parts(
        "Hoi {{1}}, elke ochtend het nieuws van de delta in je WhatsApp? Antwoord met Ja.", "Pien",
        footer=STOP_NL, buttons=("Ja", "Nee"))),
    Template(O, "luisteronderzoek", "nl", MARKETING, _parts(
        "Hoi {{1}}, wat vind je van de nieuwe ochtendshow? Vijf vragen, twee minuten.", "Wout"), "PENDING"),
)  # fmt: skip


def of(place: str) -> list[Template]:
    return [template for template in TEMPLATES if template.place == place]


@lru_cache(maxsize=500)
def _find(name: str, language: str) -> Template:
    return next(t for t in TEMPLATES if (t.name, t.language) == (name, language))


def filled(name: str, language: str, values: list[str]) -> Filled:
    """A template with its values, as it was sent and as it was read."""
    template = _find(name, language)
    keyed = {f"body.{number}": value for number, value in enumerate(values, start=1)}
    seen = template_text.fill(template.components, keyed)
    buttons = [{"kind": b.kind, "text": b.text, "url": b.url} for b in seen.buttons]
    drawn = [{"type": b.kind.lower(), "text": b.text, "url": b.url, "payload": b.text.lower()} for b in seen.buttons]
    header = {"header": {"type": "text", "text": seen.header}} if seen.header else {}
    return Filled(
        category=template.category,
        sent=template_text.to_components(template.components, keyed),
        shown="\n\n".join(part for part in (seen.header, seen.body, seen.footer) if part),
        buttons=buttons,
        seen={**header, "body": seen.body, "footer": seen.footer, "buttons": drawn},
    )
